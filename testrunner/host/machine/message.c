// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Prints messages, and makes texts that cannot fail to be made. */
#include "host/machine/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *script = "bpfcheck";
static char *words;

void message_open(const char *program)
{
	script = program;
}

static char *format_list(const char *format, va_list list)
{
	char *text;

	if (vasprintf(&text, format, list) < 0) {
		fprintf(stderr, "%s: out of memory\n", script);
		exit(EXIT_INFRA);
	}
	return text;
}

void say(const char *format, ...)
{
	va_list list;

	fprintf(stderr, "%s: ", script);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

void die(int code, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	words = format_list(format, list);
	va_end(list);
	say("%s", words);
	exit(code);
}

void usage_error(const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	text = format_list(format, list);
	va_end(list);
	die(EXIT_USAGE, "%s; see %s --help", text, script);
}

const char *last_words(void)
{
	return words;
}

char *text_new(const char *format, ...)
{
	va_list list;
	char *text;

	va_start(list, format);
	text = format_list(format, list);
	va_end(list);
	return text;
}

/* Room is doubled whenever it is full, which it is with a count of 0, 1, 3, 7, ... and the NULL. */
static void texts_take(struct texts *texts, char *text)
{
	if (!((texts->count + 1) & texts->count)) {
		char **more = reallocarray(texts->items, 2 * (texts->count + 1), sizeof(*more));

		if (!more)
			die(EXIT_INFRA, "out of memory");
		texts->items = more;
	}
	texts->items[texts->count++] = text;
	texts->items[texts->count] = NULL;
}

void texts_add(struct texts *texts, const char *text)
{
	texts_take(texts, text_new("%s", text));
}

void texts_print(struct texts *texts, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	texts_take(texts, format_list(format, list));
	va_end(list);
}

void texts_free(struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->items[i]);
	free(texts->items);
	*texts = (struct texts){ 0 };
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
