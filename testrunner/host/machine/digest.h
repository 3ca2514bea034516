/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A 64-bit hash that tells versions of our own files apart; it does not protect against forgery. Pure. */
#ifndef HOST_DIGEST_H
#define HOST_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define DIGEST_START 0xcbf29ce484222325u
#define DIGEST_TEXT  17 /* 16 digits, and their end */

uint64_t digest_add(uint64_t digest, const void *bytes, size_t len);
/* With the end of it, so that "a", "bc" is not "ab", "c". */
uint64_t digest_add_text(uint64_t digest, const char *text);
uint64_t digest_add_number(uint64_t digest, uint64_t number);
void digest_text(uint64_t digest, char text[DIGEST_TEXT]);

#endif
