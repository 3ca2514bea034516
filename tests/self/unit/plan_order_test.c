/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The order of kernels by their durations, what is learned, memory, progress, links of pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/machine/plan_list.h"
#include "host/machine/plan_memory.h"
#include "host/machine/plan_order.h"
#include "host/machine/plan_progress.h"

#define KERNELS(...) struct plan_kernel kernels[] = { __VA_ARGS__ }
#define KERNEL(n)                                       \
	{                                               \
		.folder = "/k/" #n, .name = "local/" #n \
	}

static void check_order(const struct plan_kernel *kernels, size_t count, const char *want)
{
	char got[64] = "";

	for (size_t i = 0; i < count; i++)
		strcat(got, kernels[i].folder + strlen("/k/"));
	assert_string_equal(got, want);
}

static void test_order(void **state)
{
	char text[] = "3\t/k/1\t/suite\t\n90\t/k/2\t/suite\t\n12\t/k/3\t/suite\t\nnonsense\n"
		      "99\t/k/4\t/suite\tx*\n99\t/k/4\t/other\t\n";
	KERNELS(KERNEL(1), KERNEL(2), KERNEL(3), KERNEL(4), KERNEL(5));

	(void)state;
	plan_order(kernels, 5, text, "/suite", "");
	check_order(kernels, 5, "45231");
	assert_false(kernels[0].known);
	assert_float_equal(kernels[0].seconds, 35, 0.001);
	assert_float_equal(kernels[2].seconds, 90, 0.001);
}

static void test_order_unknown(void **state)
{
	KERNELS(KERNEL(2), KERNEL(1), KERNEL(3));

	(void)state;
	plan_order(kernels, 3, NULL, "/suite", "");
	check_order(kernels, 3, "213");
	assert_float_equal(kernels[0].seconds, 0, 0.001);
}

static void test_learn(void **state)
{
	KERNELS(KERNEL(1), KERNEL(2));
	char *text;

	(void)state;
	kernels[0].done = true;
	kernels[0].seconds = 7.5;
	text = plan_order_learn(kernels, 2, "1\t/k/1\t/s\tf\n2\t/k/1\t/s\tother\n3\t/k/2\t/s\tf\n",
				"/s", "f");
	assert_string_equal(text, "2\t/k/1\t/s\tother\n3\t/k/2\t/s\tf\n7.500\t/k/1\t/s\tf\n");
	free(text);
}

static void test_learn_keeps_the_last(void **state)
{
	char *was = malloc(20000), *at = was, *text;
	size_t lines = 0;
	KERNELS(KERNEL(1));

	(void)state;
	for (int i = 0; i < 1005; i++)
		at += sprintf(at, "%d\t/x\t/s\tf\n", i);
	kernels[0].done = true;
	text = plan_order_learn(kernels, 1, was, "/s", "f");
	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 1000);
	assert_memory_equal(text, "6\t", 2);
	free(text);
	free(was);
}

static void test_memory(void **state)
{
	(void)state;
	assert_int_equal(plan_memory_need(512), 712 * 1024);
	assert_int_equal(plan_memory_limit(100, 100, 5), 0);
	assert_int_equal(plan_memory_limit(99, 100, 2), 1);
	assert_int_equal(plan_memory_limit(50, 100, 2), 1);
	assert_int_equal(plan_memory_limit(49, 100, 2), 2);
	/* Never the only one; and one may always run. */
	assert_int_equal(plan_memory_limit(0, 100, 1), 1);
	assert_int_equal(plan_memory_limit(0, 100, 0), 0);
}

static void check_progress(const struct plan_progress *progress, const char *want)
{
	char text[128];

	plan_progress_format(progress, 1000000, text, sizeof(text));
	assert_string_equal(text, want);
}

static void test_progress(void **state)
{
	struct plan_progress progress;
	KERNELS(KERNEL(1), KERNEL(2), KERNEL(3));

	(void)state;
	for (size_t i = 0; i < 3; i++)
		kernels[i].seconds = 10;
	progress = plan_progress_new(kernels, 3, 1);
	check_progress(&progress, "0 of 3 kernels, 0 failed, ETA 13:47:10");
	assert_int_equal(plan_progress_verdict(&progress, kernels, 3, "parallel: Warning: x"), 0);
	assert_int_equal(plan_progress_verdict(&progress, kernels, 3, "[KVM] is not"), 2);
	progress = plan_progress_new(kernels, 3, 1);
	/* Twice as long as the last time. */
	assert_int_equal(plan_progress_verdict(&progress, kernels, 3,
					       "[PASS] local/1    1 passed   20.0 s"),
			 1);
	check_progress(&progress, "1 of 3 kernels, 0 failed, ETA 13:47:20");
	assert_int_equal(plan_progress_verdict(&progress, kernels, 3,
					       "[FAIL] local/2    1 failed   20.0 s"),
			 2);
	assert_int_equal(plan_progress_verdict(&progress, kernels, 3, "[INFRA] local/3"), 2);
	check_progress(&progress, "3 of 3 kernels, 2 failed");
}

static void test_progress_unknown(void **state)
{
	struct plan_progress progress;
	KERNELS(KERNEL(1), KERNEL(2), KERNEL(3));

	(void)state;
	progress = plan_progress_new(kernels, 3, 2);
	check_progress(&progress, "0 of 3 kernels, 0 failed");
	plan_progress_verdict(&progress, kernels, 3, "[PASS] local/1    1 passed   20.0 s");
	check_progress(&progress, "1 of 3 kernels, 0 failed, ETA 13:47:00");
}

static void add_link(void *context, const char *link)
{
	strcat(strcat(context, link), "|");
}

static void check_links(const char *page, const char *want)
{
	char got[512] = "", *text = strdup(page);

	plan_list_links(text, add_link, got);
	assert_string_equal(got, want);
	free(text);
}

static void test_links(void **state)
{
	(void)state;
	check_links("# list\n a/b.tgz \n\nc/d.tgz", "a/b.tgz|c/d.tgz|");
	check_links(
		"<a href=\"x/\">x/</a> <A class='y'\nHREF = 'z'>z</a><b href=\"no\"><a name=\"no\">",
		"x/|z|");
	check_links("<R><Key>f/</Key><Contents><Key>f/1.tgz</Key></Contents></R>", "f/1.tgz|");
	check_links("<a href=\"open", "");
	check_links("<", "");
	check_links("", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_order_unknown),
		cmocka_unit_test(test_learn),
		cmocka_unit_test(test_learn_keeps_the_last),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_progress_unknown),
		cmocka_unit_test(test_links),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
