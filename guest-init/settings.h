/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The settings of a run; README.md says what each means. */
#pragma once
#include <stddef.h>

#define SETTINGS_SIZE (64 * 1024)
struct setting_list {
	char *items[SETTINGS_SIZE / sizeof("arg=") + 1]; /* up to NULL; may be empty */
	size_t count;
};
struct settings {
	const char *nonce, *entropy, *root, *folder; /* NULL: not set */
	long long deadline, time_ms;		     /* 0: not set */
	long long suite, rescue, command, input;     /* 0 or 1 */
	struct setting_list args, env, collect;
};
/*
 * Read a file into `settings`, all zero before, which then points into static memory. Says what is
 * wrong with a line. Returns 0 (an unknown key is no error) or -errno; -EBADMSG: half a file.
 */
int settings_read(const char *path, struct settings *settings);
