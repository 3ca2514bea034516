/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The events that came nearest to a block, a few of them, in memory that does not grow with the
 * stream.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "matcher.h"

/* Lines that hold; `floor` as soon as it is clear that they will not be more than that. */
static size_t count_held(const struct matcher *matcher, const struct bound_block *block,
			 const void *data, size_t len, size_t floor)
{
	size_t count = block->source->condition_count, held = 0;

	for (size_t i = 0; i < count; i++) {
		const struct bound_condition *condition = &block->conditions[i];

		if (held + (count - i) <= floor)
			return floor;
		if (condition->need != NEED_EVENTS && condition_decidable(matcher, condition, NULL))
			held += condition_holds(matcher, block, condition, data, len, NULL);
	}
	return held;
}

static int store(struct miss *miss, const void *data, size_t len, size_t held, uint64_t number)
{
	if (!miss->event || miss->capacity < len) {
		struct event *event = realloc(miss->event, sizeof(*event) + len);

		if (!event)
			return -ENOMEM;
		miss->event = event;
		miss->capacity = len;
	}
	miss->event->number = number;
	miss->event->len = len;
	memcpy(miss->event->data, data, len);
	miss->held = held;
	return 0;
}

static void find_floor(struct bound_block *block)
{
	block->miss_floor = SIZE_MAX;
	for (size_t i = 0; i < block->miss_count; i++) {
		if (block->misses[i].held < block->miss_floor)
			block->miss_floor = block->misses[i].held;
	}
}

int miss_consider(const struct matcher *matcher, struct bound_block *block, const void *data,
		  size_t len)
{
	struct miss *miss = block->misses;
	bool full = block->miss_count == MISSES_MAX;
	size_t held;
	int err;

	/* It missed one line of those that are due, so this is the most that it can hold. */
	if (full && block->miss_floor + 1 >= block->due_count)
		return 0;
	held = count_held(matcher, block, data, len, full ? block->miss_floor : 0);
	if (full && held <= block->miss_floor)
		return 0;
	/* The first free one, or the first of the worst. */
	while (full ? miss->held > block->miss_floor : miss < &block->misses[block->miss_count])
		miss++;
	err = store(miss, data, len, held, matcher->event_count);
	block->miss_count += !full && !err;
	find_floor(block);
	return err;
}

void miss_rescore(const struct matcher *matcher, struct bound_block *block)
{
	for (size_t i = 0; i < block->miss_count; i++) {
		struct miss *miss = &block->misses[i];

		miss->held = count_held(matcher, block, miss->event->data, miss->event->len, 0);
	}
	find_floor(block);
}
