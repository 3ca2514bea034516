// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Checks the values of options. */
#include "host/machine/option.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/machine/accel.h"
#include "host/machine/message.h"

long option_number(const char *name, const char *text, long least)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || text[digits] || digits > 7)
		usage_error("%s %s: not a number", name, text);
	if (atol(text) < least)
		usage_error("%s %s: must be at least %ld", name, text, least);
	return atol(text);
}

static void check_attach(const char *value)
{
	static const char *const ways[] = { "auto", "fentry", "kprobe", "lsm" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(value, ways[i]))
			return;
	usage_error("--attach %s: not auto, fentry, kprobe or lsm", value);
}

void option_check(enum option_kind kind, const char *name, const char *value)
{
	switch (kind) {
	case NUMBER:
		option_number(name, value, 1);
		break;
	case ACCEL:
		accel_parse(value);
		break;
	case ATTACH:
		check_attach(value);
		break;
	case KERNEL_ARGS:
		for (const char *c = value; *c; c++)
			if (iscntrl((unsigned char)*c))
				usage_error("--kernel-args: no newlines, no control characters");
		break;
	case ENV:
		if (*value == '=' || !strchr(value, '='))
			usage_error("--env %s: not KEY=VALUE", value);
		break;
	case COLLECT:
		if (*value != '/')
			usage_error("--collect %s: not an absolute path", value);
		break;
	case ROOT:
		if (access(value, F_OK))
			usage_error("--root %s: no such folder or image", value);
		if (access(value, R_OK))
			usage_error("--root %s: not readable", value);
		break;
	case FILE_NAME:
		if (access(value, F_OK))
			usage_error("%s %s: no such file", name, value);
		break;
	default:
		break;
	}
}
