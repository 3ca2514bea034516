/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Chooses the snapshots that go when there are too many. Pure. */
#ifndef MACHINE_EVICTION_H
#define MACHINE_EVICTION_H

#include <stdbool.h>
#include <stddef.h>

struct kept {
	char name[32];
	long long used; /* when it was used last, in ns */
	long long kb;	/* that it takes on the disk */
	bool goes;	/* the choice */
};

/* All that goes beyond `max_kb`, counted from the one used last. Sorts them. */
void eviction_choose(struct kept *kept, size_t count, long long max_kb);

#endif
