// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Output of go test -v. */
#include "program_fixture.h"

#define RUN(name)	   "=== RUN   " name "\n"
#define END(outcome, name) "--- " outcome ": " name " (0.01s)\n"

static const struct program_case cases[] = {
	{ "one passes", RUN("TestA") END("PASS", "TestA") "PASS\n", NULL, NULL, false,
	  "pass TestA\n> pass" },
	{ "what go test adds", RUN("TestA") END("PASS", "TestA") "PASS\nok  \tpkg\t0.01s\n", NULL,
	  NULL, false, "pass TestA\n> pass" },
	{ "one fails, with what it logged",
	  RUN("TestA") "    a_test.go:3: first\n    a_test.go:7: got 1, want 2\nbye\n" END(
		  "FAIL", "TestA") "FAIL\n",
	  NULL, "exited with 1", true,
	  "fail TestA: a_test.go:7: got 1, want 2\n"
	  "> fail: 1 of 1 tests failed, first TestA: a_test.go:7: got 1, want 2" },
	{ "its log after the result, as old releases do",
	  RUN("TestA") END("FAIL",
			   "TestA") "    a_test.go:7: old\nFAIL\nexit status 1\nFAIL\tpkg\t0.1s\n",
	  NULL, "exited with 1", true,
	  "fail TestA: a_test.go:7: old\n> fail: 1 of 1 tests failed, first TestA: a_test.go:7: old" },
	{ "skipped",
	  RUN("TestA") "    a_test.go:3: needs root\n" END("SKIP", "TestA") RUN("TestB")
		  END("PASS", "TestB") "PASS\n",
	  NULL, NULL, false, "skip TestA: a_test.go:3: needs root\npass TestB\n> pass" },
	{ "all skipped", RUN("TestA") END("SKIP", "TestA") "PASS\n", NULL, NULL, false,
	  "skip TestA\n> skip: all 1 tests were skipped, first TestA: no reason given" },
	{ "nested",
	  RUN("TestA") RUN("TestA/x_(1)") RUN("TestA/y")
		  END("FAIL", "TestA") "    " END("PASS", "TestA/x_(1)") "    " END(
			  "FAIL", "TestA/y") "        a_test.go:9: y\nFAIL\n",
	  NULL, "exited with 1", true,
	  "fail TestA\npass TestA/x_(1)\nfail TestA/y: a_test.go:9: y\n"
	  "> fail: 2 of 3 tests failed, first TestA: failed" },
	{ "parallel: output belongs to whom it names",
	  RUN("TestA") "=== PAUSE TestA\n" RUN(
		  "TestB") "=== PAUSE TestB\n=== CONT  TestA\n"
			   "=== CONT  TestB\nb\n=== NAME  TestA\na\n" END("FAIL", "TestA")
				   END("FAIL", "TestB") "FAIL\n",
	  NULL, "exited with 1", true,
	  "fail TestA: a\nfail TestB: b\n> fail: 2 of 2 tests failed, first TestA: a" },
	{ "what nobody said",
	  RUN("TestA") "=== PAUSE TestA\nnobody\n" END("FAIL", "TestA") "FAIL\nnobody\n", NULL,
	  "exited with 1", true, "fail TestA\n> fail: 1 of 1 tests failed, first TestA: failed" },
	{ "PASS is not at the end", "PASS\n" RUN("TestA") END("PASS", "TestA"), NULL, NULL, false,
	  "pass TestA\n> fail: its output does not end with PASS or FAIL" },
	{ "a result behind what was printed without a newline",
	  RUN("TestA") "done... " END("PASS", "TestA") "PASS\n", NULL, NULL, false,
	  "pass TestA\n> pass" },
	{ "marked as for test2json", "\x16=== RUN   TestA\n\x16--- PASS: TestA (0.00s)\nPASS\n",
	  NULL, NULL, false, "pass TestA\n> pass" },
	{ "another's result is output",
	  RUN("TestA") "see --- PASS: TestB (0.00s)\nPASS\n" END("FAIL", "TestA") "FAIL\n", NULL,
	  "exited with 1", true,
	  "fail TestA: PASS\n> fail: 1 of 1 tests failed, first TestA: PASS" },
	{ "a result without its beginning", END("PASS", "TestA") "PASS\n", NULL, NULL, false,
	  "pass TestA\n> pass" },
	{ "two runs", RUN("TestA") END("PASS", "TestA") RUN("TestA") END("PASS", "TestA") "PASS\n",
	  NULL, NULL, false, "pass TestA\npass TestA (2)\n> pass" },
	{ "panics", RUN("TestA") END("FAIL", "TestA"),
	  "panic: boom [recovered]\n\ngoroutine 7 [running]:\n", "exited with 2", true,
	  "fail TestA\n> fail: panic: boom [recovered]" },
	{ "panics before its result", RUN("TestA") "panic: boom\n", NULL, "exited with 2", true,
	  "fail TestA: panic: boom\n> fail: panic: boom" },
	{ "exits in the middle", RUN("TestA"), NULL, NULL, false,
	  "fail TestA: did not end\n> fail: its output does not end with PASS or FAIL" },
	{ "exits in the middle with a status", RUN("TestA"), NULL, "exited with 3", true,
	  "fail TestA: exited with 3\n> fail: 1 of 1 tests failed, first TestA: exited with 3" },
	{ "the deadline", RUN("TestA") END("PASS", "TestA") RUN("TestB"), NULL,
	  "timed out after 10 s", false,
	  "pass TestA\nfail TestB: timed out after 10 s\n> fail: timed out after 10 s" },
	{ "no PASS at the end", RUN("TestA") END("PASS", "TestA"), NULL, NULL, false,
	  "pass TestA\n> fail: its output does not end with PASS or FAIL" },
	{ "PASS is said, and another test begins",
	  RUN("TestA") END("PASS", "TestA") "PASS\n" RUN("TestB"), NULL, NULL, false,
	  "pass TestA\nfail TestB: did not end\n> fail: its output does not end with PASS or FAIL" },
	{ "FAIL without a cause", RUN("TestA") END("PASS", "TestA") "FAIL\n", NULL, "exited with 1",
	  true, "pass TestA\n> fail: exited with 1, yet none of its tests failed" },
	{ "FAIL without a cause or status", RUN("TestA") END("PASS", "TestA") "FAIL\n", NULL, NULL,
	  false, "pass TestA\n> fail: FAIL at its end, yet no test failed" },
	{ "a package that does not build", "FAIL\tpkg [build failed]\n", NULL, "exited with 1",
	  true, "> fail: exited with 1" },
	{ "no tests", "testing: warning: no tests to run\nPASS\n", NULL, NULL, false,
	  "> fail: it ran no test: no tests to run" },
	{ "nothing at all", "", NULL, NULL, false,
	  "> fail: its output does not end with PASS or FAIL" },
};

static void all_cases(void **state)
{
	(void)state;
	check_cases(PROGRAM_GO, cases, sizeof(cases) / sizeof(cases[0]));
}

static void durations_and_output(void **state)
{
	static const char text[] = RUN("TestA") "x\n" END("PASS", "TestA")
		RUN("TestB") "    y\n--- FAIL: TestB "
			     "(1.25s)\nFAIL\n";
	struct program_output *output = program_output_new(PROGRAM_GO);
	const struct program_end end = { 0 };
	struct program_verdict verdict;
	json_t *details;
	char *dump;

	(void)state;
	program_output_take(output, false, text, strlen(text));
	program_output_judge(output, &end, &verdict);
	assert_int_equal(program_output_subtests(output)->items[0].duration_ms, 10);
	assert_int_equal(program_output_subtests(output)->items[1].duration_ms, 1250);
	assert_null(program_output_subtests(output)->items[0].output.data);
	details = program_output_details(output, 1);
	dump = json_dumps(details, 0);
	assert_non_null(strstr(dump, "[\"y\", \"y\", \"stdout:\", \"=== RUN   TestA\", \"x\","));
	free(dump);
	json_decref(details);
	json_decref(verdict.details);
	program_output_free(output);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_cases),
		cmocka_unit_test(durations_and_output),
	};

	return cmocka_run_group_tests_name("go", tests, NULL, NULL);
}
