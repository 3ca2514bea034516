/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* "Did you mean": the known word that is nearest to an unknown one. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

/* The best word so far; start with `wanted` set, the rest zero. Words are borrowed. */
struct suggestion {
	const char *wanted;
	const char *nearest; /* NULL while nothing is near enough to be worth a guess */
	size_t distance;     /* of `nearest` */
};

void suggestion_offer(struct suggestion *suggestion, const char *word);

#endif
