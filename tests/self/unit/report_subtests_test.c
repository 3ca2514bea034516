// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Subtests in the reports: they count in place of their test, which counts for faults of its own. */
#include "report_guest.h"

#include "host/report/render.h"

#define HOSTILE "<b>&\\\"\\u001b[31m # \\n]]>"

static const char *const lines[] = { "i" HELLO,
				     "p" PLAN("\"exec\",\"late\",\"all\",\"none\""),
				     "p" SUBTEST("exec", "adds", "pass", "null", ""),
				     "p" SUBTEST("exec", "takes " HOSTILE, "fail", "\"got 1\"",
						 "\"got 1\",\"x_test.go:3: why\""),
				     "p" SUBTEST("exec", "root only", "skip", "\"needs root\"", ""),
				     "p" TEST("exec", "fail", "\"1 of 3 subtests failed\"", ""),
				     "p" SUBTEST("late", "adds", "pass", "null", ""),
				     "p" TEST("late", "fail", "\"timed out\"",
					      "\"timed out\",\"stdout:\""),
				     "p" SUBTEST("all", "adds", "pass", "null", ""),
				     "p" PASS("all"),
				     "p" SKIP("none", "no such device"),
				     "i" EXITED("1", "10"),
				     NULL };

static void guest(struct kernel_run *run)
{
	char *records = guest_records(lines);

	guest_judge(run, "debian/6.1.0", RUN_OK, records, QMP_OFF, "");
	free(records);
}

static void they_count_in_place_of_their_test(void **state)
{
	struct kernel_run run;

	(void)state;
	guest(&run);
	assert_string_equal(run.records.problem, "");
	assert_int_equal(run.records.test_count, 4);
	/* Three of `exec`, one of `late` and `late` itself, one of `all`, and `none`. */
	assert_int_equal(run.records.item_count, 7);
	assert_int_equal(records_count(&run.records, TEST_PASS), 3);
	assert_int_equal(records_count(&run.records, TEST_FAIL), 2);
	assert_int_equal(records_count(&run.records, TEST_SKIP), 2);
	assert_int_equal(records_subtests(&run.records, "exec"), 3);
	assert_int_equal(records_subtests(&run.records, "none"), 0);
	assert_int_equal(run.verdict.outcome, OUTCOME_FAIL);
	assert_has(run.verdict.reason, "2 tests failed, first exec: takes ");
	kernel_run_free(&run);
}

static void a_failed_test_whose_subtests_passed(void **state)
{
	char *records = guest_records((const char *const[]){
		"i" HELLO, "p" PLAN("\"a\""), "p" SUBTEST("a", "x", "pass", "null", ""),
		"p" TEST("a", "fail", "\"why\"", ""), "i" EXITED("1", "3"), NULL });
	struct kernel_run run;

	(void)state;
	guest_judge(&run, "debian/6.1.0", RUN_OK, records, QMP_OFF, "");
	assert_int_equal(records_count(&run.records, TEST_FAIL), 1);
	assert_string_equal(run.verdict.reason, "a: why");
	free(records);
	kernel_run_free(&run);
}

static void a_test_that_failed_besides_its_subtests(void **state)
{
	char *records = guest_records((const char *const[]){
		"i" HELLO, "p" PLAN("\"a\""), "p" SUBTEST("a", "x", "fail", "\"y\"", ""),
		"p" FAIL("a", "timed out"), "i" EXITED("1", "3"), NULL });
	struct kernel_run run;

	(void)state;
	guest_judge(&run, "debian/6.1.0", RUN_OK, records, QMP_OFF, "");
	assert_int_equal(records_count(&run.records, TEST_FAIL), 2);
	assert_string_equal(run.verdict.reason, "2 tests failed, first a: x: y");
	free(records);
	kernel_run_free(&run);
}

/* All that a form must, and must not, have; NULL ends a list. */
static const struct {
	int (*write)(FILE *out, const struct report *report);
	const char *has[8], *has_not[3];
} forms[] = {
	{ summary_write,
	  { "3 passed   2 failed   2 skipped   2.1 s\n",
	    "       exec: takes <b>&\"\\x1b[31m # \\n]]>: got 1\n           x_test.go:3: why\n",
	    "       late: timed out\n           stdout:\n", "  needs root\n      exec: root only\n",
	    "  no such device\n      none\n" },
	  { "1 of 3", "\x1b" } },
	{ summary_file_write,
	  { "3 passed, 2 failed, 2 skipped, 2.1 s\n", "late: timed out\n" },
	  { "1 of 3", "\x1b" } },
	{ tap_write,
	  { "1..8\n", "ok 1 - debian/6.1.0 exec: adds\n",
	    "not ok 2 - debian/6.1.0 exec: takes <b>&\"\\\\x1b[31m \\# \\\\n]]>\n",
	    "ok 3 - debian/6.1.0 exec: root only # SKIP needs root\n",
	    "ok 4 - debian/6.1.0 late: adds\n", "not ok 5 - debian/6.1.0 late\n",
	    "ok 6 - debian/6.1.0 all: adds\n", "ok 7 - debian/6.1.0 none # SKIP no such device\n" },
	  { "1 of 3", "\x1b", "duration_ms: -1" } },
	{ junit_write,
	  { "tests=\"8\" failures=\"2\" errors=\"0\"", "skipped=\"2\"",
	    "name=\"exec: takes &lt;b&gt;&amp;&quot;\xef\xbf\xbd[31m # &#10;]]&gt;\"",
	    "time=\"0.000\"", "x_test.go:3: why\n", "<skipped message=\"needs root\"/>" },
	  { "name=\"exec\"", "\x1b", "time=\"-" } },
	{ json_write,
	  { "\"test\": \"exec\"", "\"name\": \"root only\"", "\"passed\": 3", "\"planned\": 4" },
	  { "\x1b" } },
	{ html_write,
	  { ">fail</span> takes &lt;b&gt;&amp;&quot;", ">skip</span> root only",
	    "1 of 3 subtests failed", "3 passed", "x_test.go:3: why" },
	  { "<b>", "\x1b", "-1 ms" } },
};

static void every_form_has_them(void **state)
{
	struct kernel_run run;

	(void)state;
	guest(&run);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char *text = guest_render(forms[i].write, &run, 1);

		for (size_t h = 0; h < 8 && forms[i].has[h]; h++)
			assert_has(text, forms[i].has[h]);
		for (size_t h = 0; h < 3 && forms[i].has_not[h]; h++)
			assert_has_not(text, forms[i].has_not[h]);
		free(text);
	}
	kernel_run_free(&run);
}

/* The kernel died in the middle of a program: what had passed did. */
static void subtests_of_a_test_without_a_record(void **state)
{
	char *text, *records = guest_records((const char *const[]){
			    "i" HELLO, "p" PLAN("\"a\""), "p" SUBTEST("a", "x", "pass", "null", ""),
			    NULL });
	struct kernel_run run;

	(void)state;
	guest_judge(&run, "debian/6.1.0", RUN_OK, records, QMP_OFF, "");
	assert_int_equal(run.verdict.outcome, OUTCOME_LOST);
	text = guest_render(summary_write, &run, 1);
	assert_has(text, "1 passed   1 not run");
	free(text);
	free(records);
	kernel_run_free(&run);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_count_in_place_of_their_test),
		cmocka_unit_test(a_failed_test_whose_subtests_passed),
		cmocka_unit_test(a_test_that_failed_besides_its_subtests),
		cmocka_unit_test(every_form_has_them),
		cmocka_unit_test(subtests_of_a_test_without_a_record),
	};

	return cmocka_run_group_tests_name("subtests", tests, NULL, NULL);
}
