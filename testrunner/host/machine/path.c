// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Builds paths. */
#include "host/machine/path.h"

#include <stdarg.h>
#include <stdio.h>

void path_set(char path[PATH_MAX], const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(path, PATH_MAX, fmt, args);
	va_end(args);
	if (len < 0 || len >= PATH_MAX)
		*path = '\0';
}
