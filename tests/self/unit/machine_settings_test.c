// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The settings of a run and their segment; the options that they come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/machine/message.h"
#include "host/machine/options.h"
#include "host/machine/settings.h"

#define WORDS_MAX 32

static void check_setting(const char *value, const char *want)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	settings_write(out, "arg", value);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_escapes(void **state)
{
	(void)state;
	check_setting("", "arg=\n");
	check_setting("a b", "arg=a b\n");
	check_setting("*", "arg=*\n");
	check_setting("\xc3\xbc\xff", "arg=\xc3\xbc\xff\n");
	check_setting("a\ndeadline=0\\n\n", "arg=a\\ndeadline=0\\\\n\\n\n");
}

/* The one file of an archive; what the kernel's initramfs.c looks at. */
static void test_segment(void **state)
{
	/* Name and contents of each length modulo four. */
	static const char *const values[] = { "a", "ab", "abc", "abcd", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		size_t size = strlen(values[i]), data;
		char *text, want[17];
		size_t len;
		FILE *out = open_memstream(&text, &len);

		cpio_write(out, values[i] + (size > 1), S_IFREG | 0644, values[i], size);
		cpio_write_end(out);
		fclose(out);
		assert_int_equal(len % 4, 0);
		assert_memory_equal(text, "07070100000000000081a4", 22);
		snprintf(want, sizeof(want), "%08zx", size);
		assert_memory_equal(text + 54, want, 8);
		data = (110 + strlen(values[i] + (size > 1)) + 1 + 3) / 4 * 4;
		assert_memory_equal(text + data, values[i], size);
		assert_memory_equal(text + data + (size + 3) / 4 * 4, "070701", 6);
		assert_string_equal(text + data + (size + 3) / 4 * 4 + 110, "TRAILER!!!");
		free(text);
	}
}

static void parse(struct options *options, const char *words)
{
	static char text[4096];
	static char *argv[WORDS_MAX];
	char *rest = text;
	int argc = 1;

	snprintf(text, sizeof(text), "%s", words);
	argv[0] = "machine";
	while (rest && *rest && argc < WORDS_MAX - 1)
		argv[argc++] = strsep(&rest, " ");
	argv[argc] = NULL;
	/* getopt_long() begins anew. */
	optind = 0;
	options_parse(options, argc, argv);
}

/* The exit code that bad options end a process with; 0: they are good. */
static int refused(const char *words)
{
	struct options options;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		parse(&options, words);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_options(void **state)
{
	struct options options;

	(void)state;
	parse(&options, "--check");
	assert_int_equal(options.memory, 512);
	assert_int_equal(options.timeout, 120);
	assert_null(options.command);
	options_free(&options);
	parse(&options, "--check --memory 300 --cpus 2 --timeout 7 --boot-timeout 8 "
			"--accel kvm --env A=b --env C= --collect /a --kernel-args x=y "
			"--kernel-args z --warm --cold --events -- ls --brief");
	assert_int_equal(options.memory, 300);
	assert_int_equal(options.cpus, 2);
	assert_int_equal(options.timeout, 7);
	assert_int_equal(options.boot_timeout, 8);
	assert_int_equal(options.accel, ACCEL_KVM);
	assert_int_equal(options.env.count, 2);
	assert_string_equal(options.env.items[1], "C=");
	assert_string_equal(options.collect.items[0], "/a");
	assert_string_equal(options.kernel_args, "x=y z");
	assert_true(options.cold && !options.warm);
	assert_true(options.events);
	assert_false(options.brief);
	assert_string_equal(options.command[0], "ls");
	assert_string_equal(options.command[1], "--brief");
	assert_null(options.command[2]);
	options_free(&options);
	parse(&options, "--check --");
	assert_null(options.command);
	options_free(&options);
}

static void test_bad_options(void **state)
{
	static const char *const bad[] = {
		"--memory",
		"--memory x",
		"--memory 0",
		"--memory -1",
		"--memory 1x",
		"--memory 12345678",
		"--accel xen",
		"--attach uprobe",
		"--env novalue",
		"--env =x",
		"--collect relative",
		"--module /nonexistent.ko",
		"--init /nonexistent",
		"--rw",
		"--root / --warm",
		"--nonsense",
		"--kernel-args a\tb",
		"--kernel-args a\033b",
		"--suite /nonexistent -- ls",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char words[256];

		snprintf(words, sizeof(words), "--check %s", bad[i]);
		assert_int_equal(refused(words), 2);
	}
	assert_int_equal(refused("--kernel /k"), 2);
}

static void test_kernel_args(void **state)
{
	static char words[2000] = "--check --kernel-args ";
	size_t len = strlen(words);

	(void)state;
	memset(words + len, 'x', 1798);
	assert_int_equal(refused(words), 0);
	words[len + 1798] = 'x';
	assert_int_equal(refused(words), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),	    cmocka_unit_test(test_segment),
		cmocka_unit_test(test_options),	    cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_kernel_args),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
