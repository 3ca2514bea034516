/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Errors of a test that only the BTF of its objects shows: place and text of the message.
 */
#include <errno.h>

#include "match_fixture.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static const struct error_row {
	const char *blocks; /* from line 3 on */
	unsigned int line, column;
	const char *message;
} error_rows[] = {
	{ "expect frok\n", 3, 8, "unknown event type 'frok': did you mean 'fork'?" },
	{ "expect fork\nrefuse signal\n", 4, 8,
	  "unknown event type 'signal': the objects have fork exec exit" },
	/* Fields. */
	{ "expect fork\n  parent.tigd == 1\n", 4, 3,
	  "fork: 'parent.tigd' is not a field: did you mean 'parent.tgid'?" },
	{ "expect fork\n  parnet.tgid == 1\n", 4, 3,
	  "fork: 'parnet' is not a field: did you mean 'parent'?" },
	{ "expect fork\n  parent.tgid == child.tigd\n", 4, 18,
	  "fork: 'child.tigd' is not a field: did you mean 'child.tgid'?" },
	{ "expect fork\n  task.comm == cat\n", 4, 16,
	  "fork: 'cat' is not a field (text is written in quotes)" },
	{ "expect fork\nexpect exec\n  pids.tgid == fork.child.tigd\n", 5, 16,
	  "fork: 'child.tigd' is not a field: did you mean 'child.tgid'?" },
	{ "expect fork\nexpect exec\n  fork.child.tgid == 1\n", 5, 3,
	  "exec: 'fork' is not a field (the left side is this event's: other blocks' fields go "
	  "right)" },
	{ "expect fork\n  parent == 1\n", 4, 3, "'parent' is a struct: name one of its fields" },
	{ "expect fork\n  task.tid == parent\n", 4, 15,
	  "'parent' is not a value: name one of its parts" },
	{ "expect exit\n  samples == 1\n", 4, 3,
	  "'samples' is an array: name one of its elements, or its count" },
	{ "expect exec\n  argv.x == 1\n", 4, 3,
	  "exec: 'argv.x' is not a field: a list has 'count' and 'length'" },
	{ "expect fork\n  task.comm[16] == 1\n", 4, 3,
	  "fork: 'task.comm[16]' is past the end: it has 16 elements" },
	/* Kinds that can never compare. */
	{ "expect fork\n  task.tid == \"cat\"\n", 4, 15,
	  "'task.tid' is a number: it cannot be compared with \"cat\"" },
	{ "expect exec\n  argv.count == \"cat\"\n", 4, 17,
	  "'argv.count' is a number: it cannot be compared with \"cat\"" },
	{ "expect exec\n  argv.count in {1, \"c\\x00t\"}\n", 4, 21,
	  "'argv.count' is a number: it cannot be compared with \"c\\x00t\"" },
	{ "expect fork\n  task.tid ~ \"5*\"\n", 4, 14, "'task.tid' is a number: '~' is for text" },
	{ "expect fork\n  task.comm has \"c\"\n", 4, 3,
	  "'task.comm' is text: 'has' is for bits and lists" },
	{ "expect exec\n  argv[0] has \"c\"\n", 4, 3,
	  "'argv[0]' is text: 'has' is for bits and lists" },
	{ "expect exit\n  ipv4 == 5\n", 4, 11,
	  "'ipv4' is an IPv4 address: it cannot be compared with 5" },
	{ "expect exit\n  ipv4 == \"::1\"\n", 4, 11,
	  "'ipv4' is an IPv4 address: it cannot be compared with \"::1\"" },
	{ "expect exit\n  ipv6 in {\"::1\", \"127.0.0.1\"}\n", 4, 19,
	  "'ipv6' is an IPv6 address: it cannot be compared with \"127.0.0.1\"" },
	{ "expect exit\n  ipv4 ~ \"127.*\"\n", 4, 10, "'ipv4' is an address: '~' is for text" },
	{ "expect exit\n  ipv4 has 1\n", 4, 3,
	  "'ipv4' is an address: 'has' is for bits and lists" },
	{ "expect fork\n  task.mood == MOOD_GRIN\n", 4, 16,
	  "'MOOD_GRIN' is not an enumerator of enum sample_mood: did you mean 'MOOD_GRIM'?" },
	{ "expect fork\n  task.mood in {MOOD_CALM, SAMPLE_FORK}\n", 4, 28,
	  "'SAMPLE_FORK' is not an enumerator of enum sample_mood" },
	{ "expect fork\n  task.tid == MOOD_GRIN\n", 4, 15,
	  "'MOOD_GRIN' is not an enumerator of any enum in the object: did you mean 'MOOD_GRIM'?" },
};

static void errors(void **state)
{
	struct btf *btf = sample_btf(NULL);
	struct schema *schema;
	char problem[64];

	(void)state;
	assert_int_equal(schema_new(btf, &schema, problem, sizeof(problem)), 0);
	for (size_t i = 0; i < ARRAY_SIZE(error_rows); i++) {
		const struct error_row *row = &error_rows[i];
		const struct schema *schemas[] = { schema };
		struct parse_error error;
		struct matcher *matcher;
		struct test *test;
		char text[512];
		int err;

		snprintf(text, sizeof(text), "probe p\nrun g\n%s", row->blocks);
		if (test_parse(text, strlen(text), &test, &error))
			fail_msg("%u:%u: %s", error.line, error.column, error.message);
		err = matcher_new(&test->event, schemas, 1, &matcher, &error);
		if (err != -EINVAL || matcher || error.line != row->line ||
		    error.column != row->column || strcmp(error.message, row->message) != 0)
			fail_msg("got %d %u:%u: %s\nwant %u:%u: %s\n%s", err, error.line,
				 error.column, error.message, row->line, row->column, row->message,
				 text);
		test_free(test);
	}
	schema_free(schema);
	btf__free(btf);
}

static void no_objects_at_all(void **state)
{
	static const char text[] = "probe p\nrun g\nexpect fork\n";
	struct parse_error error;
	struct matcher *matcher;
	struct test *test;

	(void)state;
	assert_int_equal(test_parse(text, strlen(text), &test, &error), 0);
	assert_int_equal(matcher_new(&test->event, NULL, 0, &matcher, &error), -EINVAL);
	assert_string_equal(error.message, "unknown event type 'fork': the objects have none");
	test_free(test);
	matcher_free(NULL);
}

/* Text that is a number, and names of enumerators, become the numbers that they are. */
static void text_becomes_numbers(void **state)
{
	struct fixture *f =
		fixture_open("expect exit\n pids.tgid == \"5\"\n flags has MOOD_KEEN\n"
			     " task.mood in MOOD_CALM..MOOD_KEEN\n task.mood ~ \"MOOD_*\"\n"
			     " type == SAMPLE_EXIT\n exit_code < \"0x10\"\n");
	struct exit_sample exit = exit_sample(5, -1);

	(void)state;
	exit.flags = 0xf;
	exit.header.task.mood = 3;
	feed(f, &exit, sizeof(exit));
	/* 3 is not an enumerator, so there is not a name that the pattern could match. */
	assert_false(matcher_satisfied(f->matcher));
	exit.header.task.mood = MOOD_KEEN;
	feed(f, &exit, sizeof(exit));
	check(f, NULL);
}

/* In any form: of literals, variables and other events. */
static void text_becomes_addresses(void **state)
{
	struct fixture *f =
		fixture_open("expect exit as first\n ipv4 == \"127.0.0.1\"\n"
			     "expect exit as second\n ipv6 == $peer\n ipv4 != $other\n"
			     "expect exit as third\n ipv6 == first.ipv6\n exit_code == 3\n");
	struct exit_sample exit = exit_sample(5, 1);

	(void)state;
	memcpy(&exit.flags, "\x7f\0\0\x01", 4);
	memcpy((char *)&exit.address + 15, "\x01", 1);
	feed(f, &exit, sizeof(exit));
	exit.exit_code = 3;
	exit.flags++;
	feed(f, &exit, sizeof(exit));
	memcpy((char *)&exit.address + 9, "\x01", 1);
	feed(f, &exit, sizeof(exit));
	assert_false(matcher_satisfied(f->matcher));
	set_variables(f, "{\"peer\": \"0::1:0:0:1\", \"other\": \"127.0.0.1\"}");
	check(f, NULL);
}

static void text_that_is_no_address(void **state)
{
	struct fixture *f = fixture_open("refuse exit\n ipv4 == $peer\n");

	(void)state;
	feed_exit(f, 5, 1);
	set_variables(f, "{\"peer\": \"127.0.0.256\"}");
	check(f, "exit: ipv4 == $peer: 'ipv4' is an IPv4 address: it cannot be compared with "
		 "\"127.0.0.256\"\nseen: 1 exit\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors),
		cmocka_unit_test(no_objects_at_all),
		cmocka_unit_test(text_becomes_numbers),
		cmocka_unit_test(text_becomes_addresses),
		cmocka_unit_test(text_that_is_no_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
