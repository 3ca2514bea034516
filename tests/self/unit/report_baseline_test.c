// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* verifier.csv, and what --baseline says of two runs. */
#include "report_guest.h"
#include "report_root.h"

#include "host/report/programs.h"

#define PROGRAM(object, name, error, class, insns)                                                \
	"p\"type\":\"probe\",\"object\":\"" object "\",\"program\":\"" name                       \
	"\",\"section\":\"s\",\"loaded\":true,\"attached\":true,\"error\":" error                 \
	",\"class\":" class                                                                       \
		",\"log\":null,\"insns\":" insns                                                  \
		",\"states\":40,\"peak_states\":22,\"stack\":96,\"verify_us\":910,\"jited\":4096" \
		",\"load_ms\":12"
#define LOADS(name, insns) PROGRAM("a.o", name, "null", "null", insns)
#define FAILS(name)	   PROGRAM("a.o", name, "\"bad\"", "\"too complex\"", "null")

/* Two programs, and a test that has this outcome. */
#define RUN(first, second, outcome)                                                            \
	(const char *const[])                                                                  \
	{                                                                                      \
		"i" HELLO, "p" PLAN("\"t\",\"u\""), first, second, "p" outcome, "p" PASS("u"), \
			"i" EXITED("0", "5"), NULL                                             \
	}

#define HEAD                                                                                          \
	"kernel,file_name,prog_name,verdict,duration,total_insns,total_states,peak_states,prog_size_" \
	"jited,stack_depth,class\n"

static void compared(const char *want, const char *const *old, const char *const *new)
{
	char *path = in_root("old");

	put_kernel("old/debian/6.1", old);
	put_kernel("new/debian/6.1", new);
	char *results = in_root("new");

	REPORT("--baseline", path, results);
	assert_file(".out", want);
	assert_file(".err", "");
	free(path);
	free(results);
}

static void the_file(void **state)
{
	(void)state;
	put_kernel("debian/6.1",
		   RUN(LOADS("one", "812"), PROGRAM("a,\\\"b\\n.o", "two", "\"x\"", "null", "null"),
		       PASS("t")));
	assert_int_equal(REPORT(root), 0);
	assert_file("verifier.csv",
		    HEAD "debian/6.1,a.o,one,success,910,812,40,22,4096,96,\n"
			 "debian/6.1,\"a,\"\"b\\n.o\",two,failure,910,,40,22,4096,96,\n");
	put_kernel("debian/6.1", RUN(FAILS("one"), LOADS("two", "1"), PASS("t")));
	assert_int_equal(REPORT(root), 0);
	assert_file("verifier.csv", "debian/6.1,a.o,one,failure,910,,40,22,4096,96,too complex\n");
}

static void the_same(void **state)
{
	(void)state;
	compared("[SAME] debian/6.1\n", RUN(LOADS("a", "100"), FAILS("b"), FAIL("t", "x")),
		 RUN(LOADS("a", "110"), FAILS("b"), FAIL("t", "x")));
	compared("[SAME] debian/6.1\n", RUN(LOADS("a", "100"), LOADS("b", "0"), SKIP("t", "x")),
		 RUN(LOADS("a", "90"), LOADS("b", "5"), SKIP("t", "x")));
}

static void programs_that_became_worse(void **state)
{
	(void)state;
	compared("[WORSE] debian/6.1\n       a.o:a: fails now: too complex: bad\n",
		 RUN(LOADS("a", "100"), LOADS("b", "1"), PASS("t")),
		 RUN(FAILS("a"), LOADS("b", "1"), PASS("t")));
	compared("[WORSE] debian/6.1\n       a.o:a: 111 instructions, 100 before (+11.0%)\n",
		 RUN(LOADS("a", "100"), LOADS("b", "1"), PASS("t")),
		 RUN(LOADS("a", "111"), LOADS("b", "1"), PASS("t")));
	/* Of several loads of one program the worst counts, in whichever order. */
	compared("[WORSE] debian/6.1\n       a.o:a: 300 instructions, 200 before (+50.0%)\n",
		 RUN(LOADS("a", "100"), LOADS("a", "200"), PASS("t")),
		 RUN(LOADS("a", "300"), LOADS("a", "200"), PASS("t")));
	compared("[WORSE] debian/6.1\n       a.o:a: fails now: too complex: bad\n",
		 RUN(LOADS("a", "100"), LOADS("a", "200"), PASS("t")),
		 RUN(LOADS("a", "100"), FAILS("a"), PASS("t")));
}

static void tests_that_became_worse(void **state)
{
	(void)state;
	compared("[WORSE] debian/6.1\n       test t: fails now: why\n",
		 RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")),
		 RUN(LOADS("a", "1"), LOADS("b", "1"), FAIL("t", "why")));
	/* A test that failed before may have more that fails; what is new is no regression. */
	compared("[WORSE] debian/6.1\n       test t: x: fails now: why\n",
		 RUN("p" SUBTEST("t", "x", "pass", "null", ""),
		     "p" SUBTEST("t", "y", "fail", "\"z\"", ""), FAIL("t", "z")),
		 (const char *const[]){ "i" HELLO, "p" PLAN("\"t\",\"u\""),
					"p" SUBTEST("t", "x", "fail", "\"why\"", ""),
					"p" SUBTEST("t", "y", "fail", "\"z\"", ""),
					"p" SUBTEST("t", "new", "fail", "\"z\"", ""),
					"p" FAIL("t", "z"), "p" PASS("u"), "i" EXITED("1", "6"),
					NULL });
	/* The guest died meanwhile. */
	compared(
		"[WORSE] debian/6.1\n"
		"       LOST, PASS before: records end without exit during t; the guest powered off\n"
		"       test t: has no result, passed before\n"
		"       test u: has no result, passed before\n"
		"       not there any more: 2 programs\n",
		RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")),
		(const char *const[]){ "i" HELLO, "p" PLAN("\"t\",\"u\""), NULL });
}

static void what_became_better(void **state)
{
	(void)state;
	compared(
		"[BETTER] debian/6.1\n"
		"       better: 1 program loads, 1 program has fewer instructions, 1 test passes\n",
		RUN(FAILS("a"), LOADS("b", "100"), FAIL("t", "x")),
		RUN(LOADS("a", "5"), LOADS("b", "89"), PASS("t")));
	/* Less to test is neither. */
	compared("[SAME] debian/6.1\n       not there any more: 1 program, 1 test\n",
		 RUN(LOADS("a", "5"), LOADS("b", "5"), PASS("t")),
		 (const char *const[]){ "i" HELLO, "p" PLAN("\"u\""), LOADS("a", "5"),
					"p" PASS("u"), "i" EXITED("0", "3"), NULL });
}

static void exit_codes(void **state)
{
	char *old, *new, *file;

	(void)state;
	put_kernel("old/debian/6.1", RUN(LOADS("a", "100"), LOADS("b", "100"), PASS("t")));
	put_kernel("new/debian/6.1", RUN(LOADS("a", "120"), LOADS("b", "100"), PASS("t")));
	old = in_root("old");
	new = in_root("new");
	assert_int_equal(REPORT("--baseline", old, new), 0);
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", old, new), 1);
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", old, "--baseline-percent",
				"20", new),
			 0);
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", old, "--baseline-percent",
				"19", new),
			 1);
	/* The other way round all is well. */
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", new, old), 0);
	/* Its verifier.csv will do as well. */
	file = in_root("old/verifier.csv");
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", file, new), 1);
	assert_file(".out", "a.o:a: 120 instructions, 100 before (+20.0%)");
	free(file);
	/* A worse verdict is worth more. */
	put("new/debian/6.1/run.json", RUN_JSON("1", "false", "null"));
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", old, new), 5);
	free(old);
	free(new);
}

static void kernels_of_one_run_only(void **state)
{
	char *old = in_root("old"), *new = in_root("new"), text[512];

	(void)state;
	put_kernel("old/debian/5.10", RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")));
	put_kernel("old/debian/6.12", (const char *const[]){ NULL });
	put_kernel("old/debian/6.1", RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")));
	put_kernel("new/debian/6.1", RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")));
	put_kernel("new/debian/6.12", RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")));
	assert_int_equal(REPORT("--fail-on-regression", "--baseline", old, new), 0);
	snprintf(
		text, sizeof(text),
		"\nAgainst %s:\n[SAME] debian/6.1\nnot in %s: debian/6.12\nonly in %s: debian/5.10\n",
		old, old, old);
	assert_file(".out", text);
	free(old);
	free(new);
}

static void unreadable(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "", "it is empty" },
		{ "file_name,prog_name\n", "line 1: no column \"kernel\"" },
		{ HEAD "k,o,p,success,1,2\n", "line 2: 6 columns, not 11" },
		{ HEAD "k,o,p,great,1,2,3,4,5,6,\n", "line 2: a verdict of \"great\"" },
		{ HEAD "k,o,p,success,1,-2,3,4,5,6,\n", "line 2: \"-2\" instructions" },
		{ HEAD "k,o,p,success,1,2x,3,4,5,6,\n", "line 2: \"2x\" instructions" },
		{ HEAD "k,\"o,p,success,1,2,3,4,5,6,\n", "line 2: quotes that do not fit" },
		{ HEAD "k,\"o\"p,x,success,1,2,3,4,5,6,\n", NULL },
		{ HEAD "k,o\"p,x,success,1,2,3,4,5,6,\n", "line 2: quotes that do not fit" },
		/* Others' columns, in others' order, and lines of Windows'. */
		{ "class,prog_name,extra,verdict,file_name,kernel,total_insns\r\n"
		  "x,p,\"1,\"\"2\",failure,o,k,\r\n",
		  NULL },
	};
	char *path = in_root("x.csv"), *missing = in_root("none");

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put("x.csv", rows[i].text);
		assert_int_equal(REPORT("--baseline", path), rows[i].error ? 2 : 0);
		assert_file(".err", rows[i].error ? rows[i].error : "");
	}
	assert_int_equal(REPORT("--baseline", missing), 2);
	assert_file(".err", "none: No such file or directory\n");
	/* Nothing is written where there is nothing to compare with. */
	put_kernel("debian/6.1", RUN(LOADS("a", "1"), LOADS("b", "1"), PASS("t")));
	assert_int_equal(REPORT("--baseline", missing, root), 2);
	assert_file("verifier.csv", NULL);
	assert_int_equal(REPORT("--baseline", path, "--format", "json", root), 2);
	assert_file(".err", "--baseline cannot be combined with --format or --output");
	assert_int_equal(REPORT("--baseline", path, "--baseline-percent", "-1", root), 2);
	free(path);
	free(missing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_file, root_make, root_remove),
		cmocka_unit_test_setup_teardown(the_same, root_make, root_remove),
		cmocka_unit_test_setup_teardown(programs_that_became_worse, root_make, root_remove),
		cmocka_unit_test_setup_teardown(tests_that_became_worse, root_make, root_remove),
		cmocka_unit_test_setup_teardown(what_became_better, root_make, root_remove),
		cmocka_unit_test_setup_teardown(exit_codes, root_make, root_remove),
		cmocka_unit_test_setup_teardown(kernels_of_one_run_only, root_make, root_remove),
		cmocka_unit_test_setup_teardown(unreadable, root_make, root_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
