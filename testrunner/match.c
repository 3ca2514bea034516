/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events as they stream in. What can be decided at once is; only events that pass it and may still
 * matter later, for $variables, for other blocks' fields or for order, are kept.
 */
#include "match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "explain.h"
#include "matcher.h"

#define CHUNK_BYTES (64 * 1024)

/* Kept events, one after the other: they are freed all at once. */
struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(struct event) unsigned char bytes[];
};

static struct event *keep_event(struct matcher *matcher, const void *data, size_t len)
{
	size_t need = (sizeof(struct event) + len + _Alignof(struct event) - 1) &
		      ~(_Alignof(struct event) - 1);
	struct chunk *chunk = matcher->chunks;
	struct event *event;

	if (!chunk || need > chunk->size - chunk->used) {
		size_t size = need > CHUNK_BYTES ? need : CHUNK_BYTES;

		chunk = malloc(sizeof(*chunk) + size);
		if (!chunk)
			return NULL;
		*chunk = (struct chunk){ .next = matcher->chunks, .size = size };
		matcher->chunks = chunk;
	}
	event = (struct event *)(chunk->bytes + chunk->used);
	chunk->used += need;
	matcher->kept_bytes += need;
	event->number = matcher->event_count;
	event->len = len;
	memcpy(event->data, data, len);
	return event;
}

static int add_candidate(struct bound_block *block, const struct event *event)
{
	if (block->candidate_count == block->candidate_capacity) {
		size_t capacity = block->candidate_capacity ? block->candidate_capacity * 2 : 16;
		const struct event **candidates;

		candidates = reallocarray(block->candidates, capacity, sizeof(struct event *));
		if (!candidates)
			return -ENOMEM;
		block->candidates = candidates;
		block->candidate_capacity = capacity;
	}
	block->candidates[block->candidate_count++] = event;
	return 0;
}

bool condition_refers_to(const struct bound_condition *condition, size_t index)
{
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		if (condition->source->operands[i].kind == OPERAND_EVENT_FIELD &&
		    condition->source->operands[i].block == index)
			return true;
	}
	return false;
}

bool condition_decidable(const struct matcher *matcher, const struct bound_condition *condition,
			 const struct binding *binding)
{
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		const struct operand *operand = condition->operands[i].source;

		if (operand->kind == OPERAND_VARIABLE && !matcher->variables)
			return false;
		if (operand->kind == OPERAND_EVENT_FIELD &&
		    (!binding || !binding->events[operand->block]))
			return false;
	}
	return true;
}

bool condition_holds(const struct matcher *matcher, const struct bound_block *block,
		     const struct bound_condition *condition, const void *data, size_t len,
		     const struct binding *binding)
{
	struct value got;

	if (condition->quick.bytes)
		return quick_holds(&condition->quick, condition->op, data, len);
	got = field_read(block->schema, &condition->field, data, len);
	if (got.kind == VALUE_NONE)
		return false;
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		const struct bound_operand *operand = &condition->operands[i];
		const struct bound_block *other;
		const struct event *event;

		if (operand->source->kind == OPERAND_FIELD) {
			condition->values[i] =
				field_read(block->schema, &operand->field, data, len);
		} else if (operand->source->kind == OPERAND_EVENT_FIELD && binding) {
			other = &matcher->blocks[operand->source->block];
			event = binding->events[operand->source->block];
			condition->values[i] =
				field_read(other->schema, &operand->field, event->data, event->len);
		}
	}
	return value_holds(&got, condition->op, condition->values,
			   condition->source->operand_count);
}

/* Can the line be decided while events stream in? */
static bool is_due(const struct matcher *matcher, const struct bound_condition *condition)
{
	return condition->need == NEED_NOTHING ||
	       (condition->need == NEED_VARIABLES && matcher->variables);
}

static bool is_missed(const struct matcher *matcher, const struct bound_block *block, size_t line,
		      const void *data, size_t len)
{
	const struct bound_condition *condition = &block->conditions[line];

	return is_due(matcher, condition) &&
	       !condition_holds(matcher, block, condition, data, len, NULL);
}

/*
 * All lines that are due hold. What the last event missed is likely to be missed again: it comes
 * first.
 */
static bool block_holds(const struct matcher *matcher, struct bound_block *block, const void *data,
			size_t len)
{
	size_t count = block->source->condition_count;

	if (count > 0 && is_missed(matcher, block, block->likely_miss, data, len))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (i == block->likely_miss || !is_missed(matcher, block, i, data, len))
			continue;
		block->likely_miss = i;
		return false;
	}
	return true;
}

static int feed_block(struct matcher *matcher, struct bound_block *block, struct event **event,
		      const void *data, size_t len)
{
	if (!block_holds(matcher, block, data, len))
		return block->source->kind == BLOCK_EXPECT ?
			       miss_consider(matcher, block, data, len) :
			       0;
	block->held++;
	matcher->changed = true;
	/*
	 * Lines about variables that are not known yet may still sort this one out: then more are
	 * needed.
	 */
	if (block->candidate_count >= block->keep_max && (matcher->variables || !block->waits))
		return 0;
	if (matcher->kept_bytes > KEPT_BYTES_MAX) {
		matcher->kept_too_much = true;
		return 0;
	}
	if (!*event)
		*event = keep_event(matcher, data, len);
	return *event ? add_candidate(block, *event) : -ENOMEM;
}

static struct route *find_route(const struct matcher *matcher, const struct schema *schema,
				const struct record_type *type)
{
	for (size_t i = 0; i < matcher->schema_count; i++) {
		if (matcher->schemas[i] == schema)
			return &matcher->routes[i][type->index];
	}
	return NULL;
}

int matcher_feed(struct matcher *matcher, const struct schema *schema,
		 const struct record_type *type, const void *data, size_t len)
{
	struct route *route = find_route(matcher, schema, type);
	struct event *event = NULL;
	int err = 0;

	if (!route)
		return 0;
	route->seen++;
	matcher->event_count++;
	for (size_t i = 0; i < route->block_count && !err; i++)
		err = feed_block(matcher, &matcher->blocks[route->blocks[i]], &event, data, len);
	return err;
}

/*
 * What variables are worth, each where it is used. What is wrong with one is said when the test is
 * decided.
 */
static void read_variable(const struct matcher *matcher, const struct bound_block *block,
			  struct bound_condition *condition, size_t index)
{
	const char *path = condition->operands[index].source->path;
	struct value *value = &condition->values[index];
	char ignored[1];

	if (variable_find(matcher->variables, path, value, ignored, sizeof(ignored)) < 0 ||
	    operand_check(block->schema, condition, value, ignored, sizeof(ignored)) < 0)
		*value = (struct value){ .kind = VALUE_NONE };
}

static void read_variables(struct matcher *matcher, struct bound_block *block)
{
	for (size_t c = 0; c < block->source->condition_count; c++) {
		struct bound_condition *condition = &block->conditions[c];

		for (size_t o = 0; o < condition->source->operand_count; o++) {
			if (condition->source->operands[o].kind == OPERAND_VARIABLE)
				read_variable(matcher, block, condition, o);
		}
		if (condition->need == NEED_VARIABLES) {
			quick_set(condition);
			block->due_count++;
		}
	}
}

/* The events that were kept because variables were not known: what do they say now? */
static void sift_candidates(struct matcher *matcher, struct bound_block *block)
{
	size_t left = 0;

	if (!block->waits)
		return;
	for (size_t i = 0; i < block->candidate_count; i++) {
		const struct event *event = block->candidates[i];

		if (block_holds(matcher, block, event->data, event->len))
			block->candidates[left++] = event;
		else if (block->source->kind == BLOCK_EXPECT)
			/* Out of memory costs an explanation here, no verdict. */
			(void)miss_consider(matcher, block, event->data, event->len);
	}
	block->candidate_count = left;
	block->held = left;
}

void matcher_set_variables(struct matcher *matcher, json_t *variables)
{
	bool first = variables && !matcher->variables;

	matcher->variables = variables;
	if (!first || !matcher->uses_variables)
		return;
	for (size_t i = 0; i < matcher->block_count; i++) {
		struct bound_block *block = &matcher->blocks[i];

		read_variables(matcher, block);
		miss_rescore(matcher, block);
		sift_candidates(matcher, block);
	}
	matcher->changed = true;
}

/* What needs no search: is there at least one event, or enough, for every block? */
static bool has_candidates(const struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];
		uint64_t wanted = block->source->count > 1 ? (uint64_t)block->source->count : 1;

		if (block->source->kind == BLOCK_EXPECT && block->held < wanted)
			return false;
	}
	return true;
}

bool matcher_satisfied(struct matcher *matcher)
{
	uint64_t steps_left = STEPS_MAX_EARLY;

	if (matcher->satisfied || !matcher->changed)
		return matcher->satisfied;
	matcher->changed = false;
	if (matcher->uses_variables && !matcher->variables)
		return false;
	matcher->satisfied = has_candidates(matcher) &&
			     search(matcher, NULL, false, &steps_left, NULL) == SEARCH_FOUND;
	return matcher->satisfied;
}

bool matcher_finish(struct matcher *matcher, json_t **details)
{
	json_t *lines = explain(matcher);

	*details = NULL;
	if (lines && json_array_size(lines) == 0) {
		json_decref(lines);
		return true;
	}
	*details = lines;
	return false;
}

static void block_free(struct bound_block *block)
{
	for (size_t i = 0; block->conditions && i < block->source->condition_count; i++) {
		free(block->conditions[i].operands);
		free(block->conditions[i].values);
	}
	for (size_t i = 0; i < block->miss_count; i++)
		free(block->misses[i].event);
	free(block->conditions);
	free(block->candidates);
}

void matcher_free(struct matcher *matcher)
{
	struct chunk *next;

	if (!matcher)
		return;
	for (size_t i = 0; i < matcher->block_count; i++)
		block_free(&matcher->blocks[i]);
	for (size_t s = 0; matcher->routes && s < matcher->schema_count && matcher->routes[s];
	     s++) {
		for (size_t i = 0; schema_type(matcher->schemas[s], i); i++)
			free(matcher->routes[s][i].blocks);
		free(matcher->routes[s]);
	}
	for (struct chunk *chunk = matcher->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(matcher->routes);
	free(matcher->blocks);
	free(matcher->schemas);
	free(matcher);
}
