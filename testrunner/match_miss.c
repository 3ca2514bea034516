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

int miss_consider(const struct matcher *matcher, struct bound_block *block, const void *data,
		  size_t len)
{
	struct miss *worst = &block->misses[0];
	size_t held;

	if (block->miss_count < MISSES_MAX) {
		struct miss *miss = &block->misses[block->miss_count];
		int err;

		held = count_held(matcher, block, data, len, 0);
		err = store(miss, data, len, held, matcher->event_count);
		block->miss_count += !err;
		return err;
	}
	for (size_t i = 1; i < block->miss_count; i++) {
		if (block->misses[i].held < worst->held)
			worst = &block->misses[i];
	}
	held = count_held(matcher, block, data, len, worst->held);
	return held > worst->held ? store(worst, data, len, held, matcher->event_count) : 0;
}

void miss_rescore(const struct matcher *matcher, struct bound_block *block)
{
	for (size_t i = 0; i < block->miss_count; i++) {
		struct miss *miss = &block->misses[i];

		miss->held = count_held(matcher, block, miss->event->data, miss->event->len, 0);
	}
}
