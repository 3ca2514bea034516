/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Ends with a message, and the truth as JSON. */
#include "generator.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
	char *text;
	size_t size;
	FILE *stream;
	bool begun; /* the innermost group has a member */
} truth;

void die(const char *format, ...)
{
	int error = errno;
	va_list args;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, format);
	errno = error;
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	/* Not exit(): a child would print its parent's truth as well. */
	_exit(1);
}

const void *find_mode(const void *rows, size_t count, size_t size, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		const void *row = (const char *)rows + i * size;

		if (strcmp(*(const char *const *)row, name) == 0)
			return row;
	}
	die("unknown mode '%s'", name);
}

static void write_text(const char *text)
{
	fputc('"', truth.stream);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(truth.stream, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(truth.stream, "\\u%04x", c);
		else
			fputc(c, truth.stream);
	}
	fputc('"', truth.stream);
}

static void write_name(const char *name)
{
	if (!truth.stream) {
		truth.stream = open_memstream(&truth.text, &truth.size);
		if (!truth.stream)
			die("open_memstream: %m");
		fputc('{', truth.stream);
	}
	if (truth.begun)
		fputs(", ", truth.stream);
	truth.begun = true;
	write_text(name);
	fputs(": ", truth.stream);
}

void truth_number(const char *name, uint64_t number)
{
	write_name(name);
	/* JSON readers keep 63 bits; a number in quotes compares as a number. */
	fprintf(truth.stream, number > INT64_MAX ? "\"%llu\"" : "%llu", (unsigned long long)number);
}

void truth_text(const char *name, const char *text)
{
	write_name(name);
	write_text(text);
}

void truth_list(const char *name, const char *strings, size_t len)
{
	write_name(name);
	fputc('[', truth.stream);
	for (size_t at = 0; at < len; at += strlen(strings + at) + 1) {
		if (at > 0)
			fputs(", ", truth.stream);
		write_text(strings + at);
	}
	fputc(']', truth.stream);
}

void truth_open(const char *group)
{
	write_name(group);
	fputc('{', truth.stream);
	truth.begun = false;
}

void truth_close(void)
{
	fputc('}', truth.stream);
	truth.begun = true;
}

void truth_print(void)
{
	if (truth.stream && fclose(truth.stream))
		die("fclose: %m");
	if (printf("%s}\n", truth.stream ? truth.text : "{") < 0 || fflush(stdout))
		die("write the truth: %m");
	free(truth.text);
	memset(&truth, 0, sizeof(truth));
}
