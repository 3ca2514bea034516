// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Records in: the schema, field by field, the order of lines, limits, and the examples of
 * records.md. */
#include "report_guest.h"

#include <libgen.h>
#include <unistd.h>

/* An example of each type; `nullable`: its fields that may be null. */
static const struct example {
	const char *line, *nullable;
} examples[] = {
	{ "i" HELLO, "" },
	{ "p" PLAN("\"a\""), "" },
	{ "i" COMMAND, "" },
	{ "i" OUTPUT("3", "0"), "" },
	{ "p" PROBE("true", "true", "null", "null"),
	  " error class log insns states peak_states stack verify_us jited load_ms " },
	{ "p" FILE_PART("/x", "0", "MAo=", "false", "null"), " size error " },
	{ "p" EVENT("a"), "" },
	{ "p" SUBTEST("a", "b", "pass", "null", ""), " reason duration_ms " },
	{ "p" PASS("a"), " reason " },
	{ "i" KLOG("x", "null"), " taint " },
	{ "i" EXITED("0", "3"), " status signal error " },
};

static json_t *example_parse(const struct example *example)
{
	char *line = guest_records((const char *const[]){ example->line, NULL });
	json_t *json = json_loads(line, 0, NULL);

	assert_non_null(json);
	free(line);
	return json;
}

/* The schema's answer to one record: "" or what is wrong with it. */
static void rules_answer(json_t *record, char *answer, size_t size)
{
	union record_line line;
	enum record_kind type;
	struct stamp stamp;
	json_t *nonce;

	answer[0] = '\0';
	record_rules_read(record, &stamp, &nonce, &type, &line, answer, size);
	json_decref(nonce);
}

static void assert_answer(json_t *record, const char *want, const char *about)
{
	char *text = json_dumps(record, JSON_COMPACT);
	char answer[256];

	rules_answer(record, answer, sizeof(answer));
	if (want[0] ? !strstr(answer, want) : answer[0])
		fail_msg("%s: got \"%s\", want \"%s\": %s", about, answer, want, text);
	free(text);
	json_decref(record);
}

static void examples_are_valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
		assert_answer(example_parse(&examples[i]), "", "as it is");
}

static void every_field_is_required(void **state)
{
	const char *key, *type;
	json_t *value;
	char want[96];

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		json_t *whole = example_parse(&examples[i]);

		type = json_string_value(json_object_get(whole, "type"));
		json_object_foreach(whole, key, value) {
			json_t *record = json_deep_copy(whole);

			json_object_del(record, key);
			snprintf(want, sizeof(want), "field \"%s\" is missing", key);
			assert_answer(record, want, type);
		}
		json_decref(whole);
	}
}

static void null_only_where_it_may_be(void **state)
{
	const char *key;
	json_t *value;
	char padded[64], want[96];

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		json_t *whole = example_parse(&examples[i]);

		json_object_foreach(whole, key, value) {
			json_t *record = json_deep_copy(whole);

			json_object_set_new(record, key, json_null());
			snprintf(padded, sizeof(padded), " %s ", key);
			snprintf(want, sizeof(want), "field \"%s\" is", key);
			assert_answer(record, strstr(examples[i].nullable, padded) ? "" : want,
				      "null");
		}
		json_decref(whole);
	}
}

/* May a field that holds `value` in the example hold `other`, too, for all that its type says? */
static bool may_hold(const json_t *value, const json_t *other)
{
	if (json_is_array(other))
		return false; /* the array is right, what is in it is not */
	if (json_is_integer(other))
		return json_integer_value(other) >= 0 && json_is_integer(value);
	/* null_only_where_it_may_be() does not say which other type a nullable field may have. */
	if (json_is_null(value))
		return json_is_string(other);
	return (json_is_string(value) && json_is_string(other)) ||
	       (json_is_boolean(value) && json_is_boolean(other)) ||
	       (json_is_object(value) && json_is_object(other));
}

/* Every field of every type gets a value of every other JSON type, and a number below 0. */
static void wrong_types(void **state)
{
	static const char *const values[] = { "true", "-1",   "1.5",	  "\"x\"",
					      "[1]",  "[[]]", "{\"a\":1}" };
	char want[96];

	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		json_t *whole = example_parse(&examples[i]), *value;
		const char *key;

		json_object_foreach(whole, key, value) {
			for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
				json_t *record = json_deep_copy(whole);
				json_t *other = json_loads(values[v], JSON_DECODE_ANY, NULL);

				assert_non_null(other);
				json_object_set(record, key, other);
				snprintf(want, sizeof(want), "\"%s\"", key);
				if (may_hold(value, other))
					json_decref(record);
				else
					assert_answer(record, want, values[v]);
				json_decref(other);
			}
		}
		json_decref(whole);
	}
}

static void unknown_fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		json_t *record = example_parse(&examples[i]);

		json_object_set_new(record, "colour", json_string("red"));
		assert_answer(record, "unknown field \"colour\"", "one more");
	}
}

/* Who may write what. */
static void wrong_writers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		bool is_init = examples[i].line[0] == 'i';
		json_t *record = example_parse(&examples[i]);

		json_object_set_new(record, "from", json_string(is_init ? "payload" : "init"));
		assert_answer(record,
			      is_init ? "may not come from payload" : "may not come from init",
			      "from");
		record = example_parse(&examples[i]);
		json_object_set_new(record, "from", json_string("runner"));
		assert_answer(record, "", "from runner");
	}
}

struct order_case {
	const char *about;
	const char *text; /* of the file */
	const char *problem;
	size_t lines;
};

#define STAMP(seq, from) "{\"nonce\":\"" NONCE "\",\"seq\":" seq ",\"from\":\"" from "\","
#define I(seq, body)	 STAMP(seq, "init") body "}\n"
#define P(seq, body)	 STAMP(seq, "payload") body "}\n"
#define R(seq, body)	 STAMP(seq, "runner") body "}\n"
#define FOREIGN(body) \
	"{\"nonce\":\"00000000000000000000000000000000\",\"seq\":9,\"from\":\"init\"," body "}\n"
#define START I("0", HELLO) P("1", PLAN("\"a\",\"b\""))

static const struct order_case orders[] = {
	{ "whole", START P("2", PASS("a")) P("3", PASS("b")) I("4", EXITED("0", "3")), "", 5 },
	{ "nothing", "", "", 0 },
	{ "half a line counts as absent", START "{\"nonce\":\"" NONCE, "", 2 },
	{ "half a line that is whole JSON, too", START STAMP("2", "payload") PASS("a") "}", "", 2 },
	{ "a gap", START P("3", PASS("a")), "line 3: seq 3 where 2 was due", 3 },
	{ "not from 0", I("1", HELLO), "line 1: seq 1 where 0 was due", 1 },
	{ "a number twice", START P("1", PASS("a")), "line 3: seq 1 where 2 was due", 3 },
	{ "of another run", START FOREIGN(EXITED("0", "1")),
	  "line 3: of another run (nonce 00000000", 2 },
	{ "a second hello", START I("2", HELLO), "line 3: a second hello", 3 },
	{ "a second plan", START P("2", PLAN("")), "line 3: a second plan", 3 },
	{ "a name twice in the plan", I("0", HELLO) P("1", PLAN("\"a\",\"b\",\"a\"")),
	  "plan: \"a\" is there twice", 2 },
	{ "a second record of a test", START P("2", FAIL("a", "x")) P("3", PASS("a")),
	  "line 4: test: a second record of \"a\"", 4 },
	{ "a test without a plan", I("0", HELLO) P("1", PASS("a")),
	  "line 2: test: \"a\" is not in the plan", 2 },
	{ "a test outside the plan", START P("2", PASS("c")),
	  "line 3: test: \"c\" is not in the plan", 3 },
	{ "an event outside the plan", START P("2", EVENT("c")),
	  "line 3: event: \"c\" is not in the plan", 3 },
	{ "a subtest outside the plan", START P("2", SUBTEST("c", "x", "pass", "null", "")),
	  "line 3: subtest: \"c\" is not in the plan", 3 },
	{ "a second record of a subtest",
	  START P("2", SUBTEST("a", "x", "pass", "null", ""))
		  P("3", SUBTEST("b", "x", "pass", "null", ""))
			  P("4", SUBTEST("a", "x", "fail", "null", "")),
	  "line 5: subtest: a second record of \"x\"", 5 },
	{ "a subtest after its test",
	  START P("2", PASS("a")) P("3", SUBTEST("a", "x", "pass", "null", "")),
	  "line 4: subtest: a second record of \"x\"", 4 },
	{ "a test that passed, with a subtest that did not",
	  START P("2", SUBTEST("a", "x", "fail", "null", "")) P("3", PASS("a")),
	  "line 4: test: \"a\" passed, but not its subtests", 4 },
	{ "something after exit", START I("2", EXITED("0", "1")) P("3", PASS("a")),
	  "line 4: test after exit", 4 },
	{ "a second exit", START I("2", EXITED("1", "1")) I("3", EXITED("0", "1")),
	  "line 4: exit after exit", 4 },
	{ "a plan before hello", P("0", PLAN("\"a\"")), "line 1: plan before hello", 1 },
	{ "a runner among init's", START R("2", PASS("a")),
	  "line 3: from runner, unlike those before", 3 },
	{ "init among a runner's", R("0", HELLO) I("1", EXITED("0", "0")),
	  "line 2: from init, unlike those before", 2 },
	{ "forged stamp",
	  START STAMP("2", "payload") "\"type\":\"test\",\"from\":\"init\",\"reason\":null}\n",
	  "line 3: not JSON: duplicate object key", 2 },
	{ "a nested name twice",
	  START P("2",
		  "\"type\":\"event\",\"test\":\"a\",\"object\":\"\",\"event\":\"\",\"fields\":{\"x\":{\"y\":1,\"y\":2}}"),
	  "line 3: not JSON: duplicate object key", 2 },
	{ "not JSON", START "hello\n", "line 3: not JSON", 2 },
	{ "an empty line", START "\n", "line 3: not JSON", 2 },
	{ "an array", START "[]\n", "line 3: not an object", 2 },
	{ "an unknown type", START P("2", "\"type\":\"verdict\",\"outcome\":\"PASS\""),
	  "line 3: unknown record type \"verdict\"", 2 },
	{ "two objects in a line", START P("2", PASS("a") "} {\"x\":1"), "line 3: not JSON", 2 },
	{ "NUL in a string", START P("2", PASS("a\\u0000b")), "line 3: not JSON", 2 },
	{ "a lone surrogate", START P("2", PASS("\\ud800")), "line 3: not JSON", 2 },
	{ "no UTF-8", START P("2", PASS("\xff")), "line 3: not JSON", 2 },
	{ "a number beyond 64 bits",
	  START P("2",
		  "\"type\":\"event\",\"test\":\"a\",\"object\":\"\",\"event\":\"\",\"fields\":{\"x\":18446744073709551615}"),
	  "line 3: not JSON: too big integer", 2 },
	{ "level 5",
	  START I("2", "\"type\":\"klog\",\"level\":5,\"text\":\"\",\"ts_us\":0,\"taint\":null"),
	  "klog: field \"level\" is not a smaller number", 2 },
	{ "status 256", START I("2", EXITED("256", "1")),
	  "exit: field \"status\" is not a smaller number", 2 },
	{ "an outcome of its own", START P("2", TEST("a", "passed", "null", "")),
	  "field \"outcome\" is not one of the words", 2 },
	{ "only the first problem is kept", START "x\n" P("9", PASS("a")) "y\n", "line 3: not JSON",
	  3 },
	{ "the number of an unreadable line is its own", START "x\n" P("3", PASS("a")),
	  "line 3: not JSON", 3 },
};

static void orders_lines(void **state)
{
	const struct order_case *row = *state;
	struct records records;
	size_t len = strlen(row->text);
	/* No NUL at the end, so that ASan sees whoever reads on. */
	char *text = malloc(len ? len : 1);

	assert_non_null(text);
	memcpy(text, row->text, len);
	assert_int_equal(records_parse(text, len, NONCE, &records), 0);
	free(text);
	if ((row->problem[0] ? !strstr(records.problem, row->problem) : records.problem[0]) ||
	    records.lines != row->lines)
		fail_msg("%s: got \"%s\" in %zu lines, want \"%s\" in %zu", row->about,
			 records.problem, records.lines, row->problem, row->lines);
	records_free(&records);
}

static void half_line_is_noted(void **state)
{
	struct records records;

	(void)state;
	assert_int_equal(records_parse(START "{", strlen(START "{"), NONCE, &records), 0);
	assert_true(records.cut_short);
	records_free(&records);
	assert_int_equal(records_parse(START, strlen(START), NONCE, &records), 0);
	assert_false(records.cut_short);
	records_free(&records);
}

/* Without run.json only a runner may say which run this is. */
static void nonce_from_the_runner(void **state)
{
	static const char runner[] = R("0", HELLO) R("1", PLAN("\"a\"")), guest[] = START;
	struct records records;

	(void)state;
	assert_int_equal(records_parse(runner, strlen(runner), NULL, &records), 0);
	assert_string_equal(records.problem, "");
	assert_true(records.from_runner && records.has_plan);
	records_free(&records);
	assert_int_equal(records_parse(guest, strlen(guest), NULL, &records), 0);
	assert_false(records.has_hello);
	assert_int_equal(records.other_runs, 2);
	records_free(&records);
}

static void values_arrive(void **state)
{
	static const char text[] = START P("2", PROBE("true", "false", "\"why\"", "null"))
		P("3", EVENT("b")) P("4", FAIL("b", "x")) I("5", KLOG("line", "512"))
			I("6", EXIT("signaled", "null", "9", "\"e\"", "4", "1", "512"));
	struct records records;

	(void)state;
	assert_int_equal(records_parse(text, strlen(text), NONCE, &records), 0);
	assert_string_equal(records.problem, "");
	assert_string_equal(records.hello.release, "6.1.0");
	assert_int_equal(records.hello.boot_ms, 912);
	assert_int_equal(records_planned(&records), 2);
	assert_string_equal(records_planned_name(&records, 1), "b");
	assert_null(records_planned_name(&records, 2));
	assert_true(records.probes[0].loaded && !records.probes[0].attached);
	assert_string_equal(records.probes[0].error, "why");
	assert_null(records.probes[0].log);
	assert_int_equal(records.probes[0].insns, 812);
	assert_int_equal(records.probes[0].load_ms, -1);
	assert_int_equal(records_events(&records, "b"), 1);
	assert_int_equal(records_events(&records, "a"), 0);
	assert_string_equal(records_event(&records, "b", 0)->event, "fork");
	assert_null(records_event(&records, "b", 1));
	assert_null(records_test(&records, "a"));
	assert_int_equal(records_test(&records, "b")->outcome, TEST_FAIL);
	assert_int_equal(records_first_detail(records_test(&records, "b")), 1);
	assert_int_equal(records_count(&records, TEST_FAIL), 1);
	assert_null(records_running(&records));
	assert_int_equal(records.klogs[0].taint, 512);
	assert_int_equal(records.exit.reason, REASON_SIGNALED);
	assert_int_equal(records.exit.status, -1);
	assert_int_equal(records.exit.signal, 9);
	assert_int_equal(records.payload, 4);
	records_free(&records);
}

/* `count` lines of `body`, `size` bytes of payload in each. */
static char *flood(size_t count, const char *start, size_t size, const char *end, size_t *len)
{
	char *text = NULL, *filling = malloc(size);
	FILE *out = open_memstream(&text, len);

	memset(filling, 'x', size);
	fputs(START, out);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, STAMP("%zu", "payload") "%s", i + 2, start);
		fwrite(filling, 1, size, out);
		fprintf(out, "%s}\n", end);
	}
	fclose(out);
	free(filling);
	return text;
}

static void long_line(void **state)
{
	static const char start[] = "\"type\":\"probe\",\"object\":\"", end[] = "\"";
	struct records records;
	size_t len;
	char *text = flood(1, start, RECORD_LINE_MAX, end, &len);

	(void)state;
	assert_int_equal(records_parse(text, len, NONCE, &records), 0);
	assert_has(records.problem, "line 3: longer than");
	records_free(&records);
	free(text);
}

#define BIG_EVENT \
	"\"type\":\"event\",\"test\":\"a\",\"object\":\"o\",\"event\":\"e\",\"fields\":{\"x\":\""

/* Too many events are counted; too much of anything else is a problem. */
static void floods(void **state)
{
	struct records records;
	size_t len;
	char *text = flood(20, BIG_EVENT, 1024 * 1024, "\"}", &len);

	(void)state;
	assert_int_equal(records_parse(text, len, NONCE, &records), 0);
	assert_string_equal(records.problem, "");
	assert_true(records.event_count >= 15 && records.events_left_out >= 4);
	assert_int_equal(records.event_count + records.events_left_out, 20);
	records_free(&records);
	free(text);

	text = flood(
		40, "\"type\":\"probe\",\"object\":\"", 4000000,
		"\",\"program\":\"\",\"section\":\"\",\"loaded\":true,\"attached\":true,\"error\":null,\"class\":null,\"log\":null,"
		"\"insns\":1,\"states\":1,\"peak_states\":1,\"stack\":1,\"verify_us\":1,\"jited\":1,\"load_ms\":1",
		&len);
	assert_int_equal(records_parse(text, len, NONCE, &records), 0);
	assert_has(records.problem, "too many records to keep");
	assert_true(records.probe_count < 40);
	records_free(&records);
	free(text);
}

static void deep_nesting(void **state)
{
	enum { DEPTH = 100000 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	struct records records;

	(void)state;
	fputs(START STAMP(
		      "2",
		      "payload") "\"type\":\"event\",\"test\":\"a\",\"object\":\"o\",\"event\":\"e\",\"fields\":{\"x\":",
	      out);
	for (int i = 0; i < DEPTH; i++)
		fputc('[', out);
	for (int i = 0; i < DEPTH; i++)
		fputc(']', out);
	fputs("}}\n", out);
	fclose(out);
	assert_int_equal(records_parse(text, len, NONCE, &records), 0);
	assert_has(records.problem, "line 3: not JSON: maximum parsing depth");
	records_free(&records);
	free(text);
}

/* build/unit/x_test -> testrunner/records.md; the tests run from anywhere. */
static char *page_read(void)
{
	char exe[4096], path[4200];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *text = NULL;
	size_t size = 0;
	FILE *in, *out;

	assert_true(len > 0);
	exe[len] = '\0';
	snprintf(path, sizeof(path), "%s/../../testrunner/records.md", dirname(exe));
	in = fopen(path, "r");
	if (!in)
		return NULL;
	out = open_memstream(&text, &size);
	for (int c; (c = getc(in)) != EOF;)
		fputc(c, out);
	fclose(in);
	fclose(out);
	return text;
}

static void page_examples(void **state)
{
	char *page = page_read(), *text = NULL, *save = NULL;
	struct records records;
	size_t len;
	FILE *out;

	(void)state;
	if (!page)
		skip();
	out = open_memstream(&text, &len);
	for (char *line = strtok_r(page, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (line[0] == '{')
			fprintf(out, "%s\n", line);
	fclose(out);
	assert_int_equal(records_parse(text, len, NONCE, &records), 0);
	assert_string_equal(records.problem, "");
	assert_true(records.has_hello && records.has_plan && records.has_exit);
	assert_true(records.probe_count && records.event_count && records.test_count == 3 &&
		    records.item_count == 4 && records.klog_count == 2);
	assert_int_equal(records.exit.records, records.payload);
	records_free(&records);
	free(text);
	free(page);
}

int main(void)
{
	enum { ROWS = sizeof(orders) / sizeof(orders[0]) };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(examples_are_valid),
		cmocka_unit_test(every_field_is_required),
		cmocka_unit_test(null_only_where_it_may_be),
		cmocka_unit_test(wrong_types),
		cmocka_unit_test(unknown_fields),
		cmocka_unit_test(wrong_writers),
		cmocka_unit_test(half_line_is_noted),
		cmocka_unit_test(nonce_from_the_runner),
		cmocka_unit_test(values_arrive),
		cmocka_unit_test(long_line),
		cmocka_unit_test(floods),
		cmocka_unit_test(deep_nesting),
		cmocka_unit_test(page_examples),
	};
	struct CMUnitTest tests[ROWS + sizeof(others) / sizeof(others[0])];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ .name = orders[i].about,
						.test_func = orders_lines,
						.initial_state = (void *)&orders[i] };
	memcpy(tests + ROWS, others, sizeof(others));
	return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
