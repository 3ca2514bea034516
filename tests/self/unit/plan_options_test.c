/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The options of run-tests: which are kept here, which run-kernel is given, and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "host/machine/message.h"
#include "host/machine/plan_options.h"

#define PARSE(...) parse((char *[]){ "plan", __VA_ARGS__, NULL })

static struct plan_options parse(char **argv)
{
	struct plan_options options = { 0 };

	plan_options_parse(&options, argv);
	return options;
}

static void check(struct texts *texts, const char *want)
{
	char got[512] = "";

	for (size_t i = 0; i < texts->count; i++) {
		strcat(strcat(got, texts->items[i]), "|");
		free(texts->items[i]);
	}
	free(texts->items);
	assert_string_equal(got, want);
}

static void test_numbers(void **state)
{
	struct plan_options options = PARSE("-j4", "--memory", "256");

	(void)state;
	assert_int_equal(options.jobs, 4);
	assert_int_equal(options.memory, 256);
	check(&options.pass, "--memory|256|");
	options = PARSE("-j", "3", "--jobs", "5");
	assert_int_equal(options.jobs, 5);
	check(&options.pass, "");
}

static void test_pass(void **state)
{
	struct plan_options options = PARSE("a kernel", "--kernel-args", "{} \"x\"", "--events",
					    "--env", "A=", "--accel", "tcg", "--collect", "/x*",
					    "--suite", "s", "b");

	(void)state;
	check(&options.pass, "--kernel-args|{} \"x\"|--events|--env|A=|--collect|/x*|");
	check(&options.specs, "a kernel|b|");
	assert_string_equal(options.accel, "tcg");
	assert_string_equal(options.suite, "s");
	assert_true(options.collect);
	assert_false(options.resume);
}

static void test_trees(void **state)
{
	struct plan_options options =
		PARSE("-d", "x", "-dy", "-m", "-m", "a/b.tar.xz", "-m", "k.tar/x", "--tree", "z");

	(void)state;
	check(&options.trees, "x|y|z|");
	check(&options.archives, "mainline-kernels.tar|a/b.tar.xz|mainline-kernels.tar|");
	check(&options.specs, "k.tar/x|");
}

static void test_shell_word(void **state)
{
	char *word = text_shell_word("it's $HOME");

	(void)state;
	assert_string_equal(word, "'it'\\''s $HOME'");
	free(word);
	word = text_shell_word("");
	assert_string_equal(word, "''");
	free(word);
}

static void test_shard(void **state)
{
	long index, count;

	(void)state;
	plan_options_shard("2/3", &index, &count);
	assert_int_equal(index, 2);
	assert_int_equal(count, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_pass),
		cmocka_unit_test(test_trees),	cmocka_unit_test(test_shell_word),
		cmocka_unit_test(test_shard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
