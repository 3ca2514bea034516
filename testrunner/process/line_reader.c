/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Bytes to lines, in memory of one line at most. */
#include "process/line_reader.h"

#include <stdlib.h>
#include <string.h>

static void keep(struct line_reader *reader, const char *data, size_t len)
{
	size_t wanted = reader->len + len;

	if (reader->cut)
		return;
	if (wanted > LINE_READER_MAX) {
		len = LINE_READER_MAX - reader->len;
		wanted = LINE_READER_MAX;
		reader->cut = true;
	}
	if (wanted > reader->room) {
		size_t room = wanted < 4096 ? 4096 : 2 * wanted;
		char *line = realloc(reader->line, room);

		if (!line) {
			reader->failed = true;
			return;
		}
		reader->line = line;
		reader->room = room;
	}
	memcpy(reader->line + reader->len, data, len);
	reader->len = wanted;
	if (reader->cut)
		reader->fn(reader->context, reader->line, reader->len, true);
}

/* The line has come to its end, with these bytes. */
static void end_line(struct line_reader *reader, const char *data, size_t len)
{
	if (reader->len == 0 && !reader->cut && len <= LINE_READER_MAX) {
		reader->fn(reader->context, data, len, false);
		return;
	}
	keep(reader, data, len);
	if (!reader->cut)
		reader->fn(reader->context, reader->line, reader->len, false);
	reader->len = 0;
	reader->cut = false;
}

void line_reader_take(struct line_reader *reader, const char *data, size_t len)
{
	while (len > 0) {
		const char *newline = memchr(data, '\n', len);
		size_t line_len = newline ? (size_t)(newline - data) : len;

		if (newline)
			end_line(reader, data, line_len);
		else
			keep(reader, data, len);
		data += line_len + (newline != NULL);
		len -= line_len + (newline != NULL);
	}
}

void line_reader_end(struct line_reader *reader)
{
	if (reader->len > 0)
		end_line(reader, "", 0);
}

void line_reader_free(struct line_reader *reader)
{
	free(reader->line);
	*reader = (struct line_reader){ 0 };
}
