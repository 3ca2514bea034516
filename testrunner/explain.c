/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What speaks against a pass, in order of weight. */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "explanation.h"

/* A line that an event did not hold. The event may be another block's, which refers to this one. */
struct missed_line {
	const struct bound_block *block;
	const struct bound_condition *condition; /* NULL: all lines hold */
	const struct event *event;
};

/*
 * Adds up the lines that hold, of those that can be decided; the first that does not goes to
 * `missed`.
 */
static size_t count_held(const struct matcher *matcher, const struct bound_block *block,
			 const struct event *event, const struct binding *binding, size_t referred,
			 struct missed_line *missed)
{
	size_t held = 0;

	for (size_t i = 0; i < block->source->condition_count; i++) {
		const struct bound_condition *condition = &block->conditions[i];

		if ((referred != SIZE_MAX && !condition_refers_to(condition, referred)) ||
		    !condition_decidable(matcher, condition, binding))
			continue;
		if (condition_holds(matcher, block, condition, event, binding))
			held++;
		else if (!missed->condition)
			*missed = (struct missed_line){ block, condition, event };
	}
	return held;
}

/*
 * The same for an event as if it were the block's: with the lines of bound blocks that refer to it.
 */
static size_t examine(const struct matcher *matcher, const struct bound_block *block,
		      const struct event *event, struct binding *binding,
		      struct missed_line *missed)
{
	const struct event *before;
	size_t held;

	*missed = (struct missed_line){ 0 };
	held = count_held(matcher, block, event, binding, SIZE_MAX, missed);
	if (!binding)
		return held;
	before = binding->events[block->index];
	binding->events[block->index] = event;
	for (size_t i = 0; i < matcher->block_count; i++) {
		if (i != block->index && matcher->blocks[i].binds && binding->events[i])
			held += count_held(matcher, &matcher->blocks[i], binding->events[i],
					   binding, block->index, missed);
	}
	binding->events[block->index] = before;
	return held;
}

/* Once more, so that the values of the line's operands are those of this event. */
static void add_missed(struct explanation *explanation, const struct bound_block *block,
		       const struct event *event, struct binding *binding,
		       const struct missed_line *missed)
{
	const struct event *before = binding ? binding->events[block->index] : NULL;

	if (binding)
		binding->events[block->index] = event;
	condition_holds(explanation->matcher, missed->block, missed->condition, missed->event,
			binding);
	explanation_add_missed(explanation, missed->block, missed->condition, missed->event);
	if (binding)
		binding->events[block->index] = before;
}

/*
 * The line that was missed by the first of those events that missed one and held most others.
 * False: there is none.
 */
static bool add_nearest(struct explanation *explanation, const struct bound_block *block,
			struct binding *binding)
{
	const struct matcher *matcher = explanation->matcher;
	const struct event *nearest = NULL;
	struct missed_line missed;
	size_t most = 0;

	for (size_t i = 0; i < block->candidate_count + block->miss_count; i++) {
		const struct event *event =
			i < block->candidate_count ?
				block->candidates[i] :
				&block->misses[i - block->candidate_count].event;
		size_t held = examine(matcher, block, event, binding, &missed);

		/* An event that misses nothing is no miss: something else stands against it. */
		if (missed.condition && (!nearest || held > most)) {
			nearest = event;
			most = held;
		}
	}
	if (!nearest)
		return false;
	examine(matcher, block, nearest, binding, &missed);
	add_missed(explanation, block, nearest, binding, &missed);
	return true;
}

static void explain_variable(struct explanation *explanation, const struct bound_block *block,
			     const struct bound_condition *condition, const char *path)
{
	struct value value;
	char error[256];

	if (variable_find(explanation->matcher->variables, path, &value, error, sizeof(error)) <
		    0 ||
	    operand_check(block->schema, condition, &value, error, sizeof(error)) < 0)
		explanation_add(explanation, "%s: %s: %s", block->source->name,
				condition->source->text, error);
}

/*
 * A wrong variable decides the test: lines about it can never hold, and a refuse would hold its
 * peace for that reason alone.
 */
static void explain_variables(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;

	if (!matcher->uses_variables)
		return;
	if (!matcher->variables) {
		explanation_add(explanation,
				"the generator printed no JSON object, so no $variable is known");
		return;
	}
	for (size_t b = 0; b < matcher->block_count; b++) {
		const struct bound_block *block = &matcher->blocks[b];

		for (size_t c = 0; c < block->source->condition_count; c++) {
			const struct condition *source = &block->source->conditions[c];

			for (size_t o = 0; o < source->operand_count; o++) {
				if (source->operands[o].kind == OPERAND_VARIABLE)
					explain_variable(explanation, block, &block->conditions[c],
							 source->operands[o].path);
			}
		}
	}
}

/* Which of the block's events matter is known only when that is. NULL: no line says so. */
static const struct bound_condition *find_open_line(const struct bound_block *block)
{
	const struct bound_condition *found = NULL;

	for (size_t c = 0; c < block->source->condition_count; c++) {
		const struct bound_condition *condition = &block->conditions[c];

		if (condition->need == NEED_VARIABLES)
			return condition;
		if (condition->need == NEED_EVENTS)
			found = condition;
	}
	return found;
}

/*
 * The memory was full. What the events that are not there might have said nobody knows, and to a
 * block that counts or refuses the others prove nothing.
 */
static void explain_left_out(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		const struct bound_condition *line = find_open_line(block);
		const char *purpose = block_is_ordered(block) ? "'then'" : "other blocks' lines";
		char text[256];

		if (block->left_out == 0)
			continue;
		if (line) {
			snprintf(text, sizeof(text), "'%s'", line->source->text);
			purpose = text;
		}
		explanation_add(explanation,
				"%s: %" PRIu64 " events more than %u MiB hold may matter to %s: %s "
				"lines without $ that sort most of them out",
				block->source->name, block->left_out, KEPT_BYTES_MAX >> 20, purpose,
				line && line->need == NEED_VARIABLES ?
					"print the JSON before they come, or add" :
					"add");
	}
}

/* Blocks that fail whatever the others stand for. */
static bool explain_alone(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	bool failed = false;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t wanted = block->source->count > 0 ? (uint64_t)block->source->count : 1;
		bool too_many = block->source->count > 0 && block->alone && block->held > wanted;

		if (block->source->kind != BLOCK_EXPECT || (block->held >= wanted && !too_many))
			continue;
		failed = true;
		if (block->route->seen == 0) {
			explanation_add(explanation, "%s: no %s event came", block->source->name,
					block->type->name);
			continue;
		}
		if (block->held > 0)
			explanation_add_count(explanation, block, block->held);
		if (!too_many)
			add_nearest(explanation, block, NULL);
	}
	return failed;
}

static bool is_bound(const struct matcher *matcher, const struct binding *binding,
		     const struct event *event)
{
	for (size_t i = 0; i < matcher->block_count; i++) {
		if (matcher->blocks[i].binds && binding->events[i] == event)
			return true;
	}
	return false;
}

/* Are all events known that the block's lines and its place in the order depend on? */
static bool is_decidable(const struct matcher *matcher, const struct bound_block *block,
			 const struct binding *binding)
{
	for (size_t i = 0; i < block->source->condition_count; i++) {
		if (!condition_decidable(matcher, &block->conditions[i], binding))
			return false;
	}
	return block->after == SIZE_MAX || !matcher->blocks[block->after].binds ||
	       binding->events[block->after];
}

/* Every line holds for some events, and still none can be the block's. */
static void explain_unbound(struct explanation *explanation, const struct bound_block *block,
			    struct binding *best)
{
	const struct matcher *matcher = explanation->matcher;
	const struct bound_block *late = block->after != SIZE_MAX ? block : NULL;
	struct missed_line missed;
	bool any_free = false;

	for (size_t i = 0; i < block->candidate_count && !any_free; i++) {
		examine(matcher, block, block->candidates[i], best, &missed);
		any_free = !missed.condition && !is_bound(matcher, best, block->candidates[i]);
	}
	for (size_t i = 0; i < matcher->block_count && !late; i++) {
		if (matcher->blocks[i].after == block->index)
			late = &matcher->blocks[i];
	}
	if (any_free && late)
		explanation_add(explanation, "%s: came, but not after %s, as 'then' asks",
				late->source->name, matcher->blocks[late->after].source->name);
	else
		explanation_add(explanation,
				"%s: every event that fits stands for another block already",
				block->source->name);
}

/* All blocks have their events, but not as many, or not in the order, that is asked for. */
static void explain_counts(struct explanation *explanation, struct binding *best)
{
	const struct matcher *matcher = explanation->matcher;
	size_t before = json_array_size(explanation->lines);

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t count;

		if (block->source->kind != BLOCK_EXPECT || block->source->count < 0)
			continue;
		count = search_count(matcher, block, best);
		if (count == (uint64_t)block->source->count)
			continue;
		explanation_add_count(explanation, block, count);
		if (count < (uint64_t)block->source->count)
			add_nearest(explanation, block, best);
	}
	if (json_array_size(explanation->lines) == before)
		explanation_add(explanation,
				"every block has its events, but not in the order that 'then' asks "
				"for");
}

/*
 * Each block has candidates, but no choice among them suits all: speak of the choice that got
 * furthest.
 */
static void explain_together(struct explanation *explanation, struct binding *best)
{
	const struct matcher *matcher = explanation->matcher;
	bool complete = true;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		if (!block->binds || best->events[i])
			continue;
		complete = false;
		/*
		 * Of a block whose events depend on those of a block that has none, nothing can be
		 * said.
		 */
		if (is_decidable(matcher, block, best) && !add_nearest(explanation, block, best))
			explain_unbound(explanation, block, best);
	}
	if (complete)
		explain_counts(explanation, best);
}

/* Returns whether all that is expected was found. */
static bool explain_expected(struct explanation *explanation, struct matcher *matcher,
			     uint64_t *steps_left)
{
	struct binding best = { calloc(matcher->block_count + 1, sizeof(*best.events)) };
	enum search_result result = SEARCH_NONE;

	if (!best.events) {
		explanation->failed = true;
		return false;
	}
	if (!explain_alone(explanation)) {
		result = search(matcher, NULL, true, steps_left, &best);
		if (result == SEARCH_NONE)
			explain_together(explanation, &best);
		if (result == SEARCH_GAVE_UP)
			explanation_add(explanation,
					"gave up looking for events that suit all blocks after %u "
					"steps: more lines about numbers, text or $variables "
					"would narrow it down",
					STEPS_MAX);
	}
	free(best.events);
	return result == SEARCH_FOUND;
}

static void explain_refused(struct explanation *explanation, struct matcher *matcher,
			    const struct bound_block *block, bool found, uint64_t *steps_left)
{
	struct binding best = { NULL };

	if (block->candidate_count == 0)
		return;
	if (!block->joined) {
		explanation_add_refused(explanation, block, block->candidates[0]);
		return;
	}
	/* Without the events that its lines compare with, nothing can be said. */
	if (!found)
		return;
	best.events = calloc(matcher->block_count + 1, sizeof(*best.events));
	if (!best.events) {
		explanation->failed = true;
		return;
	}
	switch (search(matcher, block, true, steps_left, &best)) {
	case SEARCH_FOUND:
		explanation_add_refused(explanation, block, best.events[block->index]);
		break;
	case SEARCH_NONE:
		break;
	case SEARCH_GAVE_UP:
		explanation_add(explanation, "refuse %s: gave up looking for one after %u steps",
				block->source->event_type, STEPS_MAX);
		break;
	}
	free(best.events);
}

json_t *explain(struct matcher *matcher)
{
	struct explanation explanation = { .matcher = matcher, .lines = json_array() };
	uint64_t steps_left = STEPS_MAX;
	bool found;

	if (!explanation.lines)
		return NULL;
	explain_variables(&explanation);
	if (json_array_size(explanation.lines) == 0)
		explain_left_out(&explanation);
	if (json_array_size(explanation.lines) == 0) {
		found = explain_expected(&explanation, matcher, &steps_left);
		for (size_t i = 0; i < matcher->block_count; i++) {
			if (matcher->blocks[i].source->kind == BLOCK_REFUSE)
				explain_refused(&explanation, matcher, &matcher->blocks[i], found,
						&steps_left);
		}
		/* Nothing to say is not nothing wrong. */
		if (!found && json_array_size(explanation.lines) == 0)
			explanation_add(&explanation, "no choice of events suits all blocks");
	}
	if (json_array_size(explanation.lines) > 0)
		explanation_end(&explanation);
	if (explanation.failed) {
		json_decref(explanation.lines);
		return NULL;
	}
	return explanation.lines;
}
