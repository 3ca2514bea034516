// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Lines of a listener's output to events, and an account of those that are none. */
#include "process/listened_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_BYTES (1024 * 1024)

/* As much of a line as a message can bear, in one line of ASCII or UTF-8. */
static void show_line(const char *line, size_t len, char *shown)
{
	struct value text = value_from_string(line, len);

	value_format(&text, shown, LISTENED_SHOWN);
}

static void note_odd(struct odd_lines *odd, const char *line, size_t len, const char *why)
{
	if (odd->count++ > 0)
		return;
	show_line(line, len, odd->first);
	snprintf(odd->why, sizeof(odd->why), "%s", why);
}

static void note_other(struct listened_lines *lines, const char *type)
{
	struct other_type *other = lines->others;

	while (other < &lines->others[lines->other_count] &&
	       strncmp(other->name, type, sizeof(other->name) - 1) != 0)
		other++;
	if (other == &lines->others[LISTENED_OTHERS_MAX])
		return;
	if (other == &lines->others[lines->other_count]) {
		snprintf(other->name, sizeof(other->name), "%.*s", (int)sizeof(other->name) - 1,
			 type);
		lines->other_count++;
	}
	other->count++;
}

static void keep_line(struct listened_lines *lines, const char *type, const char *line, size_t len)
{
	struct kept_line *kept = &lines->kept[lines->kept_count];

	if (lines->kept_count == LISTENED_EVENTS_MAX || lines->kept_bytes + len > KEPT_BYTES)
		return;
	*kept = (struct kept_line){ strdup(type), malloc(len + 1), len };
	if (!kept->type || !kept->line) {
		free(kept->type);
		free(kept->line);
		return;
	}
	memcpy(kept->line, line, len);
	lines->kept_count++;
	lines->kept_bytes += len;
}

/* The event's type, as text. False: it has none. */
static bool find_type(const struct listened_lines *lines, const struct json_event *event,
		      char *type, size_t size)
{
	struct value value;

	if (lines->test->listen.type_name) {
		snprintf(type, size, "%s", lines->test->listen.type_name);
		return true;
	}
	json_event_read(event, lines->test->listen.type_field, &value);
	if (value.kind == VALUE_STRING && value.s.len < size &&
	    !memchr(value.s.data, '\0', value.s.len))
		snprintf(type, size, "%.*s", (int)value.s.len, value.s.data);
	else if (value.kind == VALUE_UINT && !value.name)
		snprintf(type, size, "%" PRIu64, value.u);
	else
		return false;
	return true;
}

static bool in_columns(const struct listened_lines *lines)
{
	return lines->test->listen.columns;
}

static int parse_event(const struct listened_lines *lines, const char *line, size_t len,
		       struct json_event **event, char *why, size_t why_size)
{
	if (in_columns(lines))
		return columns_parse(&lines->columns, line, len, event, why, why_size);
	return json_event_parse(line, len, event, why, why_size);
}

static void take_event(struct listened_lines *lines, const char *line, size_t len)
{
	const struct event_type *record;
	struct json_event *event;
	char why[LISTENED_SHOWN], type[256];
	int err = parse_event(lines, line, len, &event, why, sizeof(why));

	if (err == -EINVAL)
		note_odd(&lines->garbage, line, len, why);
	else if (err)
		lines->error = err;
	if (err)
		return;
	if (!find_type(lines, event, type, sizeof(type))) {
		note_odd(&lines->untyped, line, len, "");
	} else {
		record = schema_find(lines->schema, type);
		keep_line(lines, type, line, len);
		if (!record)
			note_other(lines, type);
		else
			lines->error =
				matcher_feed(lines->matcher, lines->schema, record, event, 0);
	}
	json_event_free(event);
}

static bool is_ready_line(const struct listened_lines *lines, const char *line, size_t len)
{
	struct value text = value_from_string(line, len), pattern;

	if (!lines->test->listen.ready)
		return false;
	pattern = value_from_string(lines->test->listen.ready, strlen(lines->test->listen.ready));
	return value_holds(&text, OP_GLOB, &pattern, 1);
}

void lines_take_out(void *context, const char *line, size_t len, bool cut)
{
	struct listened_lines *lines = context;
	bool ready = lines->ready, header = in_columns(lines) && !lines->columns.count;

	if (!ready)
		lines->ready = !lines->test->listen.ready || is_ready_line(lines, line, len);
	/* The header is the last line before it is ready, or the one that says so, or the next. */
	if (in_columns(lines) && (!ready || header)) {
		if (columns_set(&lines->columns, line, len))
			lines->error = -ENOMEM;
	} else if (!ready) {
		return;
	} else if (cut) {
		note_odd(&lines->too_long, line, len, "");
	} else if (len > 0 && lines->matcher && !lines->error) {
		take_event(lines, line, len);
	}
}

void lines_take_err(void *context, const char *line, size_t len, bool cut)
{
	struct listened_lines *lines = context;
	char shown[LISTENED_SHOWN];

	(void)cut;
	if (!lines->ready)
		lines->ready = is_ready_line(lines, line, len);
	if (len == 0)
		return;
	show_line(line, len, shown);
	free(lines->words[0]);
	memmove(lines->words, lines->words + 1, (LISTENED_WORDS_MAX - 1) * sizeof(lines->words[0]));
	lines->words[LISTENED_WORDS_MAX - 1] = strdup(shown);
}

int lines_open(struct listened_lines *lines, const struct event_test *test)
{
	const char **names = calloc(test->block_count + 1, sizeof(*names));
	int err = -ENOMEM;

	*lines = (struct listened_lines){ .test = test };
	for (size_t i = 0; names && i < test->block_count; i++)
		names[i] = test->blocks[i].event_type;
	if (names)
		err = json_schema_new(names, test->block_count, &lines->schema);
	free(names);
	return err;
}

void lines_close(struct listened_lines *lines)
{
	for (size_t i = 0; i < LISTENED_WORDS_MAX; i++)
		free(lines->words[i]);
	for (size_t i = 0; i < lines->kept_count; i++) {
		free(lines->kept[i].type);
		free(lines->kept[i].line);
	}
	columns_free(&lines->columns);
	schema_free(lines->schema);
}

const char *lines_last_word(const struct listened_lines *lines)
{
	return lines->words[LISTENED_WORDS_MAX - 1];
}

void lines_add(json_t *to, const char *format, ...)
{
	char text[3 * LISTENED_SHOWN];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(to, record_text(text));
}

static void add_odd(json_t *to, const struct odd_lines *odd, const char *what)
{
	if (odd->count)
		lines_add(to, "%" PRIu64 " line(s) of the listener's stdout %s: %s%s%s", odd->count,
			  what, odd->first, odd->why[0] ? ": " : "", odd->why);
}

void lines_add_failures(const struct listened_lines *lines, json_t *to)
{
	const char *field = lines->test->listen.type_field;
	char untyped[160];

	if (lines->error)
		lines_add(to, "out of memory while reading the listener's events");
	add_odd(to, &lines->too_long, "are longer than 1 MiB, the first begins with");
	add_odd(to, &lines->garbage,
		in_columns(lines) ? "do not fit the header, the first of them" :
				    "are no JSON objects, the first of them");
	snprintf(untyped, sizeof(untyped), "have no type in '%.100s', the first of them",
		 field ? field : "");
	add_odd(to, &lines->untyped, untyped);
}

void lines_add_notes(const struct listened_lines *lines, json_t *to)
{
	char text[2 * LISTENED_SHOWN] = "";
	size_t len = 0;

	for (size_t i = 0; i < lines->other_count && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%" PRIu64 " %s",
					i ? ", " : "", lines->others[i].count,
					lines->others[i].name);
	if (len > 0)
		lines_add(to, "of other types: %s", text);
	for (size_t i = 0; i < LISTENED_WORDS_MAX; i++) {
		if (lines->words[i])
			lines_add(to, "listener's stderr: %s", lines->words[i]);
	}
}

void lines_write_events(const struct listened_lines *lines, struct record_writer *records,
			const char *test)
{
	char ignored[8];

	for (size_t i = 0; i < lines->kept_count; i++) {
		const struct kept_line *kept = &lines->kept[i];
		struct json_event *event;
		json_t *fields;

		if (parse_event(lines, kept->line, kept->len, &event, ignored, sizeof(ignored)))
			continue;
		fields = json_event_record(event);
		json_event_free(event);
		if (fields)
			record_event(records, test, lines->test->listen.argv[0], kept->type,
				     fields);
	}
}
