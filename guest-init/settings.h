/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The settings of a run. */
#pragma once
#include <stddef.h>

#define SETTINGS_SIZE (64 * 1024)
struct setting_list {
	char *items[SETTINGS_SIZE / sizeof("arg=") + 1]; /* up to NULL; may be empty */
	size_t count;
};
struct settings {
	const char *nonce, *entropy; /* entropy: or NULL */
	const char *root;	     /* 9p, 9p-rw, block or initramfs: another root; or NULL */
	const char *folder;	     /* of the payload; NULL: / */
	long long deadline;	     /* seconds, for the payload; 0: none */
	long long time_ms;	     /* since the epoch; 0: none */
	long long suite; /* 0 or 1: it comes through the control port, after the hello */
	long long rescue, interactive; /* 0 or 1: end in the rescue shell; Ctrl-C does, too */
	/* 0 or 1: the payload is a command, whose output goes to ports; its input comes from one. */
	long long command, input;
	struct setting_list args, env, collect; /* payload; KEY=VALUE; patterns of files to send */
};
/*
 * Read a file, whose text `settings`, all zero before, then points into. Says what is wrong with a
 * line. Returns 0 (an unknown key is no error) or -errno, -EBADMSG for a NUL byte or half a file.
 */
int settings_read(const char *path, struct settings *settings);
