/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the two halves of keeping events share. Nobody else includes it. */
#ifndef SHELF_H
#define SHELF_H

#include "matcher.h"

#define BATCH_EVENTS 64

/* How many events a block has got in its epoch. */
struct spell {
	uint32_t epoch, count;
};

/* Events that are alike: they hold the lines of the same blocks, too. */
struct likeness {
	struct look look;
	struct likeness *next; /* by arrival of the first */
	uint64_t hash;
	uint64_t *blocks;     /* a bit each */
	struct spell *spells; /* of the blocks in order */
};

/* Events that are kept for blocks in order, by arrival. */
struct batch {
	struct batch *next;
	size_t count;
	struct event events[BATCH_EVENTS];
};

struct shelf {
	uint64_t *marks; /* blocks that may need the event at hand, a bit each */
	size_t words;	 /* of marks */
	bool is_marked;
	/* What follows from the marks: */
	uint64_t *known_marks;
	bool *compared, *stored; /* by slot */
	bool any_unordered;
	size_t rivals; /* blocks that want an event for themselves */
	struct bound_block **ordered;
	bool *got; /* by block in order: the event at hand is kept for it */
	size_t ordered_count;
	struct likeness **table;
	size_t table_size, table_used;
	struct likeness *first, **last;
	struct batch *first_batch, *last_batch;
};

static inline bool has_bit(const uint64_t *words, size_t bit)
{
	return words[bit / 64] >> (bit % 64) & 1;
}

/* Room in the matcher's chunks; NULL: out of memory. */
void *take_room(struct matcher *matcher, size_t size);

/* Of what the marked blocks have to look at in the event at hand. */
uint64_t likeness_hash(const struct route *route);
/* The one that the event at hand is of, or NULL. */
struct likeness *likeness_find(const struct route *route, uint64_t hash);
/* A new one, of the event at hand. Returns 0 or -ENOMEM. */
int likeness_add(struct matcher *matcher, const struct route *route, uint64_t hash,
		 struct likeness **likeness);

#endif
