// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Keeps the end of a text. */
#include "base/tail.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define LINE_MAX_KEPT 2000

void tail_add(struct tail *tail, const char *data, size_t len)
{
	tail->total += len;
	if (len > tail->max) {
		data += len - tail->max;
		len = tail->max;
	}
	/* Twice what is kept, so that it is moved once in a while and not for each line. */
	if (!tail->data && len)
		tail->data = malloc(2 * tail->max);
	if (!tail->data)
		return;
	if (tail->len + len > 2 * tail->max) {
		size_t keep = tail->max - len < tail->len ? tail->max - len : tail->len;

		memmove(tail->data, tail->data + tail->len - keep, keep);
		tail->len = keep;
	}
	memcpy(tail->data + tail->len, data, len);
	tail->len += len;
}

static void add_line(const char *line, size_t len, json_t *lines)
{
	bool cut = len > LINE_MAX_KEPT;
	char *text = text_utf8(line, cut ? LINE_MAX_KEPT : len);

	if (text)
		json_array_append_new(lines, json_sprintf("%s%s", text, cut ? "..." : ""));
	free(text);
}

void tail_lines(const struct tail *tail, const char *title, json_t *lines)
{
	size_t len = tail->len > tail->max ? tail->max : tail->len;
	const char *at, *end, *newline;

	if (!tail->data)
		return;
	end = tail->data + tail->len;
	at = end - len;
	if (tail->total > len)
		json_array_append_new(lines,
				      json_sprintf("%s, the last %zu of %" PRIu64 " bytes:",
						   title ? title : "it said", len, tail->total));
	else if (title)
		json_array_append_new(lines, json_sprintf("%s:", title));
	for (; at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		if (!newline)
			newline = end;
		add_line(at, (size_t)(newline - at) - (newline > at && newline[-1] == '\r'), lines);
	}
}

const char *tail_line(struct tail_reader *reader, size_t *len)
{
	const struct tail *tail = reader->tail;
	const char *line, *newline;

	if (reader->at >= tail->len)
		return NULL;
	line = tail->data + reader->at;
	newline = memchr(line, '\n', tail->len - reader->at);
	*len = newline ? (size_t)(newline - line) : tail->len - reader->at;
	reader->at += *len + 1;
	for (; *len && (*line == ' ' || *line == '\t'); line++)
		--*len;
	while (*len && (line[*len - 1] == ' ' || line[*len - 1] == '\t'))
		--*len;
	return line;
}

void tail_free(struct tail *tail)
{
	free(tail->data);
	*tail = (struct tail){ .max = tail->max };
}
