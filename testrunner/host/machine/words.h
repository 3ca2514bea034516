/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A growing list of strings: an argument list, or lines. Pure. */
#ifndef HOST_WORDS_H
#define HOST_WORDS_H

#include <stddef.h>

struct words {
	char **items; /* NULL-terminated once one was added */
	size_t count;
	int err; /* the first failure; nothing is added after it */
};

void words_add(struct words *words, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void words_add_all(struct words *words, const char *const *items); /* to the NULL */
void words_free(struct words *words);

#endif
