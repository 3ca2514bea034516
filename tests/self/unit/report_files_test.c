// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Collected files: what becomes of those that came whole, and of names that a guest made up. */
#include "report_guest.h"

#include "report_root.h"

#include <glob.h>

#include "host/report/files_in.h"
#include "host/report/render.h"

#define LINES(...)  ((const char *const[]){ __VA_ARGS__, NULL })
#define WHOLE(name) FILE_PART(name, "0", "YWJj", "true", "null")

/* The kernel's verdict and the terminal's summary, after its files were written. To be freed. */
static char *collect(const char *const *lines, struct verdict *verdict)
{
	char *records = guest_records(lines), *path = in_root("debian/6.1.0"), *summary;
	struct kernel_run run;

	put("debian/6.1.0/run.json", RUN_OK);
	put("debian/6.1.0/records.ndjson", records);
	put("debian/6.1.0/machine.ndjson", QMP_OFF);
	assert_int_equal(kernel_run_load(path, "debian/6.1.0", &run), 0);
	assert_int_equal(files_in_write(&run), 0);
	summary = guest_render(summary_write, &run, 1);
	*verdict = run.verdict;
	kernel_run_free(&run);
	free(records);
	free(path);
	return summary;
}

static void assert_collected(const char *name, const char *want)
{
	char path[512], *text;

	snprintf(path, sizeof(path), "debian/6.1.0/collected%s", name);
	text = get(path);
	if (!want)
		assert_null(text);
	else
		assert_string_equal(text ? text : "(none)", want);
	free(text);
}

/* Nothing but collected/ and what we put there. */
static void assert_no_more(void)
{
	char *path = in_root("debian/6.1.0/.collected.*");
	glob_t matches;

	assert_int_equal(glob(path, 0, NULL, &matches), GLOB_NOMATCH);
	free(path);
}

static void files(void **state)
{
	struct verdict verdict;
	char *summary =
		collect(LINES("i" HELLO, "p" PLAN("\"a\""), "p" PASS("a"), "p" WHOLE("/a/b c/d"),
			      "p" FILE_PART("/e", "0", "YWJj", "false", "null"),
			      "p" FILE_PART("/e", "3", "ZGU=", "false", "null"),
			      "p" FILE_PART("/e", "5", "", "true", "null"),
			      "p" FILE_PART("/empty", "0", "", "true", "null"),
			      "p" FILE_PART("/none", "0", "", "true", "\"matches no file\""),
			      "p" FILE_PART("/cut", "0", "YWJj", "false", "null"),
			      "p" FILE_PART("/cut", "3", "", "true", "\"cut off\""),
			      "p" FILE_PART("/last", "0", "YWJj", "false", "null"),
			      "i" EXITED("0", "11")),
			&verdict);

	(void)state;
	assert_int_equal(verdict.outcome, OUTCOME_PASS);
	assert_collected("/a/b c/d", "abc");
	assert_collected("/e", "abcde");
	assert_collected("/empty", "");
	assert_collected("/none", NULL);
	assert_collected("/none.partial", NULL);
	assert_collected("/cut", NULL);
	assert_collected("/cut.partial", "abc");
	assert_collected("/last", NULL);
	assert_collected("/last.partial", "abc");
	assert_no_more();
	assert_has(summary, "3 files in ");
	assert_has(summary, "collected 0 bytes of /none: matches no file");
	assert_has(summary, "collected 3 bytes of /cut: cut off");
	assert_has(summary, "collected 3 bytes of /last: the rest did not come");
	free(summary);
}

static void names(void **state)
{
	static const char *const bad[] = {
		"",   "/",   "a",   "../../x", "/../x",	 "/a/../x",	  "/a/..",
		"/.", "//x", "/x/", "/a//b",   "/a/./b", "/a\\u001b[2Jb", "/a\\nb"
	};
	struct verdict verdict;
	char *lines[32] = { "i" HELLO, "p" PLAN("\"a\""), "p" PASS("a") }, *summary, *outside;
	size_t count = 3;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(
			asprintf(&lines[count++],
				 "p\"type\":\"file\",\"name\":\"%s\",\"offset\":0,\"size\":null,"
				 "\"data\":\"YWJj\",\"last\":true,\"error\":null",
				 bad[i]) > 0);
	/* In each other's way. */
	lines[count++] = "p" WHOLE("/f");
	lines[count++] = "p" WHOLE("/f/g");
	lines[count++] = "p" WHOLE("/h/i");
	lines[count++] = "p" WHOLE("/h");
	lines[count++] = "p" FILE_PART("/f", "0", "eHl6", "true", "null");
	lines[count++] = "i" EXITED("0", "21");
	put("x", "before");
	summary = collect((const char *const *)lines, &verdict);
	assert_int_equal(verdict.outcome, OUTCOME_PASS);
	assert_collected("/f", "xyz");
	assert_collected("/f/g", NULL);
	assert_collected("/h/i", "abc");
	for (const char *const *path =
		     LINES("debian/x", "debian/6.1.0/x", "debian/6.1.0/collected/x",
			   "debian/6.1.0/collected/a");
	     *path; path++)
		assert_null(get(*path));
	outside = get("x");
	assert_string_equal(outside, "before");
	assert_no_more();
	free(outside);
	free(summary);
	for (size_t i = 3; i < 3 + sizeof(bad) / sizeof(bad[0]); i++)
		free(lines[i]);
}

static void wrong_order(void **state)
{
	const char *const *const rows[] = {
		LINES("i" HELLO, "p" FILE_PART("/a", "3", "YWJj", "true", "null")),
		LINES("i" HELLO, "p" FILE_PART("/a", "0", "YWJj", "false", "null"),
		      "p" FILE_PART("/a", "4", "YWJj", "true", "null")),
		LINES("i" HELLO, "p" FILE_PART("/a", "0", "YWJj", "false", "null"),
		      "p" FILE_PART("/b", "3", "YWJj", "true", "null")),
		LINES("i" HELLO, "p" FILE_PART("/a", "0", "YWJ", "true", "null")),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct verdict verdict;

		free(collect(rows[i], &verdict));
		assert_int_equal(verdict.outcome, OUTCOME_LOST);
		assert_has(verdict.reason, "not what comes next");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files, root_make, root_remove),
		cmocka_unit_test_setup_teardown(names, root_make, root_remove),
		cmocka_unit_test_setup_teardown(wrong_order, root_make, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
