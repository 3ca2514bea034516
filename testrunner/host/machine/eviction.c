// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Chooses what is evicted. */
#include "host/machine/eviction.h"

#include <stdlib.h>

static int newest_first(const void *left, const void *right)
{
	const struct kept *a = left, *b = right;

	return (a->used < b->used) - (a->used > b->used);
}

void eviction_choose(struct kept *kept, size_t count, long long max_kb)
{
	long long sum = 0;

	if (count)
		qsort(kept, count, sizeof(*kept), newest_first);
	for (size_t i = 0; i < count; i++) {
		sum += kept[i].kb;
		kept[i].goes = sum > max_kb;
	}
}
