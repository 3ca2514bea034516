/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A line of NDJSON as an event, and values in it. */
#include "event/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "event/schema.h"

#define NAME_MAX_BYTES 256

/* Records nest themselves, and their reader has a limit of its own. */
#define DEPTH_MAX 64

/* Text that had to be made. */
struct made_text {
	struct made_text *next;
	char bytes[];
};

struct json_event {
	json_t *object;
	struct made_text *texts;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t count_digits(const char *text, size_t len, size_t at)
{
	size_t start = at;

	while (at < len && is_digit(text[at]))
		at++;
	return at - start;
}

/* The parts of a number, as RFC 8259 has it. False: it is none. */
static bool split_number(const char *text, size_t len, size_t *integer_len, bool *whole)
{
	size_t at = text[0] == '-', digits = count_digits(text, len, at);

	if (digits == 0 || (digits > 1 && text[at] == '0'))
		return false;
	at += digits;
	*integer_len = at;
	*whole = true;
	if (at < len && text[at] == '.') {
		digits = count_digits(text, len, ++at);
		for (size_t i = 0; i < digits; i++)
			*whole &= text[at + i] == '0';
		if (digits == 0)
			return false;
		at += digits;
	}
	if (at < len && (text[at] == 'e' || text[at] == 'E')) {
		*whole = false;
		at++;
		at += at < len && (text[at] == '+' || text[at] == '-');
		digits = count_digits(text, len, at);
		if (digits == 0)
			return false;
		at += digits;
	}
	return at == len;
}

/* Past the string that begins at `at`, or the end when it is not closed. */
static size_t skip_string(const char *line, size_t len, size_t at)
{
	for (at++; at < len && line[at] != '"'; at++)
		at += line[at] == '\\';
	return at < len ? at + 1 : len;
}

static size_t number_length(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && (is_digit(text[at]) || (text[at] && strchr("+-.eE", text[at]))))
		at++;
	return at;
}

/* A name without quotes is not to get any. */
static bool is_name(const char *line, size_t len, size_t at)
{
	while (at < len && strchr(" \t\r", line[at]) && line[at])
		at++;
	return at < len && line[at] == ':';
}

/*
 * The next number from *at on that the JSON library would refuse, or round: of `number_len` bytes,
 * of which the first `kept` say it all when it is an integer. False: there is none.
 */
static bool find_odd_number(const char *line, size_t len, size_t *at, size_t *number_len,
			    size_t *kept)
{
	while (*at < len) {
		struct value value;
		bool whole;

		if (line[*at] == '"') {
			*at = skip_string(line, len, *at);
			continue;
		}
		if (!is_digit(line[*at]) && line[*at] != '-') {
			++*at;
			continue;
		}
		*number_len = number_length(line + *at, len - *at);
		*kept = 0;
		if (split_number(line + *at, *number_len, kept, &whole) &&
		    !is_name(line, len, *at + *number_len)) {
			bool fits = whole && value_parse_number(line + *at, *kept, &value) == 0 &&
				    (value.kind == VALUE_INT || value.u <= INT64_MAX);

			if (!fits || *kept < *number_len) {
				*kept = fits ? *kept : 0;
				return true;
			}
		}
		*at += *number_len;
	}
	return false;
}

/*
 * The line with these numbers as text, which compares as the number that it is a literal of. NULL:
 * out of memory.
 */
static char *quote_odd_numbers(const char *line, size_t len, size_t at, size_t *quoted_len)
{
	char *text = malloc(2 * len + 2);
	size_t from = 0, out = 0, number_len, kept;

	while (text && find_odd_number(line, len, &at, &number_len, &kept)) {
		memcpy(text + out, line + from, at - from);
		out += at - from;
		if (kept == 0)
			text[out++] = '"';
		memcpy(text + out, line + at, kept ? kept : number_len);
		out += kept ? kept : number_len;
		if (kept == 0)
			text[out++] = '"';
		at += number_len;
		from = at;
	}
	if (text)
		memcpy(text + out, line + from, len - from);
	*quoted_len = out + len - from;
	return text;
}

struct json_event *json_event_new(json_t *object)
{
	struct json_event *event = object ? calloc(1, sizeof(*event)) : NULL;

	if (event)
		event->object = object;
	else
		json_decref(object);
	return event;
}

int json_event_parse(const char *line, size_t len, struct json_event **event, char *error,
		     size_t error_size)
{
	size_t at = 0, number_len, kept, quoted_len;
	char *quoted = NULL;
	json_error_t problem;
	json_t *object;

	*event = NULL;
	if (find_odd_number(line, len, &at, &number_len, &kept)) {
		quoted = quote_odd_numbers(line, len, at, &quoted_len);
		if (!quoted)
			return -ENOMEM;
		line = quoted;
		len = quoted_len;
	}
	object = json_loadb(line, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &problem);
	free(quoted);
	if (!json_is_object(object)) {
		snprintf(error, error_size, "%s",
			 object ? "an array, not an object" : problem.text);
		json_decref(object);
		return -EINVAL;
	}
	*event = json_event_new(object);
	return *event ? 0 : -ENOMEM;
}

void json_event_free(struct json_event *event)
{
	struct made_text *next;

	if (!event)
		return;
	for (struct made_text *text = event->texts; text; text = next) {
		next = text->next;
		free(text);
	}
	json_decref(event->object);
	free(event);
}

/* As an item of a list: its length, at `to` if that is not NULL. SIZE_MAX: it can be none. */
static size_t put_item(const json_t *json, char *to)
{
	const char *text = json_string_value(json);
	size_t len = json_string_length(json);
	char number[24];

	if (json_is_integer(json)) {
		len = (size_t)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT,
				       json_integer_value(json));
		text = number;
	}
	if (!text || memchr(text, '\0', len))
		return SIZE_MAX;
	if (to)
		memcpy(to, text, len + 1);
	return len + 1;
}

static void read_list(struct json_event *event, const json_t *array, struct value *value)
{
	size_t count = json_array_size(array), size = 0;
	struct made_text *text;
	char *to;

	for (size_t i = 0; i < count; i++) {
		size_t len = put_item(json_array_get(array, i), NULL);

		if (len == SIZE_MAX)
			return;
		size += len;
	}
	text = malloc(sizeof(*text) + size + 1);
	if (!text)
		return;
	to = text->bytes;
	for (size_t i = 0; i < count; i++)
		to += put_item(json_array_get(array, i), to);
	text->next = event->texts;
	event->texts = text;
	*value = (struct value){ .kind = VALUE_LIST, .s = { text->bytes, size } };
}

static void read_json(struct json_event *event, const json_t *json, struct value *value)
{
	switch (json_typeof(json)) {
	case JSON_INTEGER:
		*value = value_from_int(json_integer_value(json));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		*value = value_from_uint(json_is_true(json));
		value->name = json_is_true(json) ? "true" : "false";
		break;
	case JSON_STRING:
		*value = value_from_string(json_string_value(json), json_string_length(json));
		break;
	case JSON_ARRAY:
		read_list(event, json, value);
		break;
	default:
		break;
	}
}

static bool read_path(struct json_event *event, const json_t *json, const char *path,
		      struct value *value);

static bool read_element(struct json_event *event, const json_t *array, const char *path,
			 struct value *value)
{
	char *rest;
	unsigned long index = strtoul(path + 1, &rest, 10);

	rest += *rest == ']';
	rest += *rest == '.';
	return index < json_array_size(array) &&
	       read_path(event, json_array_get(array, index), rest, value);
}

/* The shortest name counts that leads somewhere. */
static bool read_member(struct json_event *event, const json_t *object, const char *path,
			struct value *value)
{
	size_t len = strcspn(path, ".[");

	while (len > 0 && len < NAME_MAX_BYTES) {
		char name[NAME_MAX_BYTES];
		const json_t *member;

		memcpy(name, path, len);
		name[len] = '\0';
		member = json_object_get(object, name);
		if (member && read_path(event, member, path + len + (path[len] == '.'), value))
			return true;
		if (path[len] != '.')
			return false;
		len += 1 + strcspn(path + len + 1, ".[");
	}
	return false;
}

/* Find the value at `path`, relative to the given one. False: there is none. */
static bool read_path(struct json_event *event, const json_t *json, const char *path,
		      struct value *value)
{
	if (path[0] == '\0')
		read_json(event, json, value);
	else if (json_is_object(json))
		return read_member(event, json, path, value);
	else if (json_is_array(json) && path[0] == '[')
		return read_element(event, json, path, value);
	else if (json_is_array(json) && strcmp(path, "count") == 0)
		*value = value_from_uint(json_array_size(json));
	else if (json_is_string(json) && strcmp(path, "length") == 0)
		*value = value_from_uint(json_string_length(json));
	else
		return false;
	return true;
}

void json_event_read(const struct json_event *event, const char *path, struct value *value)
{
	*value = (struct value){ .kind = VALUE_NONE };
	/* Text is made on the way: the event is not to be written to, its owner's list of it is. */
	read_path((struct json_event *)event, event->object, path, value);
}

/* Without NUL, and UTF-8: columns are not always. */
static bool is_plain(const json_t *string)
{
	const char *text = json_string_value(string);
	size_t len = json_string_length(string), step;

	for (size_t i = 0; i < len; i += step) {
		step = utf8_length(text + i, len - i);
		if (step == 0 || text[i] == '\0')
			return false;
	}
	return true;
}

static bool is_fit(const json_t *json, unsigned int depth)
{
	const char *key;
	json_t *member;
	size_t i;

	if (depth == 0)
		return false;
	json_array_foreach(json, i, member) {
		if (!is_fit(member, depth - 1))
			return false;
	}
	json_object_foreach((json_t *)json, key, member) {
		if (!is_fit(member, depth - 1))
			return false;
	}
	return !json_is_string(json) || is_plain(json);
}

json_t *json_event_record(const struct json_event *event)
{
	return is_fit(event->object, DEPTH_MAX) ? json_incref(event->object) : NULL;
}

/* The members of an event are known only when it arrives. */
static int resolve_later(const struct btf *btf, const struct event_type *type, const char *path,
			 struct field *field, char *error, size_t error_size)
{
	(void)btf;
	(void)type;
	(void)error;
	(void)error_size;
	*field = (struct field){ .kind = FIELD_JSON, .path = path };
	return 0;
}

static void read_field(const struct btf *btf, const struct field *field, const void *event,
		       size_t len, struct value *value)
{
	(void)btf;
	(void)len;
	json_event_read(event, field->path, value);
}

static const struct field_reader json_reader = { .resolve = resolve_later, .read = read_field };

int json_schema_new(const char *const *names, size_t count, struct schema **out)
{
	struct schema *schema = calloc(1, sizeof(*schema));
	bool good = schema;

	if (schema)
		schema->reader = &json_reader;
	for (size_t i = 0; good && i < count; i++)
		good = schema_find(schema, names[i]) || schema_add(schema, 0, strdup(names[i]));
	if (!good) {
		schema_free(schema);
		schema = NULL;
	}
	*out = schema;
	return good ? 0 : -ENOMEM;
}
