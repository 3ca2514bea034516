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

/* Which block stands in the way; NULL: none. */
static const struct bound_block *find_holder(const struct assignment *assignment,
					     const struct event *event)
{
	for (size_t i = 0; i < assignment->matcher->block_count; i++) {
		const struct bound_block *block = &assignment->matcher->blocks[i];

		if (block->binds && assignment->binding->events[i] == event)
			return block;
	}
	return NULL;
}

/*
 * Give the block an event, moving blocks that stand alone from theirs where there is no other way.
 */
static bool give_event(struct assignment *assignment, const struct bound_block *block)
{
	const struct event **slot = &assignment->binding->events[block->index];

	assignment->asked[block->index] = true;
	for (size_t i = 0; i < block->candidate_count; i++) {
		if (find_holder(assignment, block->candidates[i]))
			continue;
		*slot = block->candidates[i];
		return true;
	}
	for (size_t i = 0; i < block->candidate_count; i++) {
		const struct event *event = block->candidates[i];
		const struct bound_block *holder = find_holder(assignment, event);

		if (!take_steps(assignment->steps_left, 1))
			return false;
		if (!holder->alone || assignment->asked[holder->index] ||
		    !give_event(assignment, holder))
			continue;
		*slot = event;
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
