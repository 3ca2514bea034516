// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Bytes as text and back. */
#include "base/base64.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *data, size_t len, char *text)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16 |
				 (uint32_t)(i + 1 < len ? bytes[i + 1] : 0) << 8 |
				 (i + 2 < len ? bytes[i + 2] : 0);

		*text++ = digits[three >> 18];
		*text++ = digits[three >> 12 & 63];
		*text++ = i + 1 < len ? digits[three >> 6 & 63] : '=';
		*text++ = i + 2 < len ? digits[three & 63] : '=';
	}
	*text = '\0';
}

static int digit_value(char digit)
{
	const char *at = digit ? strchr(digits, digit) : NULL;

	return at ? (int)(at - digits) : -1;
}

ssize_t base64_decode(const char *text, size_t len, void *data)
{
	unsigned char *out = data;
	size_t padding = 0;

	if (len % 4)
		return -EINVAL;
	while (padding < 2 && padding < len && text[len - 1 - padding] == '=')
		padding++;
	for (size_t i = 0; i < len; i += 4) {
		size_t count = i + 4 == len ? 3 - padding : 3;
		uint32_t three = 0;

		for (size_t j = 0; j < 4; j++) {
			int value = j <= count ? digit_value(text[i + j]) : 0;

			if (value < 0)
				return -EINVAL;
			three = three << 6 | (uint32_t)value;
		}
		/* Nonzero bits behind the padding would be lost. */
		if (three & ((1u << (3 - count) * 8) - 1))
			return -EINVAL;
		for (size_t j = 0; out && j < count; j++)
			*out++ = (unsigned char)(three >> (16 - 8 * j));
	}
	return (ssize_t)(len / 4 * 3 - padding);
}
