// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Base64: the examples of RFC 4648, every byte, and what is none. */
#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

static void examples(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
	};
	char text[16], data[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len = strlen(rows[i][0]);

		base64_encode(rows[i][0], len, text);
		assert_string_equal(text, rows[i][1]);
		assert_int_equal(base64_decode(text, strlen(text), NULL), len);
		assert_int_equal(base64_decode(text, strlen(text), data), len);
		assert_memory_equal(data, rows[i][0], len);
	}
}

static void there_and_back(void **state)
{
	unsigned char data[515], back[515];
	char text[BASE64_SIZE(sizeof(data))];

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)(i * 7);
	for (size_t len = 0; len <= sizeof(data); len++) {
		base64_encode(data, len, text);
		assert_int_equal(strlen(text) + 1, BASE64_SIZE(len));
		assert_int_equal(base64_decode(text, strlen(text), back), len);
		assert_memory_equal(data, back, len);
	}
}

static void refused(void **state)
{
	static const char *const rows[] = { "Zg=",  "Zg",   "Z===", "====", "Zm9v=", "Zg==Zg==",
					    "Zm=v", "Zm9-", "Zm 9", "Zh==", "Zm9=",  "Zm9\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(base64_decode(rows[i], strlen(rows[i]), NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
