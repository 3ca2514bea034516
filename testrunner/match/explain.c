/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Why a test fails: everything that speaks against a pass, in order of weight. */
#include "match/explanation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Supposes that the block stands for the event. Returns the number of conditions that hold, of
 * those that the chosen events then decide. `missed` is the first other one, its operands with the
 * values that they had, or has none.
 */
static size_t examine(const struct explanation *explanation, const struct bound_block *block,
		      const struct event *event, struct tie *missed)
{
	const struct event **chosen = explanation->chosen, *before = chosen[block->index];
	struct tie tie = { .block = block->index };
	size_t held = 0;

	missed->condition = NULL;
	chosen[block->index] = event;
	while (tie_next(explanation->matcher, block->index, chosen, &tie)) {
		if (condition_holds(tie.condition, chosen[tie.block], chosen))
			held++;
		else if (!missed->condition)
			*missed = tie;
	}
	chosen[block->index] = before;
	return held;
}

static void add_mismatch(struct explanation *explanation, const struct bound_block *block,
			 const struct event *event, const struct tie *missed)
{
	bool own = missed->block == block->index;
	const struct event *other = own ? event : explanation->chosen[missed->block];
	char text[LINE_SIZE];

	mismatch_format(missed->condition, &other->values[missed->condition->slot], text,
			sizeof(text));
	explanation_add(explanation, "%s: %s",
			explanation->matcher->blocks[missed->block].source->name, text);
}

/*
 * The condition that was missed by the first of those events that missed one and held most others.
 * False: there is none.
 */
static bool add_nearest(struct explanation *explanation, const struct bound_block *block)
{
	const struct event *nearest = NULL;
	struct tie missed;
	size_t most = 0;

	for (size_t i = 0; i < block->candidate_count + block->near_miss_count; i++) {
		const struct event *event =
			i < block->candidate_count ?
				block->candidates[i] :
				&block->near_misses[i - block->candidate_count].event;
		size_t held = examine(explanation, block, event, &missed);

		/* If an event misses nothing, something else stands against it. */
		if (missed.condition && (!nearest || held > most)) {
			nearest = event;
			most = held;
		}
	}
	if (!nearest)
		return false;
	examine(explanation, block, nearest, &missed);
	add_mismatch(explanation, block, nearest, &missed);
	return true;
}

/* A wrong variable fails the test: conditions on it never hold, and a refuse would prove nothing. */
static void explain_variables(struct explanation *explanation)
{
	if (!explanation->matcher->uses_variables)
		return;
	if (explanation->matcher->variables)
		variables_read(explanation->matcher, explanation);
	else
		explanation_add(explanation,
				"the generator printed no JSON object, so no $variable is known");
}

/* A condition that is not decided when an event arrives, rather one on $variables; or NULL. */
static const struct bound_condition *find_open_condition(const struct bound_block *block)
{
	const struct bound_condition *found = NULL;

	for (size_t c = 0; c < block->source->condition_count; c++) {
		enum need need = block->conditions[c].need;

		if (need != NEED_NOTHING && (!found || need < found->need))
			found = &block->conditions[c];
	}
	return found;
}

/* The memory was full: nobody knows what the events that were left out would have decided. */
static void explain_left_out(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		const struct bound_condition *open = find_open_condition(block);
		const char *purpose = block_is_ordered(block) ? "'then'" : "other blocks' lines";
		char text[256];

		if (block->left_out == 0)
			continue;
		if (open) {
			snprintf(text, sizeof(text), "'%s'", open->source->text);
			purpose = text;
		}
		explanation_add(explanation,
				"%s: %" PRIu64 " events more than %u MiB hold may matter to %s: %s "
				"lines without $ that sort most of them out",
				block->source->name, block->left_out, KEPT_BYTES_MAX >> 20, purpose,
				open && open->need == NEED_VARIABLES ?
					"print the JSON before they come, or add" :
					"add");
	}
}

/* Blocks that fail whichever events the others stand for. False: there are none. */
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
					block->route->type->name);
			continue;
		}
		if (block->held > 0)
			explanation_add_count(explanation, block, block->held);
		if (!too_many)
			add_nearest(explanation, block);
	}
	return failed;
}

/* Are all events chosen that the block's conditions and its place in the order depend on? */
static bool is_decidable(const struct explanation *explanation, const struct bound_block *block)
{
	const struct matcher *matcher = explanation->matcher;

	for (size_t i = 0; i < block->source->condition_count; i++) {
		if (!condition_is_decidable(matcher, &block->conditions[i], explanation->chosen))
			return false;
	}
	return block->predecessor == SIZE_MAX || !matcher->blocks[block->predecessor].binds ||
	       explanation->chosen[block->predecessor];
}

/* Is there an event for which every condition holds, and for which no block stands? */
static bool any_free(struct explanation *explanation, const struct bound_block *block)
{
	const struct event **slot = &explanation->chosen[block->index];
	struct tie missed;
	bool found = false;

	for (size_t i = 0; i < block->candidate_count && !found; i++) {
		examine(explanation, block, block->candidates[i], &missed);
		*slot = block->candidates[i];
		found = !missed.condition &&
			choice_is_free(explanation->matcher, block, explanation->chosen);
	}
	*slot = NULL;
	return found;
}

/* Every condition holds for some events, and still the block can stand for none of them. */
static void explain_unchosen(struct explanation *explanation, const struct bound_block *block)
{
	const struct bound_block *blocks = explanation->matcher->blocks, *late = NULL;

	if (block->predecessor != SIZE_MAX)
		late = block;
	else if (block->successor != SIZE_MAX)
		late = &blocks[block->successor];
	if (late && any_free(explanation, block))
		explanation_add(explanation, "%s: came, but not after %s, as 'then' asks",
				late->source->name, blocks[late->predecessor].source->name);
	else
		explanation_add(explanation,
				"%s: every event that fits stands for another block already",
				block->source->name);
}

/* All binding blocks have their events: counts or their order are wrong. */
static void explain_counts(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	size_t before = json_array_size(explanation->lines);

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t count, last;

		if (block->source->kind != BLOCK_EXPECT || block->source->count < 0)
			continue;
		count = search_count(matcher, block, explanation->chosen, &last);
		if (count == (uint64_t)block->source->count)
			continue;
		explanation_add_count(explanation, block, count);
		if (count < (uint64_t)block->source->count)
			add_nearest(explanation, block);
	}
	if (json_array_size(explanation->lines) == before)
		explanation_add(explanation,
				"every block has its events, but not in the order that 'then' asks "
				"for");
}

/* Each block has candidates, but no choice of them suits all: explain the one that got furthest. */
static void explain_together(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	bool complete = true;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		if (!block->binds || explanation->chosen[i])
			continue;
		complete = false;
		/* A block that depends on a block without an event has nothing to compare with. */
		if (is_decidable(explanation, block) && !add_nearest(explanation, block))
			explain_unchosen(explanation, block);
	}
	if (complete)
		explain_counts(explanation);
}

/* Was a choice of events found with which every expect block holds? */
static bool explain_expected(struct explanation *explanation, uint64_t *steps_left)
{
	enum search_result result;

	if (explain_alone(explanation))
		return false;
	result = search(explanation->matcher, NULL, true, steps_left, explanation->chosen);
	if (result == SEARCH_NONE)
		explain_together(explanation);
	if (result == SEARCH_GAVE_UP)
		explanation_add(explanation,
				"gave up looking for events that suit all blocks after %u steps: "
				"more lines about numbers, text or $variables would narrow it down",
				STEPS_MAX);
	return result == SEARCH_FOUND;
}

static void explain_refused(struct explanation *explanation, const struct bound_block *block,
			    bool found, uint64_t *steps_left)
{
	enum search_result result;

	if (block->candidate_count == 0)
		return;
	if (!block->joined) {
		explanation_add_refused(explanation, block, block->candidates[0]);
		return;
	}
	/* Without the expected events its conditions have nothing to compare with. */
	if (!found)
		return;
	result = search(explanation->matcher, block, true, steps_left, explanation->chosen);
	if (result == SEARCH_FOUND)
		explanation_add_refused(explanation, block, explanation->chosen[block->index]);
	else if (result == SEARCH_GAVE_UP)
		explanation_add(explanation, "refuse %s: gave up looking for one after %u steps",
				block->source->event_type, STEPS_MAX);
}

static void explain_blocks(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	uint64_t steps_left = STEPS_MAX;
	bool found = explain_expected(explanation, &steps_left);

	for (size_t i = 0; i < matcher->block_count; i++) {
		if (matcher->blocks[i].source->kind == BLOCK_REFUSE)
			explain_refused(explanation, &matcher->blocks[i], found, &steps_left);
	}
	/* Without an explanation it is no pass either. */
	if (!found && json_array_size(explanation->lines) == 0)
		explanation_add(explanation, "no choice of events suits all blocks");
}

json_t *explain(struct matcher *matcher)
{
	struct explanation explanation = {
		.matcher = matcher,
		.lines = json_array(),
		.chosen = calloc(matcher->block_count + 1, sizeof(*explanation.chosen)),
	};

	explanation.failed = !explanation.lines || !explanation.chosen;
	if (!explanation.failed)
		explain_variables(&explanation);
	if (!explanation.failed && json_array_size(explanation.lines) == 0)
		explain_left_out(&explanation);
	if (!explanation.failed && json_array_size(explanation.lines) == 0)
		explain_blocks(&explanation);
	if (json_array_size(explanation.lines) > 0)
		explanation_end(&explanation);
	free(explanation.chosen);
	if (!explanation.failed)
		return explanation.lines;
	json_decref(explanation.lines);
	return NULL;
}
