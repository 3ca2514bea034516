// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Messages of run-tests, and texts that cannot fail to be made. */
#include "host/machine/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say_list(const char *format, va_list list, const char *end)
{
	fputs("run-tests: ", stderr);
	vfprintf(stderr, format, list);
	fputs(end, stderr);
}

void say(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say_list(format, list, "\n");
	va_end(list);
}

void die(int code, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say_list(format, list, "\n");
	va_end(list);
	exit(code);
}

void usage_error(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	say_list(format, list, "; see run-tests --help\n");
	va_end(list);
	exit(EXIT_USAGE);
}

char *text_new(const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	if (vasprintf(&text, format, list) < 0)
		die(EXIT_INFRA, "out of memory");
	va_end(list);
	return text;
}

void texts_add(struct texts *texts, const char *text)
{
	/* Doubled whenever the count is a power of two. */
	if (!(texts->count & (texts->count - 1))) {
		size_t room = texts->count ? 2 * texts->count : 1;
		char **more = reallocarray(texts->items, room, sizeof(*more));

		if (!more)
			die(EXIT_INFRA, "out of memory");
		texts->items = more;
	}
	texts->items[texts->count++] = text_new("%s", text);
}

char *text_shell_word(const char *text)
{
	char *word = malloc(4 * strlen(text) + 3), *to = word;

	if (!word)
		die(EXIT_INFRA, "out of memory");
	*to++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			to = stpcpy(to, "'\\'");
		*to++ = *text;
	}
	strcpy(to, "'");
	return word;
}
