// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Hashes, eight bytes at a time. */
#include "host/machine/digest.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t digest_add_number(uint64_t digest, uint64_t number)
{
	digest = (digest ^ number) * 0x9e3779b97f4a7c15u;
	return digest ^ digest >> 29;
}

uint64_t digest_add(uint64_t digest, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t word;

	for (; len >= sizeof(word); at += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		digest = digest_add_number(digest, word);
	}
	word = 0;
	memcpy(&word, at, len);
	/* How many they are, so that zeros at the end count. */
	return len ? digest_add_number(digest, word ^ (uint64_t)len << 56) : digest;
}

uint64_t digest_add_text(uint64_t digest, const char *text)
{
	size_t len = strlen(text);

	return digest_add_number(digest_add(digest, text, len), len);
}

void digest_text(uint64_t digest, char text[DIGEST_TEXT])
{
	snprintf(text, DIGEST_TEXT, "%016" PRIx64, digest);
}
