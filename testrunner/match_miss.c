/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The events that came nearest to a block, a few of them, in memory that does not grow with the
 * stream.
 */
#include <errno.h>
#include <stdlib.h>

#include "matcher.h"

/* Lines that hold; `floor` as soon as it is clear that they will not be more than that. */
static size_t count_held(const struct matcher *matcher, const struct bound_block *block,
			 const struct event *event, size_t floor)
{
	size_t count = block->source->condition_count, held = 0;

	for (size_t i = 0; i < count; i++) {
		const struct bound_condition *condition = &block->conditions[i];

		if (held + (count - i) <= floor)
			return floor;
		held += condition->need <= matcher->due &&
			!condition_missed(matcher, block, condition, event);
	}
	return held;
}

static int store(const struct bound_block *block, struct miss *miss, const struct event *event,
		 size_t held)
{
	size_t size = values_size(block->route, event, block->uses);

	if (miss->capacity < size) {
		struct value *values = realloc(miss->look.values, size);

		if (!values)
			return -ENOMEM;
		miss->look.values = values;
		miss->capacity = size;
	}
	values_copy(block->route, event, block->uses, miss->look.values);
	miss->look.kept = event->look->kept;
	miss->event = (struct event){ event->number, &miss->look };
	miss->held = held;
	return 0;
}

static void find_floor(struct bound_block *block)
{
	bool full = block->miss_count == MISSES_MAX;

	block->miss_floor = SIZE_MAX;
	for (size_t i = 0; i < block->miss_count; i++) {
		if (block->misses[i].held < block->miss_floor)
			block->miss_floor = block->misses[i].held;
	}
	/* One that misses a line of those that are due holds the others at most. */
	block->misses_final = full && block->miss_floor + 1 >= block->due_count;
}

int miss_consider(const struct matcher *matcher, struct bound_block *block,
		  const struct event *event)
{
	struct miss *miss = block->misses;
	bool full = block->miss_count == MISSES_MAX;
	size_t held;
	int err;

	held = count_held(matcher, block, event, full ? block->miss_floor : 0);
	if (full && held <= block->miss_floor)
		return 0;
	/* The first free one, or the first of the worst. */
	while (full ? miss->held > block->miss_floor : miss < &block->misses[block->miss_count])
		miss++;
	err = store(block, miss, event, held);
	block->miss_count += !full && !err;
	find_floor(block);
	return err;
}

void miss_rescore(const struct matcher *matcher, struct bound_block *block)
{
	for (size_t i = 0; i < block->miss_count; i++) {
		struct miss *miss = &block->misses[i];

		miss->held = count_held(matcher, block, &miss->event, 0);
	}
	find_floor(block);
}
