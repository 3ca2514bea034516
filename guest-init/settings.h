/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* This run's settings, as the host wrote them: `key=value`, one a line. */
#pragma once
#include <stddef.h>

#define SETTINGS_ARGS 128

struct settings {
	const char *nonce, *hostname;  /* hostname: or NULL */
	long long deadline, time;      /* seconds, for the payload and since the epoch; 0: none */
	long long rescue, interactive; /* 0 or 1: end in the rescue shell; Ctrl-C does, too */
	char *args[SETTINGS_ARGS + 1]; /* the payload, NULL terminated; may be empty */
	size_t arg_count;
};

/*
 * Parse `text`, which `settings` then points into; text[len] is NUL. Says what is wrong with a line.
 * Returns 0 (an unknown key is no error) or -EINVAL.
 */
int settings_parse(char *text, size_t len, struct settings *settings);
/* The same for a file, once. Also -errno of reading, -EFBIG. */
int settings_read(const char *path, struct settings *settings);
