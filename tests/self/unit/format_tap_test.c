// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* TAP: what counts as a test, and everything that makes output of it malformed. */
#include "program_fixture.h"

static const struct program_case cases[] = {
	{ "a plan first", "TAP version 14\n1..2\nok 1 - adds\nok 2 subtracts\n", NULL, NULL, false,
	  "pass adds\npass subtracts\n> pass" },
	{ "a plan last, no version, no numbers", "ok\nok - b\n1..2\n", NULL, NULL, false,
	  "pass 1\npass b\n> pass" },
	{ "a last line without an end, CRLF", "TAP version 13\r\n1..1\r\nok 1 - x\r", NULL, NULL,
	  false, "pass x\n> pass" },
	{ "one fails", "1..2\nok 1 - a\nnot ok 2 - b\n", NULL, NULL, false,
	  "pass a\nfail b\n> fail: 1 of 2 tests failed, first b: failed" },
	{ "one fails, and says why", "1..1\nnot ok 1 - b\n#\n#   line 7\n# more\n", NULL, NULL,
	  false, "fail b: line 7\n> fail: 1 of 1 tests failed, first b: line 7" },
	{ "one fails, and the exit status says so too", "1..1\nnot ok 1 - b\n", NULL,
	  "exited with 1", true, "fail b\n> fail: 1 of 1 tests failed, first b: failed" },
	{ "all pass, but for the exit status", "1..1\nok 1 - a\n", NULL, "exited with 3", true,
	  "pass a\n> fail: exited with 3, yet none of its tests failed" },
	{ "last words that are no UTF-8", "1..1\nok 1 - a\n", NULL, "exited with 3: \xe4", true,
	  "pass a\n> fail: exited with 3: \xef\xbf\xbd, yet none of its tests failed" },
	{ "killed", "1..1\nnot ok 1 - a\n", NULL, "killed by signal 11", false,
	  "fail a\n> fail: killed by signal 11" },
	{ "directives",
	  "1..6\nok 1 - a # SKIP no tty\nnot ok 2 - b # TODO later\nok 3 - c # todo\n"
	  "ok 4 - d # Skipped: e\nnot ok 5 # SKIP\nok 6 - f # skipping is no word, nor # todos\n",
	  NULL, NULL, false,
	  "skip a: no tty\nskip b: TODO: later\npass c\nskip d: e\nskip 5\n"
	  "pass f # skipping is no word, nor # todos\n> pass" },
	{ "escapes", "1..2\nok 1 - a \\# SKIP b\nok 2 - c\\\\d # x\n", NULL, NULL, false,
	  "pass a # SKIP b\npass c\\d # x\n> pass" },
	{ "all skipped", "1..2\nok 1 a # SKIP x\nok 2 b # SKIP y\n", NULL, NULL, false,
	  "skip a: x\nskip b: y\n> skip: all 2 tests were skipped, first a: x" },
	{ "the whole program is skipped", "TAP version 13\n1..0 # SKIP no such device\n", NULL,
	  NULL, false, "> skip: no such device" },
	{ "skipped, with a status", "1..0 # skip x\n", NULL, "exited with 1", true,
	  "> fail: exited with 1" },
	{ "nothing planned", "1..0\n", NULL, NULL, false,
	  "> fail: it ran no test: its plan is 1..0" },
	{ "nothing at all", "", NULL, NULL, false, "> fail: it printed no TAP" },
	{ "no TAP", "hello\nworld\n", NULL, NULL, false, "> fail: it printed no TAP" },
	{ "a version alone", "TAP version 14\n", NULL, NULL, false, "> fail: no plan" },
	{ "no plan", "ok 1 - a\n", NULL, NULL, false, "pass a\n> fail: no plan" },
	{ "two plans", "1..1\nok 1\n1..1\n", NULL, NULL, false, "pass 1\n> fail: a second plan" },
	{ "a plan between", "ok 1\n1..2\nok 2\n", NULL, NULL, false,
	  "pass 1\npass 2\n> fail: the plan stands between tests" },
	{ "too few", "1..3\nok 1\nok 2\n", NULL, NULL, false,
	  "pass 1\npass 2\n> fail: the plan is of 3 tests, but 2 came" },
	{ "too many", "1..1\nok 1\nok 2\n", NULL, NULL, false,
	  "pass 1\npass 2\n> fail: the plan is of 1 tests, but 2 came" },
	{ "more than there are numbers", "1..99999999999999999999999\nok 1\n", NULL, NULL, false,
	  "pass 1\n> fail: the plan is of 18446744073709551615 tests, but 1 came" },
	{ "a number twice", "1..2\nok 1 a\nok 1 b\n", NULL, NULL, false,
	  "pass a\npass b\n> fail: test 1 comes twice" },
	{ "a number beyond", "1..2\nok 1 a\nok 3 b\n", NULL, NULL, false,
	  "pass a\npass b\n> fail: test 3 is beyond the plan of 2" },
	{ "number 0", "1..1\nok 0 a\n", NULL, NULL, false, "pass a\n> fail: a test of number 0" },
	{ "any order", "1..2\nok 2 b\nok 1 a\n", NULL, NULL, false, "pass b\npass a\n> pass" },
	{ "a number that is none", "1..2\nok 1st\nok 2\n", NULL, NULL, false,
	  "pass 1st\npass 2\n> pass" },
	{ "no points", "1..1\nokay\nok1\nnot okay\n", NULL, NULL, false,
	  "> fail: the plan is of 1 tests, but 0 came" },
	{ "no plans", "1..x\n2..3\n1..2x\nok\n", NULL, NULL, false, "pass 1\n> fail: no plan" },
	{ "bails out", "1..3\nok 1 a\nBail out! no memory\nnot ok 2\n", NULL, NULL, false,
	  "pass a\n> fail: Bail out! no memory" },
	{ "a subtest bails out", "1..1\n# Subtest: x\n    1..2\n    Bail out!\n", NULL, NULL, false,
	  "> fail: Bail out!" },
	{ "unknown version", "TAP version 15\n1..1\nok 1\n", NULL, NULL, false,
	  "pass 1\n> fail: TAP version 15 is not known: up to 14 is" },
	{ "the same name", "1..4\nok 1 a\nok 2 a\nok 3 a (2)\nok 4 a\n", NULL, NULL, false,
	  "pass a\npass a (2)\npass a (2) (2)\npass a (3)\n> pass" },
	{ "no UTF-8", "1..1\nok 1 a\xff\x1b[31m<b>\n", NULL, NULL, false,
	  "pass a\xef\xbf\xbd\x1b[31m<b>\n> pass" },
	{ "subtests, named before, by a comment inside, and by their result",
	  "TAP version 14\n1..4\n# Subtest: x\n    1..2\n    ok 1 - a\n    ok 2 - b\nok 1 - x\n"
	  "    # Subtest: y\n    ok 1 - c\n    1..1\nok 2 - y\n    1..1\n    ok 1\nok 3 - z\n"
	  "    ok 1 - d\n    1..1\nok 4\n",
	  NULL, NULL, false,
	  "pass x/a\npass x/b\npass x\npass y/c\npass y\npass z/1\npass z\npass 4/d\npass 4\n> pass" },
	{ "subtests of subtests",
	  "TAP version 14\n1..1\n    1..1\n        1..2\n        ok 1 - c\n"
	  "        not ok 2 - d\n    not ok 1 - b\nnot ok 1 - a\n",
	  NULL, NULL, false,
	  "pass a/b/c\nfail a/b/d\nfail a/b\nfail a\n> fail: 3 of 4 tests failed, first a/b/d: failed" },
	{ "a subtest that fails fails its parent", "1..1\n    1..1\n    not ok 1 - b\nok 1 - a\n",
	  NULL, NULL, false, "fail a/b\npass a\n> fail: 1 of 2 tests failed, first a/b: failed" },
	{ "a TODO forgives subtests",
	  "1..2\nok 1\n    1..1\n    not ok 1 - b\nnot ok 2 - a # TODO x\n", NULL, NULL, false,
	  "pass 1\nskip a/b: TODO\nskip a: TODO: x\n> pass" },
	{ "a subtest's plan does not add up", "1..1\n    1..2\n    ok 1 - b\nok 1 - a\n", NULL,
	  NULL, false,
	  "pass a/b\npass a\n> fail: subtest without a name: the plan is of 2 tests, but 1 came" },
	{ "a subtest without a plan", "1..1\n# Subtest: x\n    ok 1 - b\nok 1 - x\n", NULL, NULL,
	  false, "pass x/b\npass x\n> fail: subtest x: no plan" },
	{ "a subtest without a result", "1..1\nok 1\n# Subtest: x\n    1..1\n    ok 1 - b\n", NULL,
	  NULL, false, "pass 1\npass x/b\n> fail: subtest x: its parent has no result for it" },
	{ "a subtest's subtest without a result",
	  "1..1\n    1..0\n        1..1\n        ok 1 - c\nok 1 - a\n", NULL, NULL, false,
	  "pass a/c\npass a\n> fail: subtest without a name: its parent has no result for it" },
	{ "before version 14 what is indented is noise",
	  "TAP version 13\n1..1\n    ok 1 - x\nok 1 - a\n", NULL, NULL, false, "pass a\n> pass" },
	{ "noise",
	  "1..1\n  ok 1 - x\n   1..7\n\tok\nok 1 - a\n\n...\n  ---\n  x\n  ...\npragma +strict\n",
	  NULL, NULL, false, "pass a\n> pass" },
	{ "a point in YAML is none", "1..1\nok 1 - a\n  ---\n  ok 2 - b\n  ...\n", NULL, NULL,
	  false, "pass a\n> pass" },
	{ "YAML of another document is noise",
	  "1..1\n# Subtest: x\n    1..1\n    ok 1 - a\n  ---\nok 1 - x\n", NULL, NULL, false,
	  "pass x/a\npass x\n> pass" },
	{ "YAML without an end", "1..2\nok 1 - a\n  ---\n  x: 1\nok 2 - b\n", NULL, NULL, false,
	  "pass a\npass b\n> fail: YAML diagnostics without an end" },
	{ "the output ends in YAML", "1..1\nok 1 - a\n  ---\n  x: 1\n", NULL, NULL, false,
	  "pass a\n> fail: YAML diagnostics without an end" },
	{ "cut short by the deadline", "1..2\nok 1 - a\n", NULL, "timed out after 10 s", false,
	  "pass a\n> fail: timed out after 10 s" },
};

static void all_cases(void **state)
{
	(void)state;
	check_cases(PROGRAM_TAP, cases, sizeof(cases) / sizeof(cases[0]));
}

static struct program_output *feed(const char *text)
{
	struct program_output *output = program_output_new(PROGRAM_TAP);

	program_output_take(output, false, text, strlen(text));
	return output;
}

static void judge(struct program_output *output, struct program_verdict *verdict)
{
	const struct program_end end = { 0 };

	assert_int_equal(program_output_judge(output, &end, verdict), 0);
}

static void diagnostics_are_kept(void **state)
{
	struct program_output *output = feed(
		"1..3\nok 1 - a\n  ---\n  duration_ms: 12.7\n  ...\n# about a\n"
		"not ok 2 - b\n  ---\n  got: 1\n\n    want: 2\n  duration_ms: 3\n  ...\n# more\n"
		"garbage\n# still more\nok 3 - c\n# about c\n");
	struct program_verdict verdict;
	json_t *details;

	(void)state;
	program_output_take(output, true, "said\n", 5);
	judge(output, &verdict);
	assert_int_equal(program_output_subtests(output)->items[0].duration_ms, 12);
	assert_int_equal(program_output_subtests(output)->items[1].duration_ms, 3);
	assert_int_equal(program_output_subtests(output)->items[2].duration_ms, -1);
	details = program_output_details(output, 0);
	assert_int_equal(json_array_size(details), 0);
	json_decref(details);
	details = program_output_details(output, 1);
	{
		char *text = json_dumps(details, 0);

		assert_non_null(
			strstr(text,
			       "[\"got: 1\", \"got: 1\", \"\", \"  want: 2\", \"duration_ms: 3\", "
			       "\"# more\", \"# still more\", \"stderr:\", \"said\", "
			       "\"stdout:\", \"1..3\","));
		free(text);
	}
	/* The one that failed shows everything: the test itself has nothing to add. */
	assert_int_equal(json_array_size(verdict.details), 0);
	json_decref(details);
	json_decref(verdict.details);
	program_output_free(output);
}

static void a_flood_of_points(void **state)
{
	struct program_output *output = program_output_new(PROGRAM_TAP);
	struct program_verdict verdict;

	(void)state;
	for (int i = 1; i <= 30000; i++) {
		char line[600];
		int len = sprintf(line, "not ok %d - %0400d\n# %0100d\n", i, i, i);

		program_output_take(output, false, line, (size_t)len);
	}
	program_output_take(output, false, "1..30000\n", 9);
	judge(output, &verdict);
	assert_int_equal(program_output_subtests(output)->count, SUBTESTS_MAX);
	assert_int_equal(strlen(program_output_subtests(output)->items[0].name), SUBTEST_NAME_MAX);
	assert_string_equal(verdict.reason,
			    "more than 10000 tests in its output: 20000 were left out");
	json_decref(verdict.details);
	program_output_free(output);
}

static void deep_subtests(void **state)
{
	struct program_output *output = program_output_new(PROGRAM_TAP);
	struct program_verdict verdict;

	(void)state;
	program_output_take(output, false, "1..0\n", 5);
	for (int depth = 1; depth < 40; depth++) {
		char line[256];
		int len = sprintf(line, "%*s1..1\n", depth * 4, "");

		program_output_take(output, false, line, (size_t)len);
	}
	judge(output, &verdict);
	assert_string_equal(verdict.reason, "subtests are nested deeper than 15");
	json_decref(verdict.details);
	program_output_free(output);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_cases),
		cmocka_unit_test(diagnostics_are_kept),
		cmocka_unit_test(a_flood_of_points),
		cmocka_unit_test(deep_subtests),
	};

	return cmocka_run_group_tests_name("TAP", tests, NULL, NULL);
}
