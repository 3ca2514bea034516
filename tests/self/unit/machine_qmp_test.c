// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Lines from QEMU, however they are cut into pieces; deadlines; and which snapshots go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "host/machine/deadline.h"
#include "host/machine/eviction.h"
#include "host/machine/hash.h"
#include "host/machine/qmp.h"

static enum qmp_news parse(const char *line, char text[64])
{
	return qmp_parse(line, strlen(line), text, 64);
}

static void test_news(void **state)
{
	static const struct {
		const char *line;
		enum qmp_news news;
		const char *text;
	} rows[] = {
		{ "{\"QMP\": {\"version\": {}}}", QMP_OTHER, "" },
		{ "{\"return\": {}}", QMP_OTHER, "" },
		{ "{\"event\": \"VSERPORT_CHANGE\", \"data\": {\"open\": true, \"id\": \"control\"}}",
		  QMP_PORT_OPENED, "" },
		{ "{\"event\": \"VSERPORT_CHANGE\", \"data\": {\"open\": false, \"id\": \"control\"}}",
		  QMP_OTHER, "" },
		{ "{\"event\": \"VSERPORT_CHANGE\", \"data\": {\"open\": true, \"id\": \"stdin\"}}",
		  QMP_OTHER, "" },
		{ "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"active\"}}", QMP_OTHER, "" },
		{ "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"completed\"}}", QMP_SAVED,
		  "" },
		{ "{\"event\": \"MIGRATION\", \"data\": {\"status\": \"failed\"}}", QMP_SAVE_FAILED,
		  "" },
		{ "{\"event\": \"MIGRATION\"}", QMP_OTHER, "" },
		{ "{\"event\": 1}", QMP_OTHER, "" },
		{ "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no room\"}}", QMP_ERROR,
		  "no room" },
		{ "{\"error\": {}}", QMP_ERROR, "no reason" },
		{ "{\"return\": \"RAX=0\"}", QMP_REGISTERS, "RAX=0" },
		{ "[]", QMP_OTHER, "" },
		{ "no JSON", QMP_OTHER, "" },
		{ "", QMP_OTHER, "" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(rows[i].line, text), rows[i].news);
		assert_string_equal(text, rows[i].text);
	}
	assert_int_equal(qmp_parse("{\"return\": \"0123456789\"}", 24, text, 4), QMP_REGISTERS);
	assert_string_equal(text, "012");
}

static void test_register(void **state)
{
	char value[20];

	(void)state;
	qmp_register("RAX=0 RIP=ffffffff81000010 RFL=2\nRIP=1", "RIP=", value, sizeof(value));
	assert_string_equal(value, "ffffffff81000010");
	qmp_register("RIP=", "RIP=", value, sizeof(value));
	assert_string_equal(value, "");
	qmp_register("RAX=0", "RIP=", value, sizeof(value));
	assert_string_equal(value, "");
	qmp_register("RIP=0123456789abcdef0123456789", "RIP=", value, sizeof(value));
	assert_int_equal(strlen(value), 19);
}

static char taken[256];

static void take(void *context, const char *line, size_t len)
{
	(void)context;
	strncat(taken, line, len);
	strcat(taken, "|");
}

static void test_lines(void **state)
{
	static const char text[] = "one\n\ntwo\r\nthree";
	struct qmp_lines lines = { .take = take };

	(void)state;
	for (size_t step = 1; step <= strlen(text); step++) {
		*taken = '\0';
		for (size_t at = 0; at < strlen(text); at += step)
			qmp_lines_add(&lines, text + at,
				      step < strlen(text) - at ? step : strlen(text) - at);
		qmp_lines_add(&lines, "\n", 1);
		assert_string_equal(taken, "one|two\r|three|");
	}
	qmp_lines_free(&lines);
}

static void test_long_line(void **state)
{
	struct qmp_lines lines = { .take = take };
	size_t len = 3u * 1024 * 1024;
	char *part = malloc(len);

	(void)state;
	assert_non_null(part);
	memset(part, 'x', len);
	*taken = '\0';
	qmp_lines_add(&lines, part, len);
	qmp_lines_add(&lines, part, len);
	qmp_lines_add(&lines, "\nnext\n", 6);
	assert_string_equal(taken, "next|");
	free(part);
	qmp_lines_free(&lines);
}

static void test_boot_deadline(void **state)
{
	struct deadline deadline = { .boot = 60000, .run = 100000, .start = 1000 };

	(void)state;
	assert_int_equal(deadline_next(&deadline), 61000);
	assert_int_equal(deadline_step(&deadline, 60999), DEADLINE_WAIT);
	assert_int_equal(deadline_step(&deadline, 61000), DEADLINE_ASK);
	assert_int_equal(deadline_step(&deadline, 61000), DEADLINE_WAIT);
	assert_int_equal(deadline_next(&deadline), 61000 + DEADLINE_QUIT_MS);
	/* A record comes too late now. */
	deadline.record = 61001;
	assert_int_equal(deadline_step(&deadline, 61000 + DEADLINE_QUIT_MS), DEADLINE_KILL);
	assert_int_equal(deadline_step(&deadline, LLONG_MAX - 1), DEADLINE_WAIT);
	assert_true(deadline_next(&deadline) == LLONG_MAX);
}

static void test_run_deadline(void **state)
{
	struct deadline deadline = { .boot = 60000, .run = 100000, .start = 1000, .record = 2500 };

	(void)state;
	assert_int_equal(deadline_next(&deadline), 102500);
	assert_int_equal(deadline_step(&deadline, 61000), DEADLINE_WAIT);
	assert_int_equal(deadline_step(&deadline, 102600), DEADLINE_ASK);
	/* Five seconds from when it was asked, not from when it should have been. */
	assert_int_equal(deadline_step(&deadline, 107599), DEADLINE_WAIT);
	assert_int_equal(deadline_step(&deadline, 107600), DEADLINE_KILL);
}

static void test_eviction(void **state)
{
	struct kept kept[] = { { "old", 1, 50, false },
			       { "new", 3, 50, false },
			       { "mid", 2, 60, false } };

	(void)state;
	eviction_choose(kept, 3, 110);
	assert_string_equal(kept[0].name, "new");
	assert_string_equal(kept[1].name, "mid");
	assert_string_equal(kept[2].name, "old");
	assert_false(kept[0].goes || kept[1].goes);
	assert_true(kept[2].goes);
	eviction_choose(kept, 3, 109);
	assert_false(kept[0].goes);
	assert_true(kept[1].goes && kept[2].goes);
	eviction_choose(kept, 3, 0);
	assert_true(kept[0].goes);
	eviction_choose(kept, 3, 160);
	assert_false(kept[0].goes || kept[1].goes || kept[2].goes);
	eviction_choose(NULL, 0, 0);
}

static const char *digits(const char *bytes, size_t len, const char *text)
{
	static char all[2][HASH_TEXT];
	static int turn;
	struct hash hash = hash_new();

	turn = !turn;
	hash_bytes(&hash, bytes, len);
	hash_text(&hash, text);
	hash_format(&hash, all[turn]);
	return all[turn];
}

static void test_hash(void **state)
{
	static const char zeros[24];

	(void)state;
	for (size_t i = 1; i < sizeof(zeros); i++)
		assert_string_not_equal(digits(zeros, i, ""), digits(zeros, i + 1, ""));
	assert_string_not_equal(digits("", 0, "a"), digits("a", 1, ""));
	assert_string_not_equal(digits("abcdefgh", 8, ""), digits("abcdefgi", 8, ""));
	assert_string_equal(digits("abcdefgh", 8, "x"), digits("abcdefgh", 8, "x"));
	assert_int_equal(strlen(digits("", 0, "")), HASH_TEXT - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_news),	      cmocka_unit_test(test_register),
		cmocka_unit_test(test_lines),	      cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_boot_deadline), cmocka_unit_test(test_run_deadline),
		cmocka_unit_test(test_eviction),      cmocka_unit_test(test_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
