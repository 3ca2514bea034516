/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines of columns to events. */
#include "event/columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than any screen has. */
#define COLUMNS_MAX 64

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of `line` from *at on, which is moved past it. Its length; 0: there is none. */
static size_t next_word(const char *line, size_t len, size_t *at, const char **word)
{
	size_t start;

	while (*at < len && is_blank(line[*at]))
		++*at;
	start = *at;
	while (*at < len && !is_blank(line[*at]))
		++*at;
	*word = line + start;
	return *at - start;
}

static char *field_name(const char *word, size_t len)
{
	char *name = malloc(len + 1);

	for (size_t i = 0; name && i < len; i++) {
		char c = word[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		name[i] = letter || (i > 0 && c >= '0' && c <= '9') ? c : '_';
	}
	if (name)
		name[len] = '\0';
	return name;
}

int columns_set(struct columns *columns, const char *line, size_t len)
{
	size_t at = 0, word_len;
	const char *word;

	columns_free(columns);
	columns->names = calloc(COLUMNS_MAX, sizeof(*columns->names));
	while (columns->names && columns->count < COLUMNS_MAX &&
	       (word_len = next_word(line, len, &at, &word))) {
		columns->names[columns->count] = field_name(word, word_len);
		if (!columns->names[columns->count])
			return -ENOMEM;
		columns->count++;
	}
	return columns->names ? 0 : -ENOMEM;
}

/* To the line's end, without the blanks around it. */
static size_t take_rest(const char *line, size_t len, size_t *at, const char **word)
{
	while (*at < len && is_blank(line[*at]))
		++*at;
	while (len > *at && is_blank(line[len - 1]))
		len--;
	*word = line + *at;
	return len - *at;
}

int columns_parse(const struct columns *columns, const char *line, size_t len,
		  struct json_event **event, char *error, size_t error_size)
{
	json_t *object = json_object();
	size_t at = 0;

	for (size_t i = 0; i < columns->count; i++) {
		bool last = i + 1 == columns->count;
		const char *word;
		size_t word_len = last ? take_rest(line, len, &at, &word) :
					 next_word(line, len, &at, &word);

		if (word_len == 0 && !last) {
			snprintf(error, error_size, "%zu words for %zu columns", i, columns->count);
			json_decref(object);
			*event = NULL;
			return -EINVAL;
		}
		/* Names of files may be any bytes. */
		json_object_set_new(object, columns->names[i],
				    json_stringn_nocheck(word, word_len));
	}
	*event = json_event_new(object);
	return *event ? 0 : -ENOMEM;
}

void columns_free(struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		free(columns->names[i]);
	free(columns->names);
	*columns = (struct columns){ 0 };
}
