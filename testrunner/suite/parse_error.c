// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Fills in an error at a place in a .test file. */
#include "suite/parse_error.h"

#include <errno.h>
#include <stdio.h>

int parse_error_vset(struct parse_error *error, unsigned int line, unsigned int column,
		     const char *format, va_list args)
{
	error->line = line;
	error->column = column;
	vsnprintf(error->message, sizeof(error->message), format, args);
	return -EINVAL;
}

int parse_error_set(struct parse_error *error, unsigned int line, unsigned int column,
		    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	parse_error_vset(error, line, column, format, args);
	va_end(args);
	return -EINVAL;
}
