// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Output of GoogleTest. */
#include "program_fixture.h"

#define START(count) \
	"[==========] Running " count " tests from 1 test suite.\n[----------] Global set-up.\n"
#define RAN(count)                                                        \
	"[----------] 2 tests from A (3 ms total)\n\n[==========] " count \
	" tests from 1 test suite ran. (4 ms total)\n"
#define RUN(name)    "[ RUN      ] " name "\n"
#define OK(name)     "[       OK ] " name " (1 ms)\n"
#define FAILED(name) "[  FAILED  ] " name " (2 ms)\n"

static const struct program_case cases[] = {
	{ "two pass",
	  START("2") RUN("A.a") OK("A.a") RUN("A.b") OK("A.b") RAN("2") "[  PASSED  ] 2 tests.\n",
	  NULL, NULL, false, "pass A.a\npass A.b\n> pass" },
	{ "one fails",
	  START("1") RUN("A.a") "a.cc:7: Failure\nExpected equality:\n  1\n  2\n" FAILED("A.a") RAN(
		  "1") "[  PASSED  ] 0 tests.\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.a\n\n 1 FAILED TEST\n",
	  NULL, "exited with 1", true,
	  "fail A.a: a.cc:7: Failure: Expected equality:\n"
	  "> fail: 1 of 1 tests failed, first A.a: a.cc:7: Failure: Expected equality:" },
	{ "a failure without words", START("1") RUN("A.a") "last words\n\n" FAILED("A.a") RAN("1"),
	  NULL, "exited with 1", true,
	  "fail A.a: last words\n> fail: 1 of 1 tests failed, first A.a: last words" },
	{ "with a parameter",
	  START("1")
		  RUN("I/A.a/0") "[  FAILED  ] I/A.a/0, where GetParam() = (1) (0 ms)\n" RAN("1"),
	  NULL, "exited with 1", true,
	  "fail I/A.a/0\n> fail: 1 of 1 tests failed, first I/A.a/0: failed" },
	{ "skipped",
	  START("2") RUN("A.a") "a.cc:3: Skipped\nneeds root\n[  SKIPPED ] A.a (0 ms)\n" RUN(
		  "A.b") OK("A.b")
		  RAN("2") "[  PASSED  ] 1 test.\n[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] A.a\n",
	  NULL, NULL, false, "skip A.a: needs root\npass A.b\n> pass" },
	{ "all skipped", START("1") RUN("A.a") "[  SKIPPED ] A.a (0 ms)\n" RAN("1"), NULL, NULL,
	  false, "skip A.a\n> skip: all 1 tests were skipped, first A.a: no reason given" },
	{ "disabled", START("1") "[ DISABLED ] A.DISABLED_x\n" RUN("A.a") OK("A.a") RAN("1"), NULL,
	  NULL, false, "skip A.DISABLED_x: disabled\npass A.a\n> pass" },
	{ "nothing but disabled ones",
	  START("0") RAN("0") "[  PASSED  ] 0 tests.\n\n  YOU HAVE 2 DISABLED TESTS\n", NULL, NULL,
	  false, "> fail: it ran no test: 2 are disabled" },
	{ "none", START("0") RAN("0"), NULL, NULL, false, "> fail: it ran no test" },
	{ "a result behind what was printed without a newline",
	  START("1") RUN("A.a") "[...] " OK("A.a") RAN("1"), NULL, NULL, false,
	  "pass A.a\n> pass" },
	{ "another's result is output", START("1") RUN("A.a") OK("A.b") FAILED("A.a") RAN("1"),
	  NULL, "exited with 1", true,
	  "fail A.a: [       OK ] A.b (1 ms)\n"
	  "> fail: 1 of 1 tests failed, first A.a: [       OK ] A.b (1 ms)" },
	{ "crashes", START("2") RUN("A.a"), NULL, "killed by signal 11", false,
	  "fail A.a: killed by signal 11\n> fail: killed by signal 11" },
	{ "exits in the middle", START("2") RUN("A.a") OK("A.a"), NULL, NULL, false,
	  "pass A.a\n> fail: it announced 2 tests, and ended after 1" },
	{ "exits in the middle of a test", START("1") RUN("A.a"), NULL, NULL, false,
	  "fail A.a: did not end\n> fail: it announced 1 tests, and ended after 0" },
	{ "a test without a result", START("2") RUN("A.a") RUN("A.b") OK("A.b") RAN("2"), NULL,
	  NULL, false,
	  "fail A.a: did not end\npass A.b\n"
	  "> fail: it announced 2 tests, 1 ended, and it says that 2 ran" },
	{ "fewer ran than were announced", START("3") RUN("A.a") OK("A.a") RAN("1"), NULL, NULL,
	  false, "pass A.a\n> fail: it announced 3 tests, 1 ended, and it says that 1 ran" },
	{ "the set-up of a suite fails",
	  START("1") RUN("A.a")
		  OK("A.a") "[  FAILED  ] A: SetUpTestSuite or TearDownTestSuite\n" RAN("1"),
	  NULL, "exited with 1", true,
	  "pass A.a\nfail A: SetUpTestSuite or TearDownTestSuite\n"
	  "> fail: 1 of 2 tests failed, first A: SetUpTestSuite or TearDownTestSuite: failed" },
	{ "its end comes twice", START("1") RUN("A.a") OK("A.a") RAN("1") RAN("1"), NULL, NULL,
	  false, "pass A.a\n> fail: it announced 1 tests, 1 ended, and it says that 1 ran" },
	{ "again",
	  START("1") RUN("A.a") OK("A.a") RAN("1") START("1") RUN("A.a") OK("A.a") RAN("1"), NULL,
	  NULL, false, "pass A.a\npass A.a (2)\n> pass" },
	{ "anew too early",
	  START("2") RUN("A.a") OK("A.a") START("1") RUN("A.a") OK("A.a") RAN("1"), NULL, NULL,
	  false, "pass A.a\npass A.a (2)\n> fail: it begins anew before its tests have ended" },
	{ "no GoogleTest", "hello\n", NULL, NULL, false,
	  "> fail: it printed nothing of GoogleTest's" },
	{ "a status", START("1") RUN("A.a") OK("A.a") RAN("1"), NULL, "exited with 1", true,
	  "pass A.a\n> fail: exited with 1, yet none of its tests failed" },
};

static void all_cases(void **state)
{
	(void)state;
	check_cases(PROGRAM_GTEST, cases, sizeof(cases) / sizeof(cases[0]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(all_cases) };

	return cmocka_run_group_tests_name("gtest", tests, NULL, NULL);
}
