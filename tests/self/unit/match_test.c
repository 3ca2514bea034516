/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Conditions for a pass: lines, variables, other blocks' events, distinctness, order, counts,
 * refusals.
 */
#include "match_fixture.h"

static void one_event_is_enough(void **state)
{
	struct fixture *f = fixture_open("expect fork\n parent.tgid == 1\n child.tgid in 2..3\n");

	(void)state;
	feed_exec(f, 1, "x");
	feed_fork(f, 1, 4);
	assert_false(matcher_satisfied(f->matcher));
	feed_fork(f, 1, 3);
	assert_true(matcher_satisfied(f->matcher));
	feed_fork(f, 1, 2);
	assert_true(matcher_satisfied(f->matcher));
	check(f, NULL);
}

static void a_block_without_lines_takes_any_event(void **state)
{
	struct fixture *f = fixture_open("expect fork\n");

	(void)state;
	feed_fork(f, 0, 0);
	check(f, NULL);
}

static void fields_of_the_same_event(void **state)
{
	struct fixture *f =
		fixture_open("expect fork\n parent.tgid == child.ppid\n child.tid == child.tgid\n"
			     " child.tgid in {parent.tgid, 7, child.tid}\n");
	struct fork_sample thread = fork_sample(1, 2);

	(void)state;
	thread.child.tid = 3;
	feed(f, &thread, sizeof(thread));
	assert_false(matcher_satisfied(f->matcher));
	feed_fork(f, 1, 2);
	check(f, NULL);
}

static void text_lists_bits_and_enumerators(void **state)
{
	struct fixture *f =
		fixture_open("expect exec\n filename ~ \"*/ls\"\n argv.count == 2\n"
			     " argv[1] == \"--all\"\n argv has \"ls\"\n filename.length > 3\n"
			     "expect exit\n flags has 0x6\n task.mood == MOOD_KEEN\n"
			     " pids.mood in {MOOD_GRIM, MOOD_CALM}\n flags == MOOD_KEEN\n");
	struct exec_sample exec = exec_sample(1, "/bin/ls");
	struct exit_sample exit = exit_sample(1, 0);

	(void)state;
	exec.argv.off = EXEC_SAMPLE_SIZE + 8;
	exec.argv.len = 9;
	memcpy(exec.bytes + 8, "ls\0--all", 9);
	feed(f, &exec, sizeof(exec));
	exit.flags = 7;
	exit.header.task.mood = MOOD_KEEN;
	exit.pids.mood = MOOD_GRIM;
	feed(f, &exit, sizeof(exit));
	check(f, NULL);
}

static void variables_before_or_after_the_events(void **state)
{
	static const char blocks[] =
		"expect fork\n parent.tgid == $pid\n child.tgid in $ids[0]..$ids[1]\n"
		"expect exec\n filename == $name.of.file\n pids.tgid == $text\n"
		"expect exit\n address == $high\n exit_code == $minus\n flags == $yes\n"
		" task.mood == $mood\n";
	static const char json[] =
		"{\"pid\":1,\"ids\":[2,3],\"name\":{\"of\":{\"file\":\"x\"}},\"text\":\"5\","
		"\"high\":\"18446744073709551615\",\"minus\":-1,\"yes\":true,"
		"\"mood\":\"MOOD_GRIM\"}";
	struct exit_sample exit = exit_sample(1, -1);

	(void)state;
	exit.address = UINT64_MAX;
	exit.flags = 1;
	exit.header.task.mood = MOOD_GRIM;
	for (int before = 0; before < 2; before++) {
		struct fixture *f = fixture_open(blocks);

		if (before)
			set_variables(f, json);
		feed_fork(f, 9, 3);
		feed_fork(f, 1, 3);
		feed_exec(f, 4, "x");
		feed_exec(f, 5, "x");
		feed(f, &exit, sizeof(exit));
		assert_int_equal(matcher_satisfied(f->matcher), before);
		if (!before)
			set_variables(f, json);
		assert_true(matcher_satisfied(f->matcher));
		check(f, NULL);
	}
}

static void other_blocks_events(void **state)
{
	struct fixture *f = fixture_open("expect fork\nexpect exec\n pids.tgid == fork.child.tgid\n"
					 "expect exit\n pids.tgid == exec.pids.tgid\n"
					 " exit_code in fork.parent.tgid..exec.pids.tgid\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 3, 4);
	feed_exec(f, 4, "x");
	assert_false(matcher_satisfied(f->matcher));
	feed_exit(f, 2, 3);
	feed_exit(f, 4, 2);
	feed_exit(f, 4, 5);
	assert_false(matcher_satisfied(f->matcher));
	feed_exit(f, 4, 4);
	check(f, NULL);
}

/*
 * The first fork that fits has no exec: only the second makes all blocks hold. And so on, from the
 * last back.
 */
static void the_first_choice_may_be_wrong(void **state)
{
	struct fixture *f =
		fixture_open("expect fork as a\nexpect fork as b\n parent.tgid == a.child.tgid\n"
			     "expect fork as c\n parent.tgid == b.child.tgid\n"
			     "expect exit\n pids.tgid == c.child.tgid\n exit_code == 7\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 2, 3);
	feed_fork(f, 3, 4);
	feed_fork(f, 4, 5);
	feed_exit(f, 4, 0);
	feed_exit(f, 5, 7);
	check(f, NULL);
}

static void blocks_of_one_type_stand_for_different_events(void **state)
{
	static const char blocks[] = "expect fork as a\n parent.tgid == 1\n"
				     "expect fork as b\n child.tgid in 2..3\n"
				     "expect fork as c\n child.tgid == 2\n";
	struct fixture *f = fixture_open(blocks);

	(void)state;
	/* Greedy would give 1->2 to `a` or `b`, and leave none for `c`. */
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 3);
	assert_false(matcher_satisfied(f->matcher));
	feed_fork(f, 1, 9);
	assert_true(matcher_satisfied(f->matcher));
	check(f, NULL);

	f = fixture_open(blocks);
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 2);
	feed_fork(f, 2, 3);
	check(f, NULL);
}

/*
 * Memory stays flat for blocks that stand alone: a few candidates must be enough, whatever came
 * first.
 */
static void many_events_for_blocks_that_stand_alone(void **state)
{
	struct fixture *f = fixture_open("expect fork as a\nexpect fork as b\nexpect fork as c\n"
					 " child.tgid == 1\n");

	(void)state;
	feed_fork(f, 1, 1);
	for (uint32_t i = 0; i < 10000; i++)
		feed_fork(f, 1, 2 + i);
	check(f, NULL);
}

static void order_is_asked_for(void **state)
{
	static const char any[] = "expect fork\nexpect exec\n",
			  then[] = "expect fork\nthen expect exec\n";
	struct fixture *f = fixture_open(any);

	(void)state;
	feed_exec(f, 1, "x");
	feed_fork(f, 1, 2);
	check(f, NULL);

	f = fixture_open(then);
	feed_exec(f, 1, "x");
	feed_fork(f, 1, 2);
	assert_false(matcher_satisfied(f->matcher));
	feed_exec(f, 2, "x");
	assert_true(matcher_satisfied(f->matcher));
	check(f, NULL);
}

static void order_of_three(void **state)
{
	struct fixture *f = fixture_open(
		"expect fork as a\nthen expect fork as b\n parent.tgid == 1\n"
		"refuse exit\n exit_code == 9\nthen expect fork as c\n child.tgid == 3\n");

	(void)state;
	feed_fork(f, 1, 3);
	feed_fork(f, 1, 3);
	assert_false(matcher_satisfied(f->matcher));
	feed_exit(f, 1, 0);
	feed_fork(f, 2, 3);
	check(f, NULL);
}

static void exact_counts(void **state)
{
	static const char *const wants[] = {
		"fork: no fork event came\nseen: 1 exec\n",
		"expect 2 fork: got 1\nseen: 1 fork, 1 exec\n",
		NULL,
		"expect 2 fork: got 3\nseen: 3 fork, 1 exec\n",
	};

	(void)state;
	for (uint32_t count = 0; count < 4; count++) {
		struct fixture *f = fixture_open("expect 2 fork\n parent.tgid == 1\nexpect exec\n");

		feed_exec(f, 1, "x");
		for (uint32_t i = 0; i < count; i++)
			feed_fork(f, 1, 2);
		/* More may still come, but then it will not be satisfied any less. */
		assert_int_equal(matcher_satisfied(f->matcher), count >= 2);
		check(f, wants[count]);
	}
}

/* `expect 1` counts and has a name. */
static void exactly_one(void **state)
{
	static const char blocks[] = "expect 1 fork\n parent.tgid == $pid\n"
				     "expect 1 exec\n pids.tgid == fork.child.tgid\n";
	struct fixture *f = fixture_open(blocks);

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 2, 3);
	feed_exec(f, 2, "x");
	feed_exec(f, 3, "x");
	set_variables(f, "{\"pid\":1}");
	check(f, NULL);

	f = fixture_open(blocks);
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 3);
	feed_exec(f, 2, "x");
	set_variables(f, "{\"pid\":1}");
	check(f, "expect 1 fork: got 2\nseen: 2 fork, 1 exec\n");

	f = fixture_open(blocks);
	feed_fork(f, 1, 2);
	feed_exec(f, 2, "x");
	feed_exec(f, 2, "y");
	set_variables(f, "{\"pid\":1}");
	check(f, "expect 1 exec: got 2\nseen: 1 fork, 2 exec\n");
}

/* A count is of events that hold the lines, whichever other blocks they stand for as well. */
static void counts_share_events(void **state)
{
	struct fixture *f = fixture_open("expect 2 fork\nexpect fork as a\n child.tgid == 2\n"
					 "expect 1 fork as b\n child.tgid == 3\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 3);
	check(f, NULL);
}

static void counts_of_lines_about_other_blocks(void **state)
{
	static const char blocks[] = "expect fork\n parent.tgid == 1\n"
				     "expect 2 exec as execs\n pids.tgid == fork.child.tgid\n";
	struct fixture *f = fixture_open(blocks);

	(void)state;
	/* The fork of 3 has one exec, that of 4 has two. */
	feed_fork(f, 1, 3);
	feed_fork(f, 1, 4);
	feed_exec(f, 3, "x");
	feed_exec(f, 4, "x");
	feed_exec(f, 4, "x");
	check(f, NULL);

	f = fixture_open(blocks);
	feed_fork(f, 1, 3);
	feed_exec(f, 3, "x");
	feed_exec(f, 3, "x");
	feed_exec(f, 3, "x");
	check(f, "expect 2 execs: got 3\nseen: 1 fork, 3 exec\n");
}

static void counts_in_order(void **state)
{
	static const char blocks[] = "expect fork\nthen expect 2 exec\nthen expect exit\n"
				     "then expect 2 fork as late\n";
	struct fixture *f = fixture_open(blocks);

	(void)state;
	feed_exec(f, 0, "too early to count");
	feed_fork(f, 1, 2);
	feed_exec(f, 2, "x");
	feed_exit(f, 2, 0);
	assert_false(matcher_satisfied(f->matcher));
	feed_exec(f, 2, "x");
	feed_exit(f, 2, 0);
	feed_fork(f, 1, 3);
	assert_false(matcher_satisfied(f->matcher));
	feed_fork(f, 1, 4);
	check(f, NULL);

	f = fixture_open(blocks);
	feed_fork(f, 1, 2);
	feed_exec(f, 2, "x");
	feed_exec(f, 2, "x");
	feed_exit(f, 2, 0);
	feed_fork(f, 1, 3);
	check(f, "expect 2 late: got 1\nseen: 2 fork, 2 exec, 1 exit\n");
}

static void refused_events(void **state)
{
	static const char blocks[] =
		"expect exit\nrefuse fork\n parent.tgid == $pid\n child.tgid != 3\n";
	struct fixture *f = fixture_open(blocks);

	(void)state;
	feed_exit(f, 1, 0);
	feed_fork(f, 1, 3);
	feed_fork(f, 2, 4);
	assert_false(matcher_satisfied(f->matcher));
	set_variables(f, "{\"pid\":1}");
	assert_true(matcher_satisfied(f->matcher));
	check(f, NULL);

	f = fixture_open(blocks);
	feed_exit(f, 1, 0);
	feed_fork(f, 1, 3);
	feed_fork(f, 1, 4);
	feed_fork(f, 1, 5);
	set_variables(f, "{\"pid\":1}");
	check(f,
	      "refuse fork: one came: parent.tgid is 1, child.tgid is 4\nseen: 3 fork, 1 exit\n");

	f = fixture_open("refuse fork\n");
	check(f, NULL);

	f = fixture_open("refuse fork\n");
	feed_fork(f, 1, 2);
	check(f, "refuse fork: one came\nseen: 1 fork\n");
}

static void refused_events_of_lines_about_other_blocks(void **state)
{
	static const char blocks[] = "expect fork\n parent.tgid == 1\n"
				     "refuse exec\n pids.tgid == fork.child.tgid\n";
	struct fixture *f = fixture_open(blocks);

	(void)state;
	feed_fork(f, 1, 2);
	feed_exec(f, 3, "x");
	check(f, NULL);

	f = fixture_open(blocks);
	feed_fork(f, 1, 2);
	feed_exec(f, 3, "x");
	feed_exec(f, 2, "x");
	check(f, "refuse exec: one came: pids.tgid is 2\nseen: 1 fork, 2 exec\n");

	/* Without the event to compare with, its absence is what is said. */
	f = fixture_open(blocks);
	feed_exec(f, 2, "x");
	check(f, "fork: no fork event came\nseen: 1 exec\n");
}

/*
 * Where several choices are possible, each counts to refuse: the order of arrival must not decide.
 */
static void refusals_hold_for_every_choice(void **state)
{
	static const char blocks[] = "expect fork\n parent.tgid == 1\n"
				     "refuse exec\n pids.tgid == fork.child.tgid\n";

	(void)state;
	for (uint32_t swap = 0; swap < 2; swap++) {
		struct fixture *f = fixture_open(blocks);

		feed_fork(f, 1, 2 + swap);
		feed_fork(f, 1, 3 - swap);
		feed_exec(f, 3, "x");
		check(f, "refuse exec: one came: pids.tgid is 3\nseen: 2 fork, 1 exec\n");
	}
}

/* ... but only of choices with which all that is expected holds. */
static void refusals_are_of_choices_that_hold(void **state)
{
	struct fixture *f = fixture_open("expect fork\n parent.tgid == 1\nexpect exit\n"
					 " pids.tgid == fork.child.tgid\nrefuse exec\n"
					 " pids.tgid == fork.child.tgid\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 3);
	feed_exec(f, 3, "x");
	feed_exit(f, 2, 0);
	check(f, NULL);
}

/* Also the event that a block stands for is refused. */
static void a_refused_event_may_be_an_expected_one(void **state)
{
	struct fixture *f =
		fixture_open("expect fork\n parent.tgid == 1\n"
			     "refuse fork\n child.tgid == fork.child.tgid\n parent.tgid == 1\n");

	(void)state;
	feed_fork(f, 1, 2);
	check(f, "refuse fork: one came: child.tgid is 2, parent.tgid is 1\nseen: 1 fork\n");
}

static void what_cannot_be_read_holds_nothing(void **state)
{
	struct fixture *f = fixture_open("expect exec as a\n argv[3] != \"x\"\n");

	(void)state;
	feed_exec(f, 1, "x");
	check(f, "a: argv[3] != \"x\": got nothing, want another than \"x\"\nseen: 1 exec\n");

	f = fixture_open("expect exec as a\n filename == argv[3]\n");
	feed_exec(f, 1, "x");
	check(f, "a: filename == argv[3]: got \"x\", want nothing\nseen: 1 exec\n");
}

/* Names, and text that is a number: also when there are so many events that they are looked up. */
static void blocks_tied_by_text(void **state)
{
	struct fixture *f =
		fixture_open("expect exec as a\n pids.tgid == 7\n"
			     "expect exec as b\n filename == a.filename\n pids.tgid != 7\n"
			     "expect exec as c\n filename == b.pids.tgid\n"
			     "expect fork\n child.tgid == c.filename\n");
	static const char *const names[] = { "/bin/a", "/bin/b", "/bin/c", "/bin/ab", "/bin/", "" };
	/* In the order of text the last one, in that of numbers the first. */
	static const char *const numbers[] = { "100", "200", "300", "400" };

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		feed_exec(f, 6 + 3 * i, names[i]);
	for (uint32_t i = 0; i < 6; i++)
		feed_fork(f, 1, 10 + i);
	feed_exec(f, 7, "/bin/d");
	feed_exec(f, 7, "/bin/b");
	for (size_t i = 0; i < 4; i++)
		feed_exec(f, 90, numbers[i]);
	feed_fork(f, 1, 9);
	assert_false(matcher_satisfied(f->matcher));
	feed_exec(f, 90, "9");
	check(f, NULL);
}

static void what_cannot_be_read_is_equal_to_nothing(void **state)
{
	struct fixture *f =
		fixture_open("expect fork\nexpect exec as a\n pids.tgid == fork.child.tgid\n"
			     "expect exec as b\n argv[1] == a.argv[1]\n"
			     "expect exec as c\n argv[1] == b.argv[1]\n");

	(void)state;
	feed_fork(f, 1, 2);
	for (uint32_t i = 0; i < 6; i++)
		feed_exec(f, 2, "x");
	assert_false(matcher_satisfied(f->matcher));
	check(f, "b: argv[1] == a.argv[1]: got nothing, want nothing\nseen: 1 fork, 6 exec\n");
}

static void two_objects(void **state)
{
	struct fixture *f = fixture_open("expect fork\nexpect exec\n");
	struct fork_sample fork = fork_sample(1, 2);
	const struct schema *schemas[2];
	struct parse_error error;
	struct matcher *matcher;
	struct schema *other;
	char problem[64];

	(void)state;
	assert_int_equal(schema_new(f->btf, &other, problem, sizeof(problem)), 0);
	schemas[0] = f->schema;
	schemas[1] = other;
	matcher_free(f->matcher);
	assert_int_equal(matcher_new(&f->test->event, schemas, 2, &matcher, &error), 0);
	f->matcher = matcher;
	/* A type that both have is the first one's: the second one's events are not it. */
	assert_int_equal(matcher_feed(matcher, other, schema_find(other, "fork"), &fork,
				      sizeof(fork)),
			 0);
	feed_exec(f, 1, "x");
	assert_false(matcher_satisfied(matcher));
	feed_fork(f, 1, 2);
	assert_true(matcher_satisfied(matcher));
	/* An object that the matcher was not made for is nobody's. */
	matcher_free(f->matcher);
	assert_int_equal(matcher_new(&f->test->event, schemas, 1, &f->matcher, &error), 0);
	assert_int_equal(matcher_feed(f->matcher, other, schema_find(other, "fork"), &fork,
				      sizeof(fork)),
			 0);
	schema_free(other);
	check(f, "fork: no fork event came\nexec: no exec event came\nseen: no event at all\n");
}

static void being_satisfied_is_asked_often(void **state)
{
	struct fixture *f =
		fixture_open("expect fork as a\nexpect fork as b\n parent.tgid == a.child.tgid\n"
			     "expect exit\n");

	(void)state;
	assert_false(matcher_satisfied(f->matcher));
	assert_false(matcher_satisfied(f->matcher));
	for (uint32_t i = 0; i < 300; i++) {
		feed_fork(f, 1, 2);
		assert_false(matcher_satisfied(f->matcher));
	}
	feed_exit(f, 1, 0);
	assert_false(matcher_satisfied(f->matcher));
	feed_fork(f, 2, 3);
	assert_true(matcher_satisfied(f->matcher));
	check(f, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_event_is_enough),
		cmocka_unit_test(a_block_without_lines_takes_any_event),
		cmocka_unit_test(fields_of_the_same_event),
		cmocka_unit_test(text_lists_bits_and_enumerators),
		cmocka_unit_test(variables_before_or_after_the_events),
		cmocka_unit_test(other_blocks_events),
		cmocka_unit_test(the_first_choice_may_be_wrong),
		cmocka_unit_test(blocks_of_one_type_stand_for_different_events),
		cmocka_unit_test(many_events_for_blocks_that_stand_alone),
		cmocka_unit_test(order_is_asked_for),
		cmocka_unit_test(order_of_three),
		cmocka_unit_test(exact_counts),
		cmocka_unit_test(exactly_one),
		cmocka_unit_test(counts_share_events),
		cmocka_unit_test(counts_of_lines_about_other_blocks),
		cmocka_unit_test(counts_in_order),
		cmocka_unit_test(refused_events),
		cmocka_unit_test(refused_events_of_lines_about_other_blocks),
		cmocka_unit_test(refusals_hold_for_every_choice),
		cmocka_unit_test(refusals_are_of_choices_that_hold),
		cmocka_unit_test(a_refused_event_may_be_an_expected_one),
		cmocka_unit_test(what_cannot_be_read_holds_nothing),
		cmocka_unit_test(blocks_tied_by_text),
		cmocka_unit_test(what_cannot_be_read_is_equal_to_nothing),
		cmocka_unit_test(two_objects),
		cmocka_unit_test(being_satisfied_is_asked_often),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
