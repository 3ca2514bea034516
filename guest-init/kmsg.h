/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines of /dev/kmsg. */
#ifndef KMSG_H
#define KMSG_H

#include <stdbool.h>
#include <stdint.h>

#define KMSG_WARNING 4
#define KMSG_LINE_MAX 8192 /* one read; the kernel's CONSOLE_EXT_LOG_MAX */

struct kmsg {
	int level;	 /* 0 to 7 */
	bool user_space; /* written by a process: no word of the kernel's */
	uint64_t ts_us;
	char *text; /* in the line that was parsed */
};

/*
 * Parse what one read() of /dev/kmsg gave, NUL terminated; the text is unescaped in place.
 * Format: Documentation/ABI/testing/dev-kmsg. Returns 0 or -EINVAL.
 */
int kmsg_parse(char *line, struct kmsg *kmsg);

#endif
