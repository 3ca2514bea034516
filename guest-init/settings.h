/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* This run's settings, as the host wrote them: `key=value`, one a line. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#define SETTINGS_ARGS 128

struct settings {
	char nonce[33];
	unsigned int deadline;	/* seconds for the payload, 0: none */
	long long time;		/* host's wall clock, seconds since the epoch, 0: not told */
	const char *hostname;	/* or NULL */
	bool rescue;		/* end in the rescue shell */
	bool interactive;	/* Ctrl-C on the console interrupts the payload for the rescue shell */
	char *args[SETTINGS_ARGS + 1]; /* the payload, NULL terminated; may be empty */
	size_t arg_count;
};

/* Called for each line that is wrong or ignored; line 0: the file as a whole. */
typedef void settings_report(unsigned int line, const char *problem);

/*
 * Parse `text` (changed, and kept pointed into by `settings`; text[len] is writable).
 * Returns 0, or -EINVAL after all problems were reported. An unknown key is reported, yet no error.
 */
int settings_parse(char *text, size_t len, struct settings *settings, settings_report *report);

/* The same for a file, which may be read once. Also -errno of reading, -EFBIG. */
int settings_read(const char *path, struct settings *settings, settings_report *report);

#endif
