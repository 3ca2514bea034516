/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A failed test in words. */
#include "explain.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matcher.h"

#define LINE_SIZE  512
#define VALUE_SIZE 120

/* More lines than this bury the first. */
#define LINES_MAX 12

struct explanation {
	struct matcher *matcher;
	json_t *lines;
	bool failed; /* out of memory */
};

__attribute__((format(printf, 2, 3))) static void add(struct explanation *explanation,
						      const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (json_array_size(explanation->lines) >= LINES_MAX)
		return;
	/* Cut in the middle of a character, a line is no UTF-8 any more. */
	for (size_t len = strlen(line);
	     len > 0 && json_array_append_new(explanation->lines, json_string(line)); len--) {
		line[len - 1] = '\0';
		explanation->failed = len == 1;
	}
}

/* What a line wanted: its operands with their values now. */
static void format_wanted(const struct bound_condition *condition, char *text, size_t size)
{
	static const char *const prefixes[] = {
		[OP_EQ] = "",		[OP_NE] = "another than ",
		[OP_LT] = "less than ", [OP_LE] = "at most ",
		[OP_GT] = "more than ", [OP_GE] = "at least ",
		[OP_GLOB] = "",		[OP_HAS] = "all of ",
		[OP_IN_RANGE] = "",	[OP_IN_SET] = "one of ",
	};
	size_t count = condition->source->operand_count, len;

	len = (size_t)snprintf(text, size, "%s", prefixes[condition->op]);
	for (size_t i = 0; i < count && len < size; i++) {
		char value[VALUE_SIZE];

		value_format(&condition->values[i], value, sizeof(value));
		len += (size_t)snprintf(text + len, size - len, "%s%s",
					i == 0			     ? "" :
					condition->op == OP_IN_RANGE ? ".." :
								       ", ",
					value);
	}
}

static void add_missed_line(struct explanation *explanation, const struct bound_block *block,
			    const struct bound_condition *condition, const struct event *event)
{
	struct value got = field_read(block->schema, &condition->field, event->data, event->len);
	char got_text[VALUE_SIZE], wanted[2 * VALUE_SIZE];

	value_format(&got, got_text, sizeof(got_text));
	format_wanted(condition, wanted, sizeof(wanted));
	add(explanation, "%s: %s: got %s, want %s", block->source->name, condition->source->text,
	    got_text, wanted);
}

/* Held lines of those that can be decided, and the first that does not hold. */
static size_t examine(const struct matcher *matcher, const struct bound_block *block,
		      const struct event *event, const struct binding *binding,
		      const struct bound_condition **missed)
{
	size_t held = 0;

	*missed = NULL;
	for (size_t i = 0; i < block->source->condition_count; i++) {
		const struct bound_condition *condition = &block->conditions[i];

		if (!condition_decidable(matcher, condition, binding))
			continue;
		if (condition_holds(matcher, block, condition, event->data, event->len, binding))
			held++;
		else if (!*missed)
			*missed = condition;
	}
	return held;
}

/* The nearest of all events that are still known; NULL: none is. */
static const struct event *nearest_event(const struct matcher *matcher,
					 const struct bound_block *block,
					 const struct binding *binding,
					 const struct bound_condition **missed)
{
	const struct event *nearest = NULL;
	size_t most = 0;

	for (size_t i = 0; i < block->candidate_count + block->miss_count; i++) {
		const struct event *event = i < block->candidate_count ?
						    block->candidates[i] :
						    block->misses[i - block->candidate_count].event;
		const struct bound_condition *missed_here;
		size_t held = examine(matcher, block, event, binding, &missed_here);

		/* An event that misses nothing is no miss: something else stands against it. */
		if (missed_here && (!nearest || held > most)) {
			nearest = event;
			most = held;
			*missed = missed_here;
		}
	}
	return nearest;
}

static void add_nearest(struct explanation *explanation, const struct bound_block *block,
			const struct binding *binding)
{
	const struct matcher *matcher = explanation->matcher;
	const struct bound_condition *missed = NULL;
	const struct event *event = nearest_event(matcher, block, binding, &missed);

	if (!event)
		return;
	/* Again, so that the operands' values are this event's. */
	condition_holds(matcher, block, missed, event->data, event->len, binding);
	add_missed_line(explanation, block, missed, event);
}

static uint64_t seen_of(const struct matcher *matcher, const struct bound_block *block)
{
	for (size_t s = 0; s < matcher->schema_count; s++) {
		if (matcher->schemas[s] == block->schema)
			return matcher->routes[s][block->type->index].seen;
	}
	return 0;
}

static void add_seen(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	const struct record_type *type;
	char text[LINE_SIZE / 2] = "";
	size_t len = 0;

	for (size_t s = 0; s < matcher->schema_count; s++) {
		for (size_t i = 0; (type = schema_type(matcher->schemas[s], i)); i++) {
			uint64_t seen = matcher->routes[s][i].seen;

			if (seen > 0 && len < sizeof(text))
				len += (size_t)snprintf(text + len, sizeof(text) - len,
							"%s%" PRIu64 " %s", len ? ", " : "", seen,
							type->name);
		}
	}
	add(explanation, "seen: %s", len ? text : "no event at all");
}

/*
 * Variables that lines use: what is wrong with one decides the test, because its lines can never
 * hold.
 */
static void explain_variables(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;

	if (!matcher->uses_variables)
		return;
	if (!matcher->variables) {
		add(explanation, "the generator printed no JSON object, so no $variable is known");
		return;
	}
	for (size_t b = 0; b < matcher->block_count; b++) {
		const struct bound_block *block = &matcher->blocks[b];

		for (size_t c = 0; c < block->source->condition_count; c++) {
			const struct bound_condition *condition = &block->conditions[c];

			for (size_t o = 0; o < condition->source->operand_count; o++) {
				const struct operand *operand = &condition->source->operands[o];
				char error[LINE_SIZE / 2];
				struct value value;

				if (operand->kind == OPERAND_VARIABLE &&
				    (variable_find(matcher->variables, operand->path, &value, error,
						   sizeof(error)) < 0 ||
				     operand_check(block->schema, condition, &value, error,
						   sizeof(error)) < 0))
					add(explanation, "%s: %s: %s", block->source->name,
					    condition->source->text, error);
			}
		}
	}
}

static void explain_missing(struct explanation *explanation, const struct bound_block *block)
{
	if (seen_of(explanation->matcher, block) == 0)
		add(explanation, "%s: no %s event came", block->source->name, block->type->name);
	else
		add_nearest(explanation, block, NULL);
}

/* Blocks that fail whatever the others stand for. */
static bool explain_alone(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	size_t before = json_array_size(explanation->lines);

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t wanted = (uint64_t)block->source->count;

		if (block->source->kind != BLOCK_EXPECT)
			continue;
		if (block->held == 0) {
			explain_missing(explanation, block);
		} else if (block->source->count > 0 &&
			   (block->held < wanted ||
			    (block->held != wanted && block->keep_max != SIZE_MAX))) {
			add(explanation, "expect %ld %s: got %" PRIu64, block->source->count,
			    block->source->name, block->held);
			if (block->held < wanted)
				add_nearest(explanation, block, NULL);
		}
	}
	return json_array_size(explanation->lines) > before;
}

/*
 * Each block has candidates, but no choice among them suits all: speak of the choice that got
 * furthest.
 */
static void explain_together(struct explanation *explanation, const struct binding *best)
{
	const struct matcher *matcher = explanation->matcher;
	size_t before = json_array_size(explanation->lines);
	bool complete = true;

	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		if (block->binds && !best->events[i]) {
			complete = false;
			add_nearest(explanation, block, best);
		}
	}
	for (size_t i = 0; complete && i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t count;

		if (block->source->kind != BLOCK_EXPECT || block->source->count < 0)
			continue;
		count = search_count(matcher, block, best);
		if (count != (uint64_t)block->source->count)
			add(explanation, "expect %ld %s: got %" PRIu64, block->source->count,
			    block->source->name, count);
	}
	if (json_array_size(explanation->lines) > before)
		return;
	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		if (block->binds && !best->events[i])
			add(explanation,
			    "%s: every event that fits stands for another block already, or comes "
			    "in the wrong order",
			    block->source->name);
	}
	if (json_array_size(explanation->lines) == before)
		add(explanation,
		    "every block has its events, but not in the order that 'then' asks for");
}

static void explain_expected(struct explanation *explanation, bool *found)
{
	struct matcher *matcher = explanation->matcher;
	struct binding best = { calloc(matcher->block_count + 1, sizeof(*best.events)) };

	*found = false;
	if (!best.events) {
		explanation->failed = true;
		return;
	}
	if (!explain_alone(explanation)) {
		switch (search(matcher, NULL, true, STEPS_MAX, &best)) {
		case SEARCH_FOUND:
			*found = true;
			break;
		case SEARCH_NONE:
			explain_together(explanation, &best);
			break;
		case SEARCH_GAVE_UP:
			add(explanation,
			    "gave up after %u steps of looking for events that suit all blocks: "
			    "more lines about numbers, text or $variables would narrow it down",
			    STEPS_MAX);
			break;
		}
	}
	free(best.events);
}

/* A refused event: the fields that its block speaks of. */
static void add_refused(struct explanation *explanation, const struct bound_block *block,
			const struct event *event)
{
	char text[LINE_SIZE / 2] = "", value[VALUE_SIZE];
	size_t len = 0;

	for (size_t i = 0; i < block->source->condition_count && len < sizeof(text); i++) {
		const struct bound_condition *condition = &block->conditions[i];
		struct value got =
			field_read(block->schema, &condition->field, event->data, event->len);

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s is %s",
					i ? ", " : ": ", condition->source->field,
					value_format(&got, value, sizeof(value)));
	}
	add(explanation, "refuse %s: one came%s", block->source->event_type, text);
}

static void explain_refused(struct explanation *explanation, const struct bound_block *block,
			    bool found)
{
	struct matcher *matcher = explanation->matcher;
	struct binding best = { NULL };

	if (block->candidate_count == 0)
		return;
	if (!block->joined) {
		add_refused(explanation, block, block->candidates[0]);
		return;
	}
	/* Without the events that its lines compare with, nothing can be said. */
	if (!found)
		return;
	best.events = calloc(matcher->block_count + 1, sizeof(*best.events));
	switch (best.events ? search(matcher, block, true, STEPS_MAX, &best) : SEARCH_GAVE_UP) {
	case SEARCH_FOUND:
		add_refused(explanation, block, best.events[block->index]);
		break;
	case SEARCH_NONE:
		break;
	case SEARCH_GAVE_UP:
		add(explanation, "refuse %s: gave up after %u steps of looking for one",
		    block->source->event_type, STEPS_MAX);
		break;
	}
	free(best.events);
}

json_t *explain(struct matcher *matcher)
{
	struct explanation explanation = { .matcher = matcher, .lines = json_array() };
	bool found = false;

	if (!explanation.lines)
		return NULL;
	if (matcher->kept_too_much)
		add(&explanation,
		    "more than %u MiB of events might have mattered: more lines about numbers "
		    "or text would narrow it down",
		    KEPT_BYTES_MAX >> 20);
	explain_variables(&explanation);
	if (json_array_size(explanation.lines) == 0) {
		explain_expected(&explanation, &found);
		for (size_t i = 0; i < matcher->block_count; i++) {
			if (matcher->blocks[i].source->kind == BLOCK_REFUSE)
				explain_refused(&explanation, &matcher->blocks[i], found);
		}
	}
	if (json_array_size(explanation.lines) > 0)
		add_seen(&explanation);
	if (explanation.failed) {
		json_decref(explanation.lines);
		return NULL;
	}
	return explanation.lines;
}
