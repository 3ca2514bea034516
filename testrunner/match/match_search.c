/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which event does each block stand for? Backtracking over the candidates, so that a choice of
 * events is found whenever there is one, within a bounded number of steps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "match/matcher.h"

struct search {
	struct matcher *matcher;
	const struct bound_block *refused;
	bool final;
	uint64_t *steps_left;
	const struct bound_block **order; /* in which events are chosen for blocks */
	struct candidate_index **indexes; /* by place in the order; NULL: try all candidates */
	size_t count;
	const struct event **chosen, **best;
	size_t best_depth;
	bool *asked; /* by block: was asked to take another event, see assign_alone() */
};

/* False once there are none left. */
static bool take_steps(uint64_t *steps_left, uint64_t steps)
{
	*steps_left -= steps < *steps_left ? steps : *steps_left;
	return *steps_left > 0;
}

bool choice_is_free(const struct matcher *matcher, const struct bound_block *block,
		    const struct event *const *chosen)
{
	const struct event *event = chosen[block->index];
	uint64_t taken = 0;

	for (size_t i = 0; i < matcher->block_count; i++)
		taken += i != block->index && matcher->blocks[i].binds && chosen[i] == event;
	return taken < event->count;
}

/* `then` between blocks that both have an event. */
static bool in_order(const struct search *search, const struct bound_block *block)
{
	const struct event *event = search->chosen[block->index], *other;

	other = block->predecessor == SIZE_MAX ? NULL : search->chosen[block->predecessor];
	if (other && other->number >= event->number)
		return false;
	other = block->successor == SIZE_MAX ? NULL : search->chosen[block->successor];
	return !other || other->number > event->number;
}

/* Do the conditions hold that the block's event makes decidable? */
static bool ties_hold(const struct search *search, const struct bound_block *block)
{
	struct tie tie = { .block = block->index };

	while (tie_next(search->matcher, block->index, search->chosen, &tie)) {
		if (tie.condition->need == NEED_EVENTS &&
		    !condition_holds(tie.condition, search->chosen[tie.block], search->chosen))
			return false;
	}
	return true;
}

/* Can the block stand for the event chosen for it? A refuse block can share its event. */
static bool fits(const struct search *search, const struct bound_block *block)
{
	return (!block->binds || choice_is_free(search->matcher, block, search->chosen)) &&
	       in_order(search, block) && ties_hold(search, block);
}

/* Do all conditions hold that need other blocks' events? */
static bool block_joins_hold(const struct bound_block *block, const struct event *event,
			     const struct event *const *chosen)
{
	for (size_t i = 0; i < block->source->condition_count; i++) {
		const struct bound_condition *condition = &block->conditions[i];

		if (condition->need == NEED_EVENTS && !condition_holds(condition, event, chosen))
			return false;
	}
	return true;
}

/* Number of the last event of the expect block `index`; 0 comes before all. */
static uint64_t last_number(const struct matcher *matcher, size_t index,
			    const struct event *const *chosen)
{
	uint64_t last = 0;

	if (index != SIZE_MAX && matcher->blocks[index].binds)
		return chosen[index]->number;
	if (index != SIZE_MAX)
		search_count(matcher, &matcher->blocks[index], chosen, &last);
	return last;
}

uint64_t search_count(const struct matcher *matcher, const struct bound_block *block,
		      const struct event *const *chosen, uint64_t *last)
{
	uint64_t count = 0, after = last_number(matcher, block->predecessor, chosen);

	*last = after;
	if (block->alone)
		return block->held;
	for (size_t i = 0; i < block->candidate_count; i++) {
		const struct event *event = block->candidates[i];

		if (event->number <= after || !block_joins_hold(block, event, chosen))
			continue;
		count += event->count;
		*last = event->number;
	}
	return count;
}

/* Every binding block has its event: do the counts hold, and the order between counting blocks? */
static bool counts_hold(const struct search *search)
{
	const struct matcher *matcher = search->matcher;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t count, last, wanted = (uint64_t)block->source->count;

		if (block->source->kind != BLOCK_EXPECT)
			continue;
		if (block->binds && block->predecessor != SIZE_MAX &&
		    search->chosen[i]->number <=
			    last_number(matcher, block->predecessor, search->chosen))
			return false;
		if (block->source->count < 0)
			continue;
		take_steps(search->steps_left, block->alone ? 0 : block->candidate_count);
		count = search_count(matcher, block, search->chosen, &last);
		if (count < wanted || (search->final && count > wanted))
			return false;
	}
	return true;
}

static bool choose_event(const struct search *search, const struct event **chosen,
			 const struct bound_block *block);

/* Can one of the blocks that have the event take another? */
static bool make_free(const struct search *search, const struct event **chosen,
		      const struct event *event)
{
	for (size_t i = 0; i < search->matcher->block_count; i++) {
		const struct bound_block *holder = &search->matcher->blocks[i];

		if (holder->binds && holder->alone && !search->asked[i] && chosen[i] == event &&
		    choose_event(search, chosen, holder))
			return true;
	}
	return false;
}

/* Another event than now for a block that stands alone. False: the block keeps what it has. */
static bool choose_event(const struct search *search, const struct event **chosen,
			 const struct bound_block *block)
{
	const struct event **slot = &chosen[block->index], *before = *slot;

	search->asked[block->index] = true;
	for (size_t i = 0; i < block->candidate_count; i++) {
		*slot = block->candidates[i];
		if (*slot != before && choice_is_free(search->matcher, block, chosen))
			return true;
	}
	*slot = before;
	for (size_t i = 0; i < block->candidate_count; i++) {
		if (!take_steps(search->steps_left, 1))
			return false;
		if (!make_free(search, chosen, block->candidates[i]))
			continue;
		*slot = block->candidates[i];
		return true;
	}
	return false;
}

/*
 * Chooses events for the blocks that stand alone, which share only the rule that no two blocks have
 * the same event: a matching in a bipartite graph, found by augmenting paths (Kuhn), so that the
 * time does not grow with the number of possible choices. False: as many blocks as possible have
 * one, but not all.
 */
static bool assign_alone(const struct search *search, const struct event **chosen)
{
	const struct matcher *matcher = search->matcher;
	bool complete = true;

	for (size_t i = 0; i < matcher->block_count; i++) {
		if (matcher->blocks[i].alone)
			chosen[i] = NULL;
	}
	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		if (!block->alone || !block->binds)
			continue;
		memset(search->asked, false, matcher->block_count);
		complete &= choose_event(search, chosen, block);
	}
	return complete;
}

static void remember(const struct search *search)
{
	if (search->best)
		memcpy(search->best, search->chosen,
		       search->matcher->block_count * sizeof(search->chosen[0]));
}

/* Every block that is tied to others has its event. */
static enum search_result finish(struct search *search)
{
	const struct matcher *matcher = search->matcher;

	if (assign_alone(search, search->chosen) && counts_hold(search)) {
		remember(search);
		return SEARCH_FOUND;
	}
	for (size_t i = 0; i < matcher->block_count; i++) {
		if (matcher->blocks[i].alone && matcher->blocks[i].binds)
			search->chosen[i] = NULL;
	}
	return *search->steps_left == 0 ? SEARCH_GAVE_UP : SEARCH_NONE;
}

/* Choose events for the blocks from place `depth` in the order on. */
static enum search_result descend(struct search *search, size_t depth)
{
	enum search_result result = SEARCH_NONE;
	const struct event *const *candidates;
	const struct bound_block *block;
	size_t count;

	if (depth > search->best_depth) {
		search->best_depth = depth;
		remember(search);
	}
	if (depth == search->count)
		return finish(search);
	block = search->order[depth];
	candidates = block->candidates;
	count = block->candidate_count;
	if (search->indexes[depth])
		candidates = candidate_index_find(search->indexes[depth], search->chosen, &count);
	for (size_t i = 0; i < count && result == SEARCH_NONE; i++) {
		if (!take_steps(search->steps_left, 1)) {
			result = SEARCH_GAVE_UP;
			break;
		}
		search->chosen[block->index] = candidates[i];
		if (fits(search, block))
			result = descend(search, depth + 1);
	}
	if (result != SEARCH_FOUND)
		search->chosen[block->index] = NULL;
	return result;
}

static bool refers_to(const struct bound_block *block, const struct bound_block *other)
{
	for (size_t c = 0; c < block->source->condition_count; c++) {
		if (condition_refers_to(&block->conditions[c], other->index))
			return true;
	}
	return block->predecessor == other->index;
}

/*
 * 1 if a condition or `then` ties the block to one that is in the order, 0 if none does, -1 if the
 * block is in the order itself.
 */
static int rank(const struct search *search, const struct bound_block *block)
{
	bool linked = false;

	for (size_t i = 0; i < search->count; i++) {
		const struct bound_block *other = search->order[i];

		if (other == block)
			return -1;
		linked |= refers_to(block, other) || refers_to(other, block);
	}
	return linked;
}

/*
 * The block with the fewest candidates, but first those that are linked to blocks in the order: a
 * wrong choice then shows before unrelated blocks are tried. NULL: all are in the order.
 * assign_alone() sees to the blocks that stand alone.
 */
static const struct bound_block *find_next(const struct search *search)
{
	const struct matcher *matcher = search->matcher;
	const struct bound_block *next = NULL;
	int next_rank = -1;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		int block_rank = rank(search, block);

		if (block_rank < 0 || block->alone || !(block->binds || block == search->refused))
			continue;
		if (block_rank > next_rank ||
		    (block_rank == next_rank && block->candidate_count < next->candidate_count)) {
			next = block;
			next_rank = block_rank;
		}
	}
	return next;
}

static int prepare(struct search *search)
{
	size_t block_count = search->matcher->block_count;
	const struct bound_block *block;

	search->order = calloc(block_count + 1, sizeof(*search->order));
	search->indexes = calloc(block_count + 1, sizeof(*search->indexes));
	search->chosen = calloc(block_count + 1, sizeof(*search->chosen));
	search->asked = calloc(block_count + 1, sizeof(*search->asked));
	if (!search->order || !search->indexes || !search->chosen || !search->asked)
		return -ENOMEM;
	while ((block = find_next(search))) {
		int err = candidate_index_new(block, search->order, search->count,
					      &search->indexes[search->count]);

		if (err)
			return err;
		search->order[search->count++] = block;
	}
	return 0;
}

enum search_result search(struct matcher *matcher, const struct bound_block *refused, bool final,
			  uint64_t *steps_left, const struct event **best)
{
	struct search search = {
		.matcher = matcher,
		.refused = refused,
		.final = final,
		.steps_left = steps_left,
		.best = best,
	};
	enum search_result result = SEARCH_GAVE_UP;

	if (prepare(&search) == 0)
		result = descend(&search, 0);
	/* A block without an event in `best` is then one for which none could be found. */
	if (best && result == SEARCH_NONE)
		assign_alone(&search, best);
	for (size_t i = 0; i < search.count; i++)
		free(search.indexes[i]);
	free(search.order);
	free(search.indexes);
	free(search.chosen);
	free(search.asked);
	return result;
}
