/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Blocks that stand alone share nothing with others but the rule that no event stands for two: a
 * matching between blocks and events, found by augmenting paths (Kuhn), which needs no luck with
 * the order of blocks and takes no time that grows with the number of ways.
 */
#include <stdlib.h>

#include "matcher.h"

struct assignment {
	const struct matcher *matcher;
	struct binding *binding;
	uint64_t *steps_left;
	bool *asked; /* by block: has been asked to move in this round */
};

/* Is there one of these events that no block has? */
static bool is_free(const struct assignment *assignment, const struct event *event)
{
	uint64_t taken = 0;

	for (size_t i = 0; i < assignment->matcher->block_count; i++) {
		const struct event *bound = assignment->binding->events[i];

		taken += bound && assignment->matcher->blocks[i].binds && bound == event;
	}
	return taken < event_times(event);
}

static bool give_event(struct assignment *assignment, const struct bound_block *block);

/* Can one of the blocks that have the event do with another? */
static bool make_free(struct assignment *assignment, const struct event *event)
{
	const struct matcher *matcher = assignment->matcher;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *holder = &matcher->blocks[i];

		if (holder->binds && holder->alone && !assignment->asked[i] &&
		    assignment->binding->events[i] == event && give_event(assignment, holder))
			return true;
	}
	return false;
}

/*
 * Give the block an event, moving blocks that stand alone from theirs where there is no other way.
 */
static bool give_event(struct assignment *assignment, const struct bound_block *block)
{
	const struct event **slot = &assignment->binding->events[block->index];

	assignment->asked[block->index] = true;
	for (size_t i = 0; i < block->candidate_count; i++) {
		if (!is_free(assignment, block->candidates[i]))
			continue;
		*slot = block->candidates[i];
		return true;
	}
	for (size_t i = 0; i < block->candidate_count; i++) {
		if (!take_steps(assignment->steps_left, 1))
			return false;
		if (!make_free(assignment, block->candidates[i]))
			continue;
		*slot = block->candidates[i];
		return true;
	}
	return false;
}

bool assign_alone(const struct matcher *matcher, struct binding *binding, uint64_t *steps_left)
{
	struct assignment assignment = {
		.matcher = matcher,
		.binding = binding,
		.steps_left = steps_left,
		.asked = calloc(matcher->block_count + 1, sizeof(*assignment.asked)),
	};
	bool complete = assignment.asked != NULL;

	for (size_t i = 0; i < matcher->block_count; i++) {
		if (matcher->blocks[i].alone)
			binding->events[i] = NULL;
	}
	for (size_t i = 0; assignment.asked && i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		if (!block->alone || !block->binds)
			continue;
		for (size_t b = 0; b < matcher->block_count; b++)
			assignment.asked[b] = false;
		complete &= give_event(&assignment, block);
	}
	free(assignment.asked);
	return complete;
}
