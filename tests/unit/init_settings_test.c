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
#include <unistd.h>

#include <cmocka.h>

#include "../../guest-init/report.h"
#include "../../guest-init/settings.h"

#define NONCE "nonce=00112233445566778899aabbccddeeff\n"

static char said[4096];

/* Instead of init's, which writes to the console. */
void say(const char *format, ...)
{
	size_t len = strlen(said);
	va_list args;

	va_start(args, format);
	vsnprintf(said + len, sizeof(said) - len, format, args);
	va_end(args);
	strncat(said, "\n", sizeof(said) - strlen(said) - 1);
}

/* The settings point into the text, which lives on in a buffer of its exact size, for ASan. */
static int parse(const char *text, size_t len, struct settings *settings)
{
	static char *copy;

	free(copy);
	copy = malloc(len + 1);
	assert_non_null(copy);
	memcpy(copy, text, len);
	copy[len] = '\0';
	said[0] = '\0';
	return settings_parse(copy, len, settings);
}

static void test_everything(void **state)
{
	static const char text[] = "# a comment\n" NONCE "\n \t\n"
				   "deadline=300\ntime=1795230000\nhostname=guest-1\nrescue=1\n"
				   "interactive=0\narg=/bin/sh\narg=-c\narg= a=b; echo '#' \narg=";
	struct settings settings;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &settings), 0);
	assert_string_equal(said, "");
	assert_string_equal(settings.nonce, "00112233445566778899aabbccddeeff");
	assert_int_equal(settings.deadline, 300);
	assert_int_equal(settings.time, 1795230000);
	assert_string_equal(settings.hostname, "guest-1");
	assert_int_equal(settings.rescue, 1);
	assert_int_equal(settings.interactive, 0);
	assert_int_equal(settings.arg_count, 4);
	assert_string_equal(settings.args[0], "/bin/sh");
	assert_string_equal(settings.args[2], " a=b; echo '#' ");
	assert_string_equal(settings.args[3], "");
	assert_null(settings.args[4]);
}

static void test_defaults(void **state)
{
	struct settings settings;

	(void)state;
	assert_int_equal(parse(NONCE, strlen(NONCE), &settings), 0);
	assert_null(settings.hostname);
	assert_null(settings.args[0]);
	assert_int_equal(settings.deadline, 0);
	assert_int_equal(settings.time, 0);
	assert_int_equal(settings.rescue, 0);
}

static void test_unknown_key(void **state)
{
	static const char text[] = NONCE "colour=blue\ndeadline=5\n";
	struct settings settings;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &settings), 0);
	assert_string_equal(said, "settings: unknown key: colour\n");
	assert_int_equal(settings.deadline, 5);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ "", "settings: no nonce\n" },
		{ "deadline=5\n", "settings: no nonce\n" },
		{ "nonce=0011\n", "settings: line 1: bad value\n" },
		{ "nonce=00112233445566778899aabbccddeefg\n", "settings: line 1: bad value\n" },
		{ "nonce=00112233445566778899aabbccddeeff0\n", "settings: line 1: bad value\n" },
		{ NONCE NONCE, "settings: line 2: a second value\n" },
		{ NONCE "\ndeadline\n", "settings: line 3: no '='\n" },
		{ NONCE "deadline=\n", "settings: line 2: bad value\n" },
		{ NONCE "deadline=-1\n", "settings: line 2: bad value\n" },
		{ NONCE "deadline= 1\n", "settings: line 2: bad value\n" },
		{ NONCE "deadline=1s\n", "settings: line 2: bad value\n" },
		{ NONCE "deadline=1\r\n", "settings: line 2: bad value\n" },
		{ NONCE "deadline=2147484\n", "settings: line 2: bad value\n" },
		{ NONCE "deadline=99999999999999999999\n", "settings: line 2: bad value\n" },
		{ NONCE "time=9223372036854775808\n", "settings: line 2: bad value\n" },
		{ NONCE "rescue=2\n", "settings: line 2: bad value\n" },
		{ NONCE "rescue=yes\n", "settings: line 2: bad value\n" },
		{ NONCE "hostname=\n", "settings: line 2: bad value\n" },
		{ NONCE "hostname=0123456789012345678901234567890123456789"
			"0123456789012345678901234\n",
		  "settings: line 2: bad value\n" },
		/* All that is wrong is said. */
		{ NONCE "rescue=2\nx\n",
		  "settings: line 2: bad value\nsettings: line 3: no '='\n" },
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
	assert_int_equal(parse(text, sizeof(text) - 1, &settings), -EINVAL);
	assert_string_equal(said, "settings: NUL byte\n");
}

static void test_many_args(void **state)
{
	char text[sizeof(NONCE) + (SETTINGS_ARGS + 2) * 6] = NONCE;
	struct settings settings;

	(void)state;
	for (int i = 0; i < SETTINGS_ARGS; i++)
		strcat(text, "arg=x\n");
	assert_int_equal(parse(text, strlen(text), &settings), 0);
	assert_int_equal(settings.arg_count, SETTINGS_ARGS);
	assert_null(settings.args[SETTINGS_ARGS]);
	strcat(text, "arg=y\narg=z\n");
	assert_int_equal(parse(text, strlen(text), &settings), -EINVAL);
	assert_int_equal(settings.arg_count, SETTINGS_ARGS);
	assert_null(settings.args[SETTINGS_ARGS]);
}

static void test_file(void **state)
{
	char path[] = "/tmp/init_settings_test.XXXXXX";
	struct settings settings;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, NONCE, strlen(NONCE)), strlen(NONCE));
	assert_int_equal(settings_read(path, &settings), 0);
	assert_string_equal(settings.nonce, "00112233445566778899aabbccddeeff");
	assert_int_equal(ftruncate(fd, 64 * 1024), 0);
	assert_int_equal(settings_read(path, &settings), -EINVAL);
	assert_int_equal(ftruncate(fd, 64 * 1024 + 1), 0);
	assert_int_equal(settings_read(path, &settings), -EFBIG);
	close(fd);
	unlink(path);
	assert_int_equal(settings_read(path, &settings), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything),  cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_unknown_key), cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nul_byte),    cmocka_unit_test(test_many_args),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
