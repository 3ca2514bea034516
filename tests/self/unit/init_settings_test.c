/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The settings parser of guest-init: what it takes, what it ignores, what it refuses and says. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../guest-init/settings.h"

#define NONCE	"nonce=00112233445566778899aabbccddeeff\n"
#define ENTROPY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char said[4096];

/* By a file, as init does; what it says on the console meanwhile. */
static int parse(const char *text, size_t len, struct settings *settings)
{
	char path[32];
	int file = memfd_create("settings", 0), console = memfd_create("console", 0);
	int stderr_copy = dup(STDERR_FILENO), err;
	ssize_t said_len;

	assert_int_equal(write(file, text, len), len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	memset(settings, 0, sizeof(*settings));
	dup2(console, STDERR_FILENO);
	err = settings_read(path, settings);
	dup2(stderr_copy, STDERR_FILENO);
	said_len = pread(console, said, sizeof(said) - 1, 0);
	said[said_len > 0 ? said_len : 0] = '\0';
	close(file);
	close(console);
	close(stderr_copy);
	return err;
}

static void test_everything(void **state)
{
	static const char text[] = "# a comment\n" NONCE "\n \t\n"
				   "deadline=300\ntime_ms=1795230000000\nrescue=1\n"
				   "suite=1\nentropy=" ENTROPY "\n"
				   "command=1\ninput=1\nfolder=/tmp\nenv=A=b=c\ncollect=/proc/c*\n"
				   "arg=/bin/sh\narg=-c\narg= a=b; echo '#' \narg=";
	struct settings settings;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &settings), 0);
	assert_string_equal(said, "");
	assert_string_equal(settings.nonce, "00112233445566778899aabbccddeeff");
	assert_int_equal(settings.deadline, 300);
	assert_int_equal(settings.time_ms, 1795230000000);
	assert_int_equal(settings.rescue, 1);
	assert_int_equal(settings.suite, 1);
	assert_string_equal(settings.entropy, ENTROPY);
	assert_int_equal(settings.command, 1);
	assert_int_equal(settings.input, 1);
	assert_string_equal(settings.folder, "/tmp");
	assert_int_equal(settings.env.count, 1);
	assert_string_equal(settings.env.items[0], "A=b=c");
	assert_int_equal(settings.collect.count, 1);
	assert_string_equal(settings.collect.items[0], "/proc/c*");
	assert_int_equal(settings.args.count, 4);
	assert_string_equal(settings.args.items[0], "/bin/sh");
	assert_string_equal(settings.args.items[2], " a=b; echo '#' ");
	assert_string_equal(settings.args.items[3], "");
	assert_null(settings.args.items[4]);
}

static void test_escapes(void **state)
{
	static const char text[] = NONCE
		"arg=a\\nb\\\\n\\n\narg=\\\narg=\\x\\\\\nenv=A=\\n\nfolder=a\\n\n";
	struct settings settings;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &settings), 0);
	assert_string_equal(settings.args.items[0], "a\nb\\n\n");
	assert_string_equal(settings.args.items[1], "\\");
	assert_string_equal(settings.args.items[2], "x\\");
	assert_string_equal(settings.env.items[0], "A=\n");
	assert_string_equal(settings.folder, "a\\n");
}

static void test_defaults(void **state)
{
	struct settings settings;

	(void)state;
	assert_int_equal(parse(NONCE, strlen(NONCE), &settings), 0);
	assert_null(settings.folder);
	assert_null(settings.args.items[0]);
	assert_int_equal(settings.deadline, 0);
	assert_int_equal(settings.time_ms, 0);
	assert_int_equal(settings.rescue, 0);
}

static void test_unknown_key(void **state)
{
	static const char text[] = NONCE "colour=blue\ndeadline=5\n";
	struct settings settings;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &settings), 0);
	assert_string_equal(said, "bpfcheck: settings: unknown key: colour\n");
	assert_int_equal(settings.deadline, 5);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "nonce=0011\n", "bpfcheck: settings: line 1: bad value\n" },
		{ "nonce=00112233445566778899aabbccddeefg\n",
		  "bpfcheck: settings: line 1: bad value\n" },
		{ "nonce=00112233445566778899aabbccddeeff0\n",
		  "bpfcheck: settings: line 1: bad value\n" },
		{ NONCE NONCE, "bpfcheck: settings: line 2: a second value\n" },
		{ NONCE "\ndeadline\n", "bpfcheck: settings: line 3: no '='\n" },
		{ NONCE "deadline=\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "deadline=-1\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "deadline= 1\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "deadline=1s\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "deadline=1\r\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "deadline=1000000000\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "deadline=99999999999999999999\n",
		  "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "time_ms=1000000000000000\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "suite=2\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "entropy=0123\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "rescue=2\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "rescue=yes\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "folder=\n", "bpfcheck: settings: line 2: bad value\n" },
		{ NONCE "root=0123456789\n", "bpfcheck: settings: line 2: bad value\n" },
		/* All that is wrong is said. */
		{ NONCE "rescue=2\nx\n",
		  "bpfcheck: settings: line 2: bad value\nbpfcheck: settings: line 3: no '='\n" },
	};
	struct settings settings;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(rows[i].text, strlen(rows[i].text), &settings), -EINVAL);
		assert_string_equal(said, rows[i].said);
	}
}

static void test_nul_byte(void **state)
{
	static const char text[] = NONCE "arg=/bin/sh\0 -c\n";
	struct settings settings;

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1, &settings), -EBADMSG);
}

/* As many as fit; one byte more is too much. */
static void test_size(void **state)
{
	static char text[SETTINGS_SIZE] = NONCE;
	static struct settings settings;
	size_t len = strlen(NONCE), count = 0;

	(void)state;
	for (; len + 5 <= SETTINGS_SIZE - 2; len += 5, count++)
		memcpy(text + len, "arg=\n", 5);
	memset(text + len, '\n', SETTINGS_SIZE - 1 - len);
	assert_int_equal(parse(text, SETTINGS_SIZE - 2, &settings), 0);
	assert_int_equal(settings.args.count, count);
	assert_null(settings.args.items[count]);
	assert_int_equal(parse(text, SETTINGS_SIZE - 1, &settings), -EBADMSG);
	assert_int_equal(parse(text, SETTINGS_SIZE, &settings), -EBADMSG);
	assert_int_equal(settings_read("/nonexistent/settings", &settings), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),  cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_unknown_key), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_escapes),	    cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
