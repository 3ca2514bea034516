/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records of guest-init as bytes: stamps, JSON escapes, bounds, the payload's lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../guest-init/record.h"

#define STAMP(seq, from) "{\"nonce\":\"0a\",\"seq\":" seq ",\"from\":\"" from "\","

static char text[RELAY_GROWTH];
/* Too large for the stack. */
static struct relay relay;

static struct records records_of(size_t size)
{
	return (struct records){ .data = text, .size = size, .nonce = "0a" };
}

static void assert_records(const struct records *records, const char *want)
{
	char *got = strndup(records->data, records->len);

	assert_string_equal(got, want);
	free(got);
}

static void feed(struct records *records, const char *data)
{
	relay_feed(&relay, records, data, strlen(data));
}

static void test_write(void **state)
{
	struct records records = records_of(sizeof(text));

	(void)state;
	assert_true(record_write(&records, "init", "\"type\":\"x\",\"n\":%s,\"s\":%s,\"r\":[%s]",
				 json_number(7), json_text("a"), "1,2"));
	assert_true(record_write(&records, "payload", "\"none\":%s,\"null\":%s", json_number(-1),
				 json_text(NULL)));
	assert_records(&records,
		       STAMP("0", "init") "\"type\":\"x\",\"n\":7,\"s\":\"a\",\"r\":[1,2]}\n" STAMP(
			       "1", "payload") "\"none\":null,\"null\":null}\n");
}

static void test_numbers(void **state)
{
	struct records records = records_of(sizeof(text));

	(void)state;
	records.seq = UINT32_MAX;
	assert_true(record_write(&records, "init", "\"n\":%s,\"m\":%s", json_number(INT64_MAX),
				 json_number(0)));
	assert_records(&records,
		       STAMP("4294967295", "init") "\"n\":9223372036854775807,\"m\":0}\n");
}

static void test_escapes(void **state)
{
	static const struct {
		const char *value, *json;
	} rows[] = {
		{ "", "\"\"" },
		{ "plain text's", "\"plain text's\"" },
		{ "\"\\/", "\"\\u0022\\u005c/\"" },
		{ "\n\t\r\b\f\x01\x1f\x7f ",
		  "\"\\u000a\\u0009\\u000d\\u0008\\u000c\\u0001\\u001f\\u007f \"" },
		/* Not ASCII, well-formed or not. */
		{ "a\x80z", "\"a\\ufffdz\"" },
		{ "\xc3\xa9~", "\"\\ufffd\\ufffd~\"" },
		{ "\xff\xfe", "\"\\ufffd\\ufffd\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct records records = records_of(sizeof(text));
		char want[128];

		snprintf(want, sizeof(want), "{\"s\":%s}", rows[i].json);
		assert_true(record_write(&records, NULL, "\"s\":%s", json_text(rows[i].value)));
		assert_records(&records, want);
	}
}

/* Objects without a stamp: the elements of an array. */
static void test_objects(void **state)
{
	struct records records = records_of(sizeof(text));

	(void)state;
	assert_true(record_write(&records, NULL, "\"r\":[%s]", "1,2"));
	assert_true(record_write(&records, NULL, "\"n\":%d", 1));
	assert_records(&records, "{\"r\":[1,2]},{\"n\":1}");
	assert_int_equal(records.seq, 0);
}

/* Texts that are too long for one record are left out, and make room again afterwards. */
static void test_texts(void **state)
{
	static char longest[TEXTS_MAX / 6];
	struct records records = records_of(sizeof(text));

	(void)state;
	memset(longest, '\n', sizeof(longest) - 1);
	assert_int_equal(strlen(json_text(longest)), 6 * (sizeof(longest) - 1) + 2);
	assert_string_equal(json_text("a"), "null");
	assert_string_equal(json_number(1), "null");
	assert_true(record_write(&records, "init", "\"a\":%d", 1));
	assert_string_equal(json_text("a"), "\"a\"");
}

static void test_full(void **state)
{
	static const char small[] = STAMP("0", "init") "\"a\":1}\n";
	struct records records = records_of(2 * (sizeof(small) - 1) + 1);

	(void)state;
	assert_true(record_write(&records, "init", "\"a\":%d", 1));
	/* One byte too long: nothing of it stays, no number is used up. */
	assert_false(record_write(&records, "init", "\"a\":%d", 10));
	assert_int_equal(records.len, sizeof(small) - 1);
	assert_false(record_write(&records, "init", "\"s\":%s,\"a\":%d",
				  json_text("much too long to fit"), 1));
	assert_true(record_write(&records, "init", "\"a\":%d", 2));
	assert_records(&records, STAMP("0", "init") "\"a\":1}\n" STAMP("1", "init") "\"a\":2}\n");
	assert_false(record_write(&records, "init", "\"a\":%d", 3));
}

static void test_relay(void **state)
{
	struct records records = records_of(sizeof(text));

	(void)state;
	memset(&relay, 0, sizeof(relay));
	feed(&records, "{\"type\":\"a\"}\n{\"type\":\"b\",\"n\":1}\n{\"typ");
	assert_int_equal(relay.relayed, 2);
	assert_int_equal(relay.len, 5);
	feed(&records, "e\":\"c\"}");
	assert_int_equal(relay.relayed, 2);
	feed(&records, "\n");
	assert_int_equal(relay.relayed, 3);
	assert_int_equal(relay.dropped, 0);
	assert_int_equal(relay.len, 0);
	assert_records(
		&records,
		STAMP("0", "payload") "\"type\":\"a\"}\n" STAMP(
			"1",
			"payload") "\"type\":\"b\",\"n\":1}\n" STAMP("2",
								     "payload") "\"type\":\"c\"}\n");
}

static void test_relay_drops(void **state)
{
	static const char *const bad[] = {
		"\n",
		"}\n",
		"{}\n",
		"text\n",
		"{\"type\":1}\n",
		" {\"type\":\"a\"}\n",
		"{\"nonce\":\"0a\",\"type\":\"a\"}\n",
		"{\"type\":\"a\"\n",
		"{\"type\":\"\n",
		"{\"type\":\"a\"}\r\n",
		"{\"type\":\"a\"} \n",
	};
	struct records records = records_of(sizeof(text));

	(void)state;
	memset(&relay, 0, sizeof(relay));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		feed(&records, bad[i]);
		assert_int_equal(relay.dropped, i + 1);
		assert_int_equal(records.len, 0);
	}
	relay_feed(&relay, &records, "{\"type\":\"a\0\"}\n", 14);
	assert_int_equal(relay.dropped, sizeof(bad) / sizeof(bad[0]) + 1);
	feed(&records, "{\"type\":\"a\"}\n");
	assert_records(&records, STAMP("0", "payload") "\"type\":\"a\"}\n");
	assert_int_equal(relay.relayed, 1);
}

/* A line of `len` bytes in all. */
static void feed_long(struct records *records, size_t len)
{
	static const char opening[] = "{\"type\":\"", closing[] = "\"}\n";
	char *line = malloc(len);

	assert_non_null(line);
	memset(line, 'x', len);
	memcpy(line, opening, sizeof(opening) - 1);
	memcpy(line + len - 3, closing, 3);
	for (size_t at = 0; at < len; at += PIPE_CHUNK)
		relay_feed(&relay, records, line + at,
			   len - at < PIPE_CHUNK ? len - at : PIPE_CHUNK);
	free(line);
}

static void test_relay_long(void **state)
{
	struct records records = records_of(sizeof(text));

	(void)state;
	memset(&relay, 0, sizeof(relay));
	feed_long(&records, RECORD_LINE_MAX);
	assert_int_equal(relay.relayed, 1);
	assert_int_equal(records.len, RECORD_LINE_MAX - 1 + strlen(STAMP("0", "payload")));
	records.len = 0;
	feed_long(&records, RECORD_LINE_MAX + 1);
	feed_long(&records, 3 * RECORD_LINE_MAX);
	assert_int_equal(relay.dropped, 2);
	assert_int_equal(records.len, 0);
	feed(&records, "{\"type\":\"a\"}\n");
	assert_records(&records, STAMP("1", "payload") "\"type\":\"a\"}\n");
}

/* The promise of the growth constant: the shortest lines, after the longest stamp. */
static void test_relay_growth(void **state)
{
	static char data[PIPE_CHUNK];
	struct records records = records_of(sizeof(text));

	(void)state;
	memset(&relay, 0, sizeof(relay));
	records.nonce = "00112233445566778899aabbccddeeff";
	records.seq = UINT64_MAX / 4;
	for (size_t at = 0; at + 12 <= sizeof(data); at += 12)
		memcpy(data + at, "{\"type\":\"\"}\n", 12);
	relay_feed(&relay, &records, data, sizeof(data));
	assert_int_equal(relay.relayed, PIPE_CHUNK / 12);
	assert_int_equal(relay.dropped, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),	   cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_escapes),	   cmocka_unit_test(test_objects),
		cmocka_unit_test(test_texts),	   cmocka_unit_test(test_full),
		cmocka_unit_test(test_relay),	   cmocka_unit_test(test_relay_drops),
		cmocka_unit_test(test_relay_long), cmocka_unit_test(test_relay_growth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
