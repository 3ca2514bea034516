/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Parses lines of /dev/kmsg. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kmsg.h"

static int hex_digit(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = digit ? strchr(digits, digit) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The kernel writes what is not printable ASCII, and the backslash, as \xNN. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (text[0] == '\\' && text[1] == 'x' && hex_digit(text[2]) >= 0 &&
		    hex_digit(text[3]) >= 0 && (text[2] != '0' || text[3] != '0')) {
			*out++ = (char)(hex_digit(text[2]) << 4 | hex_digit(text[3]));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

/* The number that is at *text and ends in a comma; *text moves behind it. */
static int number_take(char **text, uint64_t *number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return -EINVAL;
	*number = strtoull(*text, &end, 10);
	if (*end != ',')
		return -EINVAL;
	*text = end + 1;
	return 0;
}

int kmsg_parse(char *line, struct kmsg *kmsg)
{
	uint64_t priority, seq;

	if (number_take(&line, &priority) || number_take(&line, &seq) || number_take(&line, &kmsg->ts_us))
		return -EINVAL;
	line = strchr(line, ';');
	if (!line)
		return -EINVAL;
	kmsg->level = priority & 7;
	/* Facility 0 is the kernel's alone: devkmsg_write() makes LOG_USER of it. */
	kmsg->user_space = priority >> 3;
	kmsg->text = line + 1;
	/* Lines after the first are a dictionary of the device concerned. */
	kmsg->text[strcspn(kmsg->text, "\n")] = '\0';
	unescape(kmsg->text);
	return 0;
}
