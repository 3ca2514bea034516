/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Where in a .test file an error is, and what it is. */
#ifndef SUITE_PARSE_ERROR_H
#define SUITE_PARSE_ERROR_H

#include <stdarg.h>

struct parse_error {
	unsigned int line, column; /* 1-based */
	char message[384];
};

/* Both return -EINVAL. */
int parse_error_set(struct parse_error *error, unsigned int line, unsigned int column,
		    const char *format, ...) __attribute__((format(printf, 4, 5)));
int parse_error_vset(struct parse_error *error, unsigned int line, unsigned int column,
		     const char *format, va_list args) __attribute__((format(printf, 4, 0)));

#endif
