/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The end of a command's input, wherever it is cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../../guest-init/streams.h"

static void test_held(void **state)
{
	static const struct {
		const char *data;
		size_t held;
	} rows[] = {
		{ "", 0 },     { "x", 0 },	{ "a", 1 },	{ "xa", 1 },
		{ "ab", 2 },   { "aab", 2 },	{ "abab", 2 },	{ "aba", 3 },
		{ "abax", 0 }, { "abaaba", 3 }, { "xabac", 4 }, { "abacx", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(streams_held(rows[i].data, strlen(rows[i].data), "abac"),
				 rows[i].held);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_held) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
