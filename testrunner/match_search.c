/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which event does each block stand for? Backtracking over the kept candidates, so that a set of
 * events is found whenever there is one, within a bounded number of steps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "matcher.h"

/* A line that can be decided as soon as the block of its position is bound. */
struct check {
	const struct bound_block *block;
	const struct bound_condition *condition;
};

/* Blocks are bound in this order. */
struct position {
	const struct bound_block *block;
	struct check *checks;
	size_t check_count;
	struct lookup *lookup; /* NULL: every candidate must be tried */
};

struct search {
	struct matcher *matcher;
	const struct bound_block *refused;
	bool final;
	uint64_t *steps_left;
	struct position *positions;
	size_t *order; /* the positions' blocks */
	size_t count;
	struct binding binding, *best;
	size_t best_depth;
};

/* `then` between two blocks that are both bound to events. */
static bool in_order(const struct search *search, const struct bound_block *block)
{
	const struct event *const *events = search->binding.events;
	const struct event *event = events[block->index];

	if (block->after != SIZE_MAX && events[block->after] &&
	    events[block->after]->number >= event->number)
		return false;
	for (size_t i = 0; i < search->count; i++) {
		const struct bound_block *other = search->positions[i].block;

		if (other->after == block->index && events[other->index] &&
		    events[other->index]->number <= event->number)
			return false;
	}
	return true;
}

/* No event stands for two blocks; a refused one may be any. */
static bool is_free(const struct search *search, const struct bound_block *block)
{
	const struct event *const *events = search->binding.events;
	uint64_t taken = 0;

	for (size_t i = 0; block->binds && i < search->count; i++) {
		const struct bound_block *other = search->positions[i].block;

		taken += other != block && other->binds &&
			 events[other->index] == events[block->index];
	}
	return taken < event_times(events[block->index]);
}

static bool checks_hold(const struct search *search, const struct position *position)
{
	for (size_t i = 0; i < position->check_count; i++) {
		const struct check *check = &position->checks[i];
		const struct event *event = search->binding.events[check->block->index];

		if (!condition_holds(search->matcher, check->block, check->condition, event,
				     &search->binding))
			return false;
	}
	return true;
}

static bool joins_hold(const struct matcher *matcher, const struct bound_block *block,
		       const struct event *event, const struct binding *binding)
{
	for (size_t c = 0; c < block->source->condition_count; c++) {
		const struct bound_condition *condition = &block->conditions[c];

		if (condition->need == NEED_EVENTS &&
		    !condition_holds(matcher, block, condition, event, binding))
			return false;
	}
	return true;
}

/*
 * Counts the events after number `after` that a block stands for, and tells the last one's number.
 * Blocks of one event that come alone are counted as well: `expect 1`.
 */
static uint64_t count_events(const struct matcher *matcher, const struct bound_block *block,
			     const struct binding *binding, uint64_t after, uint64_t *last)
{
	uint64_t count = 0;

	*last = after;
	if (block->alone)
		return block->held;
	for (size_t i = 0; i < block->candidate_count; i++) {
		const struct event *event = block->candidates[i];

		if (event->number <= after || !joins_hold(matcher, block, event, binding))
			continue;
		count += event_times(event);
		*last = event->number;
	}
	return count;
}

/* Number of the last event of the expect block `index`; 0 comes before all. */
static uint64_t last_number(const struct matcher *matcher, size_t index,
			    const struct binding *binding)
{
	const struct bound_block *block;
	uint64_t after, last;

	if (index == SIZE_MAX)
		return 0;
	block = &matcher->blocks[index];
	if (block->binds)
		return binding->events[index]->number;
	after = last_number(matcher, block->after, binding);
	count_events(matcher, block, binding, after, &last);
	return last;
}

uint64_t search_count(const struct matcher *matcher, const struct bound_block *block,
		      const struct binding *binding)
{
	uint64_t last;

	return count_events(matcher, block, binding, last_number(matcher, block->after, binding),
			    &last);
}

/* Every block has its event: what is left are the blocks that count, and order between those. */
static bool counts_hold(struct search *search)
{
	const struct matcher *matcher = search->matcher;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t count, wanted = (uint64_t)block->source->count;

		if (block->source->kind != BLOCK_EXPECT)
			continue;
		if (block->binds && block->after != SIZE_MAX &&
		    search->binding.events[i]->number <=
			    last_number(matcher, block->after, &search->binding))
			return false;
		if (block->source->count < 0)
			continue;
		take_steps(search->steps_left, block->alone ? 0 : block->candidate_count);
		count = search_count(matcher, block, &search->binding);
		if (count < wanted || (search->final && count > wanted))
			return false;
	}
	return true;
}

static void remember(struct search *search)
{
	if (search->best)
		memcpy(search->best->events, search->binding.events,
		       search->matcher->block_count * sizeof(search->binding.events[0]));
}

/* Every block that is tied to others has its event. */
static enum search_result finish(struct search *search)
{
	if (!assign_alone(search->matcher, &search->binding, search->steps_left) ||
	    !counts_hold(search))
		return *search->steps_left == 0 ? SEARCH_GAVE_UP : SEARCH_NONE;
	remember(search);
	return SEARCH_FOUND;
}

static enum search_result descend(struct search *search, size_t depth)
{
	const struct position *position = &search->positions[depth];
	const struct event *const *candidates;
	const struct event **slot;
	size_t candidate_count;

	if (depth > search->best_depth) {
		search->best_depth = depth;
		remember(search);
	}
	if (depth == search->count)
		return finish(search);
	slot = &search->binding.events[position->block->index];
	candidates = position->block->candidates;
	candidate_count = position->block->candidate_count;
	if (position->lookup)
		candidates = lookup_find(position->lookup, &search->binding, &candidate_count);
	for (size_t i = 0; i < candidate_count; i++) {
		enum search_result result;

		if (!take_steps(search->steps_left, 1)) {
			*slot = NULL;
			return SEARCH_GAVE_UP;
		}
		*slot = candidates[i];
		if (!is_free(search, position->block) || !in_order(search, position->block) ||
		    !checks_hold(search, position))
			continue;
		result = descend(search, depth + 1);
		if (result != SEARCH_NONE)
			return result;
	}
	*slot = NULL;
	return SEARCH_NONE;
}

/* Does a line of either block refer to the other, or `then` tie them? */
static bool are_linked(const struct bound_block *a, const struct bound_block *b)
{
	if (a->after == b->index || b->after == a->index)
		return true;
	for (size_t c = 0; c < a->source->condition_count; c++) {
		if (condition_refers_to(&a->conditions[c], b->index))
			return true;
	}
	for (size_t c = 0; c < b->source->condition_count; c++) {
		if (condition_refers_to(&b->conditions[c], a->index))
			return true;
	}
	return false;
}

static bool is_linked_to_ordered(const struct search *search, const struct bound_block *block)
{
	for (size_t i = 0; i < search->count; i++) {
		if (are_linked(search->positions[i].block, block))
			return true;
	}
	return false;
}

/*
 * Fewest candidates first, but stay with blocks that are linked to those already chosen: a wrong
 * choice is then found out before anything that has nothing to do with it is tried. Blocks that
 * stand alone are not in the order: assign_alone() sees to them.
 */
static void choose_order(struct search *search, bool *chosen)
{
	const struct matcher *matcher = search->matcher;

	for (;;) {
		const struct bound_block *next = NULL;
		bool next_linked = false;

		for (size_t i = 0; i < matcher->block_count; i++) {
			const struct bound_block *block = &matcher->blocks[i];
			bool linked;

			if (chosen[i] || block->alone ||
			    !(block->binds || block == search->refused))
				continue;
			linked = is_linked_to_ordered(search, block);
			if (!next || linked > next_linked ||
			    (linked == next_linked &&
			     block->candidate_count < next->candidate_count)) {
				next = block;
				next_linked = linked;
			}
		}
		if (!next)
			return;
		chosen[next->index] = true;
		search->order[search->count] = next->index;
		search->positions[search->count++].block = next;
	}
}

/* Do all events that the line needs have a place among the first `count` positions? */
static bool is_decidable_at(const struct search *search, const struct check *check, size_t count)
{
	const struct condition *source = check->condition->source;
	bool decidable = false;

	for (size_t p = 0; p < count; p++)
		decidable |= search->positions[p].block == check->block;
	for (size_t i = 0; decidable && i < source->operand_count; i++) {
		decidable = source->operands[i].kind != OPERAND_EVENT_FIELD;
		for (size_t p = 0; p < count; p++)
			decidable |= search->order[p] == source->operands[i].block;
	}
	return decidable;
}

static int add_checks(struct search *search, size_t at)
{
	struct position *position = &search->positions[at];

	for (size_t p = 0; p <= at; p++) {
		const struct bound_block *block = search->positions[p].block;

		for (size_t c = 0; c < block->source->condition_count; c++) {
			struct check check = { block, &block->conditions[c] }, *checks;

			if (check.condition->need != NEED_EVENTS ||
			    is_decidable_at(search, &check, at) ||
			    !is_decidable_at(search, &check, at + 1))
				continue;
			checks = reallocarray(position->checks, position->check_count + 1,
					      sizeof(*checks));
			if (!checks)
				return -ENOMEM;
			position->checks = checks;
			checks[position->check_count++] = check;
		}
	}
	return 0;
}

static int prepare(struct search *search)
{
	size_t block_count = search->matcher->block_count;
	bool *chosen = calloc(block_count + 1, sizeof(*chosen));

	search->positions = calloc(block_count + 1, sizeof(*search->positions));
	search->order = calloc(block_count + 1, sizeof(*search->order));
	search->binding.events = calloc(block_count + 1, sizeof(*search->binding.events));
	if (!chosen || !search->positions || !search->order || !search->binding.events) {
		free(chosen);
		return -ENOMEM;
	}
	choose_order(search, chosen);
	free(chosen);
	for (size_t i = 0; i < search->count; i++) {
		struct position *position = &search->positions[i];
		int err = add_checks(search, i);

		if (!err)
			err = lookup_new(search->matcher, position->block, search->order, i,
					 &position->lookup);
		if (err)
			return err;
	}
	return 0;
}

enum search_result search(struct matcher *matcher, const struct bound_block *refused, bool final,
			  uint64_t *steps_left, struct binding *best)
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
	/* So that what is missing in `best` is what could not be found, not what was not tried. */
	if (best && result != SEARCH_FOUND)
		assign_alone(matcher, best, steps_left);
	for (size_t i = 0; i < search.count; i++) {
		free(search.positions[i].checks);
		lookup_free(search.positions[i].lookup);
	}
	free(search.positions);
	free(search.order);
	free(search.binding.events);
	return result;
}
