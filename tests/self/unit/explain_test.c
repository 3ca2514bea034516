/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Failures in words: the nearest miss first, then what else speaks against a pass, then what was
 * seen.
 */
#include "match_fixture.h"

static void the_line_that_was_missed(void **state)
{
	struct fixture *f =
		fixture_open("expect fork\n parent.tgid == $pid\n child.ppid  ==  $pid\n");
	struct fork_sample fork = fork_sample(56, 58);

	(void)state;
	feed_fork(f, 1, 57);
	fork.child.ppid = 57;
	feed(f, &fork, sizeof(fork));
	feed_fork(f, 2, 57);
	set_variables(f, "{\"pid\":56}");
	check(f, "fork: child.ppid == $pid: got 57, want 56\nseen: 3 fork\n");
}

/* One after the other, each operator's wish. */
static void every_operator(void **state)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "exit_code == 7", "exit_code == 7: got -2, want 7" },
		{ "exit_code != -2", "exit_code != -2: got -2, want another than -2" },
		{ "exit_code < -2", "exit_code < -2: got -2, want less than -2" },
		{ "exit_code <= -3", "exit_code <= -3: got -2, want at most -3" },
		{ "exit_code > $n", "exit_code > $n: got -2, want more than 5" },
		{ "exit_code >= 0", "exit_code >= 0: got -2, want at least 0" },
		{ "exit_code in 1..$n", "exit_code in 1..$n: got -2, want 1..5" },
		{ "exit_code in {1, $n}", "exit_code in {1, $n}: got -2, want one of 1, 5" },
		{ "flags has 0x18", "flags has 0x18: got 0xf0, want 0x18" },
		{ "flags has MOOD_KEEN", "flags has MOOD_KEEN: got 0xf0, want MOOD_KEEN (0x7)" },
		{ "task.comm ~ \"c*\"", "task.comm ~ \"c*\": got \"dog\", want \"c*\"" },
		{ "task.mood == MOOD_CALM",
		  "task.mood == MOOD_CALM: got MOOD_GRIM (8), want MOOD_CALM (0)" },
		{ "task.comm == \"cat\"", "task.comm == \"cat\": got \"dog\", want \"cat\"" },
		{ "task.comm.length == 4", "task.comm.length == 4: got 3, want 4" },
		{ "pids.tgid == task.tgid", "pids.tgid == task.tgid: got 9, want 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct exit_sample exit = exit_sample(9, -2);
		char blocks[128], want[256];
		struct fixture *f;

		snprintf(blocks, sizeof(blocks), "expect exit\n %s\n", rows[i].line);
		snprintf(want, sizeof(want), "exit: %s\nseen: 1 exit\n", rows[i].want);
		f = fixture_open(blocks);
		exit.flags = 0xf0;
		exit.header.task.mood = MOOD_GRIM;
		strcpy(exit.header.task.comm, "dog");
		feed(f, &exit, sizeof(exit));
		set_variables(f, "{\"n\":5}");
		check(f, want);
	}
}

static void lists_are_shown_whole(void **state)
{
	struct fixture *f = fixture_open("expect exec\n argv has \"-l\"\n");
	struct exec_sample exec = exec_sample(1, "x");

	(void)state;
	exec.argv.off = EXEC_SAMPLE_SIZE + 8;
	exec.argv.len = 9;
	memcpy(exec.bytes + 8, "ls\0--all", 9);
	feed(f, &exec, sizeof(exec));
	check(f, "exec: argv has \"-l\": got [\"ls\", \"--all\"], want \"-l\"\nseen: 1 exec\n");
}

static void events_that_did_not_come(void **state)
{
	struct fixture *f = fixture_open("expect fork\nexpect exec as run\nexpect exit\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 2);
	check(f, "run: no exec event came\nexit: no exit event came\nseen: 2 fork\n");

	f = fixture_open("expect fork\n");
	check(f, "fork: no fork event came\nseen: no event at all\n");
}

/* With the fork that its exec belongs to, not with just any: what the exit missed is its code. */
static void the_choice_that_got_furthest(void **state)
{
	struct fixture *f = fixture_open("expect fork\nexpect exec\n pids.tgid == fork.child.tgid\n"
					 "expect exit\n pids.tgid == fork.child.tgid\n"
					 " exit_code == exec.pids.tgid\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_fork(f, 1, 3);
	feed_fork(f, 1, 4);
	feed_exec(f, 3, "x");
	feed_exit(f, 2, 7);
	feed_exit(f, 4, 7);
	feed_exit(f, 3, 7);
	check(f,
	      "exit: exit_code == exec.pids.tgid: got 7, want 3\nseen: 3 fork, 1 exec, 3 exit\n");
}

/*
 * The exit is known and the exec is not to be found: it is the line that ties the two that was
 * missed.
 */
static void the_line_of_a_block_that_is_known(void **state)
{
	struct fixture *f =
		fixture_open("expect exec\n filename == \"x\"\n"
			     "expect exit\n pids.tgid == exec.pids.tgid\n exit_code == 7\n");

	(void)state;
	for (uint32_t i = 0; i < 6; i++)
		feed_exec(f, i, "x");
	for (uint32_t i = 0; i < 6; i++)
		feed_exit(f, i, 0);
	feed_exit(f, 9, 7);
	check(f, "exit: pids.tgid == exec.pids.tgid: got 9, want 0\nseen: 6 exec, 7 exit\n");
}

/* The nearest is not one that was among the first to come. */
static void the_nearest_of_many(void **state)
{
	struct fixture *f = fixture_open("expect fork\n parent.tgid == 1\n child.tgid == 2\n"
					 " child.tid == 3\n task.comm == \"x\"\n");
	struct fork_sample near = fork_sample(1, 2);

	(void)state;
	for (uint32_t i = 0; i < 1000; i++)
		feed_fork(f, 7, i + 100);
	for (uint32_t i = 0; i < 1000; i++)
		feed_fork(f, 1, i + 100);
	for (uint32_t i = 0; i < 10; i++)
		feed_fork(f, 7, i + 100);
	for (uint32_t i = 0; i < 990; i++)
		feed_fork(f, 1, 2);
	near.child.tid = 3;
	feed(f, &near, sizeof(near));
	check(f, "fork: task.comm == \"x\": got \"\", want \"x\"\nseen: 3001 fork\n");
}

/* Of several that are as near as each other it is the first. */
static void the_first_of_the_nearest(void **state)
{
	struct fixture *f = fixture_open("expect fork\n child.tgid == 1\n");

	(void)state;
	for (uint32_t i = 5; i < 9; i++)
		feed_fork(f, 1, i);
	check(f, "fork: child.tgid == 1: got 5, want 1\nseen: 4 fork\n");
}

/* Lines about variables count as soon as they are known, for events that came before. */
static void the_nearest_by_variables(void **state)
{
	struct fixture *f = fixture_open("expect fork\n task.comm == \"x\"\n parent.tgid == $a\n"
					 " child.tgid == $b\n");

	(void)state;
	feed_fork(f, 1, 3);
	feed_fork(f, 8, 2);
	feed_fork(f, 1, 2);
	set_variables(f, "{\"a\":1,\"b\":2}");
	check(f, "fork: task.comm == \"x\": got \"\", want \"x\"\nseen: 3 fork\n");
}

static void events_that_stand_for_another_block(void **state)
{
	struct fixture *f = fixture_open("expect fork as a\nexpect fork as b\nexpect exec\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_exec(f, 2, "x");
	check(f, "b: every event that fits stands for another block already\n"
		 "seen: 1 fork, 1 exec\n");
}

/* There is but one: it cannot come after itself, and order is not what is wrong. */
static void an_event_that_stands_for_the_block_before(void **state)
{
	struct fixture *f = fixture_open("expect fork as a\nthen expect fork as b\n");

	(void)state;
	feed_fork(f, 1, 2);
	check(f, "b: every event that fits stands for another block already\nseen: 1 fork\n");
}

static void events_in_the_wrong_order(void **state)
{
	struct fixture *f = fixture_open("expect fork\nthen expect exec\n");

	(void)state;
	feed_exec(f, 2, "x");
	feed_fork(f, 1, 2);
	check(f, "exec: came, but not after fork, as 'then' asks\nseen: 1 fork, 1 exec\n");
}

static void counts_that_are_not_met(void **state)
{
	struct fixture *f = fixture_open("expect 3 exec\n filename ~ \"*ls\"\nexpect 2 exit\n");

	(void)state;
	feed_exec(f, 2, "/bin/ls");
	feed_exec(f, 2, "/bin/ls");
	feed_exec(f, 2, "/bin/cat");
	feed_exit(f, 2, 0);
	feed_exit(f, 2, 0);
	feed_exit(f, 2, 0);
	check(f, "expect 3 exec: got 2\nexec: filename ~ \"*ls\": got \"/bin/cat\", want \"*ls\"\n"
		 "expect 2 exit: got 3\nseen: 3 exec, 3 exit\n");
}

static void counts_of_lines_about_other_blocks(void **state)
{
	struct fixture *f = fixture_open("expect fork\n child.tgid == 2\n"
					 "expect 2 exec as execs\n pids.tgid == fork.child.tgid\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_exec(f, 2, "x");
	feed_exec(f, 3, "x");
	check(f, "expect 2 execs: got 1\nexecs: pids.tgid == fork.child.tgid: got 3, want 2\n"
		 "seen: 1 fork, 2 exec\n");
}

static void what_is_refused_and_came(void **state)
{
	struct fixture *f = fixture_open("expect fork\nrefuse exec\nrefuse exit\n exit_code != 0\n"
					 " pids.tgid == fork.child.tgid\n");

	(void)state;
	feed_fork(f, 1, 2);
	feed_exec(f, 2, "x");
	feed_exit(f, 2, 0);
	feed_exit(f, 2, 9);
	check(f, "refuse exec: one came\nrefuse exit: one came: exit_code is 9, pids.tgid is 2\n"
		 "seen: 1 fork, 1 exec, 2 exit\n");
}

static void variables_that_are_wrong(void **state)
{
	static const char blocks[] = "expect fork\n parent.tgid == $pid\n"
				     "refuse exec\n pids.tgid in {1, $ids[1].of}\n";
	static const struct {
		const char *json, *want;
	} rows[] = {
		{ "{}",
		  "fork: parent.tgid == $pid: $pid: the generator's JSON has no 'pid'\n"
		  "exec: pids.tgid in {1, $ids[1].of}: $ids[1].of: the generator's JSON has no 'ids'\n" },
		{ "{\"pid\":1,\"ids\":[1,2]}",
		  "exec: pids.tgid in {1, $ids[1].of}: $ids[1].of: the generator's JSON has no "
		  "'ids[1].of'\n" },
		{ "{\"pid\":1,\"ids\":[1]}",
		  "exec: pids.tgid in {1, $ids[1].of}: $ids[1].of: the generator's JSON has no 'ids[1]'\n" },
		{ "{\"pid\":1.5,\"ids\":[1,{\"of\":{}}]}",
		  "fork: parent.tgid == $pid: $pid is a number with a fraction: only integers compare\n"
		  "exec: pids.tgid in {1, $ids[1].of}: $ids[1].of is an object: name one of its fields\n" },
		{ "{\"pid\":null,\"ids\":[1,{\"of\":[]}]}",
		  "fork: parent.tgid == $pid: $pid is null in the generator's JSON\n"
		  "exec: pids.tgid in {1, $ids[1].of}: $ids[1].of is an array: name one of its elements\n" },
		/* It could never compare: a refuse would hold its peace for the wrong reason. */
		{ "{\"pid\":1,\"ids\":[1,{\"of\":\"me\"}]}",
		  "exec: pids.tgid in {1, $ids[1].of}: 'pids.tgid' is a number: it cannot be compared with "
		  "\"me\"\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fixture *f = fixture_open(blocks);
		char want[512];

		snprintf(want, sizeof(want), "%sseen: 1 fork\n", rows[i].want);
		feed_fork(f, 1, 2);
		set_variables(f, rows[i].json);
		check(f, want);
	}
}

static void patterns_that_are_numbers(void **state)
{
	struct fixture *f = fixture_open("refuse exec\n filename ~ $pattern\n");

	(void)state;
	set_variables(f, "{\"pattern\":5}");
	check(f,
	      "exec: filename ~ $pattern: '~' wants a pattern, not a number\nseen: no event at all\n");
}

static void no_variables_at_all(void **state)
{
	struct fixture *f = fixture_open("refuse fork\n parent.tgid == $pid\n");

	(void)state;
	matcher_set_variables(f->matcher, NULL);
	feed_fork(f, 1, 2);
	assert_false(matcher_satisfied(f->matcher));
	check(f, "the generator printed no JSON object, so no $variable is known\nseen: 1 fork\n");
}

static void lines_are_few_and_short(void **state)
{
	struct fixture *f;
	char blocks[4000] = "";
	json_t *details;

	(void)state;
	for (int i = 0; i < 40; i++)
		sprintf(blocks + strlen(blocks), "expect exec as b%d\n filename == \"%0*d\"\n", i,
			60, i);
	f = fixture_open(blocks);
	feed_exec(f, 1, "some name that it is not, with \x01 and \xff in it");
	assert_false(matcher_finish(f->matcher, &details));
	assert_int_equal(json_array_size(details), 8);
	assert_string_equal(json_string_value(json_array_get(details, 7)), "seen: 1 exec");
	assert_string_equal(json_string_value(json_array_get(details, 6)),
			    "and 34 more like these");
	json_decref(details);
	fixture_close(f);
}

/*
 * Nothing of what is wanted comes, and no choice of what came can be excluded soon: it ends all the
 * same.
 */
static void a_search_that_is_given_up(void **state)
{
	struct fixture *f =
		fixture_open("expect fork as a\nexpect fork as b\n child.tid != a.child.tid\n"
			     "expect fork as c\n child.tid != b.child.tid\n"
			     "expect fork as d\n child.tid != c.child.tid\n"
			     " parent.tid > a.parent.tid\n");

	(void)state;
	for (uint32_t i = 0; i < 300; i++)
		feed_fork(f, 1, i);
	check(f, "gave up looking for events that suit all blocks after 2000000 steps: more lines "
		 "about numbers, text or $variables would narrow it down\nseen: 300 fork\n");
}

static void a_refusal_that_is_given_up(void **state)
{
	struct fixture *f =
		fixture_open("expect fork as a\nexpect fork as b\n child.tid != a.child.tid\n"
			     "refuse fork\n child.tid < a.child.tid\n child.tid > b.child.tid\n"
			     " child.tid == 99999\n"
			     "refuse fork\n child.tid < a.child.tid\n child.tid > b.child.tid\n"
			     " parent.tid != a.parent.tid\n");

	(void)state;
	for (uint32_t i = 0; i < 300; i++)
		feed_fork(f, 1, i);
	check(f, "refuse fork: gave up looking for one after 2000000 steps\nseen: 300 fork\n");
}

/* Nothing tells which of them will matter, and no two are alike: there is an end to that. */
static void too_many_events_to_keep(void **state)
{
	struct fixture *f =
		fixture_open("expect fork\n child.tgid == $pid\nexpect exec\n"
			     " pids.tgid > 5\nrefuse exit\n pids.tgid == fork.child.tgid\n");
	char want[512];
	json_t *details;
	long left_out;

	(void)state;
	for (uint32_t i = 0; i < 400000; i++)
		feed_fork(f, 1, i);
	feed_exec(f, 7, "x");
	feed_exit(f, 400000, 0);
	/* Not even one that was kept makes it a pass. */
	set_variables(f, "{\"pid\":1}");
	assert_false(matcher_finish(f->matcher, &details));
	assert_int_equal(sscanf(json_string_value(json_array_get(details, 0)), "fork: %ld",
				&left_out),
			 1);
	if (left_out < 100000 || left_out > 350000)
		fail_msg("left out: got %ld, want 100000 to 350000", left_out);
	json_decref(details);
	snprintf(
		want, sizeof(want),
		"fork: %ld events more than 32 MiB hold may matter to 'child.tgid == $pid': print the JSON "
		"before they come, or add lines without $ that sort most of them out\n"
		"exit: 1 events more than 32 MiB hold may matter to 'pids.tgid == fork.child.tgid': add "
		"lines without $ that sort most of them out\n"
		"seen: 400000 fork, 1 exec, 1 exit\n",
		left_out);
	check(f, want);

	/* Known at once, they sort the events out, and nothing is kept. */
	f = fixture_open("expect fork\n child.tgid == $pid\n");
	set_variables(f, "{\"pid\":1}");
	for (uint32_t i = 0; i < 400000; i++)
		feed_fork(f, 1, i);
	check(f, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_that_was_missed),
		cmocka_unit_test(every_operator),
		cmocka_unit_test(lists_are_shown_whole),
		cmocka_unit_test(events_that_did_not_come),
		cmocka_unit_test(the_choice_that_got_furthest),
		cmocka_unit_test(the_line_of_a_block_that_is_known),
		cmocka_unit_test(the_nearest_of_many),
		cmocka_unit_test(the_first_of_the_nearest),
		cmocka_unit_test(the_nearest_by_variables),
		cmocka_unit_test(events_that_stand_for_another_block),
		cmocka_unit_test(an_event_that_stands_for_the_block_before),
		cmocka_unit_test(events_in_the_wrong_order),
		cmocka_unit_test(counts_that_are_not_met),
		cmocka_unit_test(counts_of_lines_about_other_blocks),
		cmocka_unit_test(what_is_refused_and_came),
		cmocka_unit_test(variables_that_are_wrong),
		cmocka_unit_test(patterns_that_are_numbers),
		cmocka_unit_test(no_variables_at_all),
		cmocka_unit_test(lines_are_few_and_short),
		cmocka_unit_test(a_search_that_is_given_up),
		cmocka_unit_test(a_refusal_that_is_given_up),
		cmocka_unit_test(too_many_events_to_keep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
