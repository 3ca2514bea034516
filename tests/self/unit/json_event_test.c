/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines of JSON as events: what is none, and the values in those that are. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka has a function of that name. */
#undef test_free
#include "event/columns.h"
#include "event/json.h"
#include "match/match.h"
#include "process/line_reader.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* From a copy of exactly that size, so that the sanitizer sees a read past its end. */
static struct json_event *parse(const char *line, size_t len, char *error, size_t error_size)
{
	char *copy = malloc(len + !len);
	struct json_event *event;
	int err;

	memcpy(copy, line, len);
	err = json_event_parse(copy, len, &event, error, error_size);
	free(copy);
	assert_true(err == 0 || err == -EINVAL);
	assert_int_equal(err == 0, event != NULL);
	return event;
}

static struct json_event *parse_good(const char *line)
{
	char error[256];
	struct json_event *event = parse(line, strlen(line), error, sizeof(error));

	if (!event)
		fail_msg("%s: %s", line, error);
	return event;
}

/* A value, as value_format() writes it. */
static const struct value_row {
	const char *line, *path, *want;
} value_rows[] = {
	{ "{\"a\": 57}", "a", "57" },
	{ "{\"a\": 0}", "a", "0" },
	{ "{\"a\": -0}", "a", "0" },
	{ "{\"a\": 9223372036854775807}", "a", "9223372036854775807" },
	{ "{\"a\": 9223372036854775808}", "a", "\"9223372036854775808\"" },
	{ "{\"a\": 18446744073709551615}", "a", "\"18446744073709551615\"" },
	{ "{\"a\": 18446744073709551616}", "a", "\"18446744073709551616\"" },
	{ "{\"a\": -9223372036854775808}", "a", "-9223372036854775808" },
	{ "{\"a\": -9223372036854775809}", "a", "\"-9223372036854775809\"" },
	{ "{\"a\": 5.0, \"b\": 1}", "a", "5" },
	{ "{\"a\": 5.00}", "a", "5" },
	{ "{\"a\": 18446744073709551615.0}", "a", "\"18446744073709551615.0\"" },
	{ "{\"a\": 5.5}", "a", "\"5.5\"" },
	{ "{\"a\": -5.000000000000000000000000001}", "a", "\"-5.000000000000000000000000001\"" },
	{ "{\"a\": 1e3}", "a", "\"1e3\"" },
	{ "{\"a\": 1E+400}", "a", "\"1E+400\"" },
	{ "{\"a\": [1.5, 18446744073709551615]}", "a", "[\"1.5\", \"18446744073709551615\"]" },
	{ "{\"a\": \"1.5 \\\\\", \"b\": \"\\\" 1.5\", \"c\": 2}", "b", "\"\\\" 1.5\"" },
	{ "{\"a\": \"x\\\\\", \"b\": 2.0}", "b", "2" },
	{ "{\"a\": true, \"b\": false}", "a", "true (1)" },
	{ "{\"a\": true, \"b\": false}", "b", "false (0)" },
	{ "{\"a\": \"x\\u0000y\"}", "a.length", "3" },
	{ "{\"a\": \"\xc3\xa9\"}", "a.length", "2" },
	{ "{\"a\": {\"b\": [{\"c\": 1}, {\"c\": 2}]}}", "a.b[1].c", "2" },
	{ "{\"a\": {\"b\": [{\"c\": 1}, {\"c\": 2}]}}", "a.b.count", "2" },
	{ "{\"a\": [[1, 2], [3]]}", "a[0][1]", "2" },
	{ "{\"a\": [\"x\", \"y z\", 5]}", "a", "[\"x\", \"y z\", \"5\"]" },
	{ "{\"a\": [\"x\"]}", "a[0].length", "1" },
	{ "{\"a\": []}", "a.count", "0" },
	/* Names with dots, as falco has them. */
	{ "{\"o\": {\"proc.name\": \"cat\", \"proc\": {\"id\": 1}}}", "o.proc.name", "\"cat\"" },
	{ "{\"o\": {\"proc.name\": \"cat\", \"proc\": {\"id\": 1}}}", "o.proc.id", "1" },
	{ "{\"a.b\": {\"c.d\": [7]}}", "a.b.c.d[0]", "7" },
	{ "{\"count\": 3, \"length\": 4}", "count", "3" },
	{ "{\"a\": {\"count\": 3}}", "a.count", "3" },
	/* Nothing that compares. */
	{ "{\"a\": null}", "a", "nothing" },
	{ "{\"a\": {}}", "a", "nothing" },
	{ "{\"a\": 1}", "b", "nothing" },
	{ "{\"a\": 1}", "a.b", "nothing" },
	{ "{\"a\": 1}", "a[0]", "nothing" },
	{ "{\"a\": 1}", "a.count", "nothing" },
	{ "{\"a\": [1]}", "a[1]", "nothing" },
	{ "{\"a\": [1]}", "a[4294967296]", "nothing" },
	{ "{\"a\": [1, null]}", "a", "nothing" },
	{ "{\"a\": [\"x\\u0000y\"]}", "a", "nothing" },
};

static void values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(value_rows); i++) {
		const struct value_row *row = &value_rows[i];
		struct json_event *event = parse_good(row->line);
		struct value value;
		char got[128];

		json_event_read(event, row->path, &value);
		value_format(&value, got, sizeof(got));
		if (strcmp(got, row->want) != 0)
			fail_msg("%s of %s: got %s, want %s", row->path, row->line, got, row->want);
		json_event_free(event);
	}
}

static void what_is_no_event(void **state)
{
	static const char *const lines[] = {
		"",
		"x",
		"[]",
		"[1]",
		"5",
		"\"a\"",
		"{",
		"{\"a\"}",
		"{\"a\": 01}",
		"{\"a\": 1.}",
		"{1.5: 2}",
		"{\"a\": 1e}",
		"{} {}",
		"{}x",
		"{\"a\": -}",
		"{\"a\": \"",
		"{\"a\": \"\\",
		"{\"a\": nan}",
		"null",
		"{\"a\": \"\xff\"}",
		"{\"a\": 1, \"a\": 2}",
		"{\"a\": 0x10}",
		"{\"a\": 1.5.2}",
		"{\"a\": .5}",
	};
	char error[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct json_event *event;

		error[0] = '\0';
		event = parse(lines[i], strlen(lines[i]), error, sizeof(error));
		if (event)
			fail_msg("taken for an event: %s", lines[i]);
		assert_int_not_equal(error[0], '\0');
	}
	assert_null(parse("{}\0", 3, error, sizeof(error)));
}

static void deep_lines_are_no_records(void **state)
{
	char line[4096];
	struct json_event *event;
	json_t *record;

	(void)state;
	memset(line, '[', sizeof(line));
	memcpy(line, "{\"a\":", 5);
	assert_null(parse(line, sizeof(line), (char[64]){ 0 }, 64));
	for (size_t depth = 10; depth <= 100; depth += 90) {
		memset(line, '[', sizeof(line));
		memcpy(line, "{\"a\":", 5);
		memset(line + 5 + depth, ']', depth);
		strcpy(line + 5 + 2 * depth, "}");
		event = parse_good(line);
		record = json_event_record(event);
		assert_int_equal(record != NULL, depth == 10);
		json_decref(record);
		json_event_free(event);
	}
	event = parse_good("{\"a\": \"x\\u0000\"}");
	assert_null(json_event_record(event));
	json_event_free(event);
}

/* Does a test with these blocks pass, with these events, lines of "TYPE {...}"? */
static bool passes(const char *blocks, const char *events)
{
	struct parse_error error;
	struct schema *schema;
	struct matcher *matcher;
	struct test *test;
	const char *names[8];
	char text[1024];
	json_t *details = NULL;
	bool pass;
	int len = snprintf(text, sizeof(text), "run g\nlisten p\ntype from t\n%s", blocks);

	if (test_parse(text, (size_t)len, &test, &error))
		fail_msg("%u:%u: %s\n%s", error.line, error.column, error.message, text);
	for (size_t i = 0; i < test->event.block_count; i++)
		names[i] = test->event.blocks[i].event_type;
	assert_int_equal(json_schema_new(names, test->event.block_count, &schema), 0);
	if (matcher_new(&test->event, (const struct schema *const *)&schema, 1, &matcher, &error))
		fail_msg("%u:%u: %s\n%s", error.line, error.column, error.message, text);
	while (*events) {
		const char *space = strchr(events, ' '), *end = strchr(events, '\n');
		char name[32];
		struct json_event *event;

		snprintf(name, sizeof(name), "%.*s", (int)(space - events), events);
		event = parse(space, (size_t)(end - space), text, sizeof(text));
		assert_non_null(event);
		assert_non_null(schema_find(schema, name));
		assert_int_equal(matcher_feed(matcher, schema, schema_find(schema, name), event, 0),
				 0);
		json_event_free(event);
		events = end + 1;
	}
	pass = matcher_finish(matcher, &details);
	json_decref(details);
	matcher_free(matcher);
	schema_free(schema);
	test_free(test);
	return pass;
}

/* Whether one event of type X, with `a` of that JSON, fits the line. */
static const struct line_row {
	const char *json, *line;
	bool holds;
} line_rows[] = {
	{ "18446744073709551615", "a == 18446744073709551615", true },
	{ "18446744073709551615", "a == -1", false },
	{ "18446744073709551615", "a > 9223372036854775807", true },
	{ "9223372036854775808", "a < 9223372036854775809", true },
	{ "9007199254740993", "a == 9007199254740992", false },
	{ "9007199254740993", "a == 9007199254740993", true },
	{ "18446744073709551616", "a == 18446744073709551615", false },
	{ "18446744073709551616", "a != 5", false },
	{ "18446744073709551616", "a > 5", false },
	{ "-9223372036854775808", "a < 0", true },
	{ "5.0", "a == 5", true },
	{ "5.5", "a == 5", false },
	{ "5.5", "a != 5", false },
	{ "5.5", "a == \"5.5\"", true },
	{ "5.5", "a ~ \"5.*\"", true },
	{ "57", "a == \"57\"", true },
	{ "\"57\"", "a == 57", true },
	{ "\"0x39\"", "a == 57", true },
	{ "6", "a has 2", true },
	{ "6", "a has 1", false },
	{ "6", "a in 5..7", true },
	{ "\"b\"", "a in {\"a\", \"b\"}", true },
	{ "\"FORK\"", "a == FORK", true },
	{ "\"fork\"", "a != \"exec\"", true },
	{ "[\"x\", 5]", "a has \"x\"", true },
	{ "[\"x\", 5]", "a has 5", true },
	{ "[\"x\", 5]", "a has \"y\"", false },
	{ "[]", "a.count == 0", true },
	{ "true", "a == true", true },
	{ "true", "a == 1", true },
	{ "false", "a == true", false },
	{ "null", "a == 0", false },
	{ "null", "a != 0", false },
	{ "7", "a == b", true },
	{ "8", "a == b", false },
};

static void lines(void **state)
{
	char blocks[128], events[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(line_rows); i++) {
		const struct line_row *row = &line_rows[i];

		snprintf(blocks, sizeof(blocks), "expect X\n    %s\n", row->line);
		snprintf(events, sizeof(events), "X {\"a\": %s, \"b\": 7}\n", row->json);
		if (passes(blocks, events) != row->holds)
			fail_msg("%s, %s: want %d", row->json, row->line, row->holds);
	}
}

static void blocks_that_refer_to_each_other(void **state)
{
	static const char blocks[] = "expect \"proc.fork\" as forked\n"
				     "then expect EXIT\n    pid == forked.child\n"
				     "refuse EXIT\n    pid == forked.parent\n";
	char many[4096] = "";

	(void)state;
	assert_true(passes(blocks, "proc.fork {\"parent\": 1, \"child\": 2}\nEXIT {\"pid\": 2}\n"));
	assert_true(
		passes(blocks, "proc.fork {\"parent\": 1, \"child\": \"2\"}\nEXIT {\"pid\": 2}\n"));
	assert_false(
		passes(blocks, "EXIT {\"pid\": 2}\nproc.fork {\"parent\": 1, \"child\": 2}\n"));
	assert_false(passes(blocks, "proc.fork {\"parent\": 1, \"child\": 2}\nEXIT {\"pid\": 2}\n"
				    "EXIT {\"pid\": 1}\n"));
	/* So many that they would be looked up by value, were they all of one kind. */
	strcpy(many, "proc.fork {\"parent\": 1, \"child\": 15}\n");
	for (int i = 0; i < 20; i++)
		sprintf(many + strlen(many), "EXIT {\"pid\": %s%d%s}\n", i % 2 ? "\"" : "", i + 10,
			i % 2 ? "\"" : "");
	assert_true(passes(blocks, many));
}

static void columns(void **state)
{
	static const char header[] = "PCOMM  PID\tT(s) 2nd ARGS",
			  line[] = "cat 57\t-1 0x1f  a  b \r";
	static const struct {
		const char *path, *want;
	} rows[] = {
		{ "PCOMM", "\"cat\"" }, { "PID", "\"57\"" },	{ "T_s_", "\"-1\"" },
		{ "_nd", "\"0x1f\"" },	{ "ARGS", "\"a  b\"" }, { "ARGS.length", "4" },
		{ "RET", "nothing" },
	};
	struct columns columns = { 0 };
	struct json_event *event;
	struct value value;
	char text[64];
	json_t *record;

	(void)state;
	assert_int_equal(columns_set(&columns, "Tracing... Hit Ctrl-C", 21), 0);
	assert_int_equal(columns_set(&columns, header, strlen(header)), 0);
	assert_int_equal(columns.count, 5);
	assert_int_equal(columns_parse(&columns, line, strlen(line), &event, text, sizeof(text)),
			 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_event_read(event, rows[i].path, &value);
		assert_string_equal(value_format(&value, text, sizeof(text)), rows[i].want);
	}
	record = json_event_record(event);
	assert_non_null(record);
	json_decref(record);
	json_event_free(event);
	/* Only the last may be empty. */
	assert_int_equal(columns_parse(&columns, "a b c d", 7, &event, text, sizeof(text)), 0);
	json_event_read(event, "ARGS.length", &value);
	assert_int_equal(value.u, 0);
	json_event_free(event);
	assert_int_equal(columns_parse(&columns, "a b c", 5, &event, text, sizeof(text)), -EINVAL);
	assert_string_equal(text, "3 words for 5 columns");
	assert_null(event);
	/* Bytes that no JSON holds compare, but are no record. */
	assert_int_equal(columns_parse(&columns, "a b c d \xff", 9, &event, text, sizeof(text)), 0);
	json_event_read(event, "ARGS", &value);
	assert_int_equal(value.s.len, 1);
	assert_null(json_event_record(event));
	json_event_free(event);
	columns_free(&columns);
}

struct seen {
	char text[256];
	size_t count, longest;
};

static void see(void *context, const char *line, size_t len, bool cut)
{
	struct seen *seen = context;

	seen->count++;
	if (len > seen->longest)
		seen->longest = len;
	if (len < 16)
		snprintf(seen->text + strlen(seen->text), sizeof(seen->text) - strlen(seen->text),
			 "%.*s%s|", (int)len, line, cut ? "..." : "");
}

static void lines_come_in_pieces(void **state)
{
	static const char text[] = "one\n\ntwo\r\nthree";

	(void)state;
	for (size_t piece = 1; piece <= sizeof(text); piece++) {
		struct seen seen = { 0 };
		struct line_reader reader = { .fn = see, .context = &seen };

		for (size_t at = 0; at < strlen(text); at += piece)
			line_reader_take(&reader, text + at,
					 strlen(text) - at < piece ? strlen(text) - at : piece);
		assert_string_equal(seen.text, "one||two\r|");
		line_reader_end(&reader);
		assert_string_equal(seen.text, "one||two\r|three|");
		line_reader_end(&reader);
		assert_int_equal(seen.count, 4);
		line_reader_free(&reader);
	}
}

static void long_lines_are_cut(void **state)
{
	struct seen seen = { 0 };
	struct line_reader reader = { .fn = see, .context = &seen };
	char *block = malloc(LINE_READER_MAX + 2);

	(void)state;
	memset(block, 'x', LINE_READER_MAX + 2);
	block[LINE_READER_MAX] = '\n';
	line_reader_take(&reader, block, LINE_READER_MAX + 1);
	assert_int_equal(seen.longest, LINE_READER_MAX);
	for (int i = 0; i < 3; i++)
		line_reader_take(&reader, block, LINE_READER_MAX);
	assert_int_equal(seen.count, 2);
	line_reader_take(&reader, "\nend\n", 5);
	assert_int_equal(seen.count, 3);
	assert_string_equal(seen.text, "end|");
	block[LINE_READER_MAX] = 'x';
	block[LINE_READER_MAX + 1] = '\n';
	line_reader_take(&reader, block, LINE_READER_MAX + 2);
	assert_int_equal(seen.count, 4);
	assert_int_equal(seen.longest, LINE_READER_MAX);
	line_reader_free(&reader);
	free(block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(what_is_no_event),
		cmocka_unit_test(deep_lines_are_no_records),
		cmocka_unit_test(lines),
		cmocka_unit_test(blocks_that_refer_to_each_other),
		cmocka_unit_test(columns),
		cmocka_unit_test(lines_come_in_pieces),
		cmocka_unit_test(long_lines_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
