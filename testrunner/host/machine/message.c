// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Prints messages, and keeps the last failure for run.json. */
#include "host/machine/message.h"

#include <stdarg.h>
#include <stdio.h>

static char failure[2048];

void say(const char *fmt, ...)
{
	va_list args;

	fputs("bpfcheck: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

int fail(int code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(failure, sizeof(failure), fmt, args);
	va_end(args);
	say("%s", failure);
	return code;
}

const char *last_failure(void)
{
	return failure[0] ? failure : NULL;
}
