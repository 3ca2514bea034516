/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* UTF-8, after the table "Well-Formed UTF-8 Byte Sequences" of the Unicode standard. */
#include "base/utf8.h"

/* The first byte says how many follow and, for some, narrows the second. */
static const struct lead {
	unsigned char first, last;
	unsigned char length;
	unsigned char second_first, second_last;
} leads[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

size_t utf8_length(const char *text, size_t len)
{
	const unsigned char *s = (const unsigned char *)text;
	const struct lead *lead = NULL;

	for (size_t i = 0; len > 0 && i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (leads[i].first <= s[0] && s[0] <= leads[i].last)
			lead = &leads[i];
	}
	if (!lead || lead->length > len)
		return 0;
	if (lead->length > 1 && (s[1] < lead->second_first || s[1] > lead->second_last))
		return 0;
	for (size_t i = 2; i < lead->length; i++) {
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	}
	return lead->length;
}
