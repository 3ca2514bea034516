/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Any bytes as what a program prints. The first line is a path, or a header, the rest lines: each is an
 * event, or refused with a reason.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "event/columns.h"
#include "event/json.h"
#include "process/line_reader.h"

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* All bytes that the value refers to can be read. */
static void check_value(const struct value *value)
{
	char text[64];

	value_format(value, text, sizeof(text));
	check(strlen(text) < sizeof(text));
	if (value->kind == VALUE_LIST && value->s.len > 0)
		check(value->s.data[value->s.len - 1] == '\0');
}

static struct columns columns;

static void take_line(void *context, const char *line, size_t len, bool cut)
{
	const char *path = context;
	char error[64] = "";
	struct json_event *event;
	struct value value;
	json_t *record;
	int err;

	check(!cut && !memchr(line, '\n', len));
	err = columns.count ? columns_parse(&columns, line, len, &event, error, sizeof(error)) :
			      json_event_parse(line, len, &event, error, sizeof(error));
	if (err < 0) {
		check(!event && error[0] != '\0');
		return;
	}
	json_event_read(event, path, &value);
	check_value(&value);
	record = json_event_record(event);
	check(!record || json_is_object(record));
	if (record) {
		char *text = json_dumps(record, 0);

		check(text);
		free(text);
	}
	json_decref(record);
	json_event_free(event);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	struct line_reader reader = { .fn = take_line };
	char path[64] = "";
	size_t piece, at;

	if (!end || (size_t)(end - data) >= sizeof(path) || end == data)
		return 0;
	memcpy(path, data, (size_t)(end - data));
	reader.context = path;
	/* A path with blanks is a header. */
	columns_free(&columns);
	if (strchr(path, ' '))
		columns_set(&columns, path, strlen(path));
	piece = 1 + data[0] % 61;
	for (at = (size_t)(end - data) + 1; at < size; at += piece)
		line_reader_take(&reader, (const char *)data + at,
				 size - at < piece ? size - at : piece);
	line_reader_end(&reader);
	line_reader_free(&reader);
	columns_free(&columns);
	return 0;
}
