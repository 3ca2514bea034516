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

static int feed_block(struct matcher *matcher, struct bound_block *block)
{
	const struct event *event = &block->route->now;

	if (!block_holds(matcher, block, event))
		return block->misses_final ? 0 : miss_consider(matcher, block, event);
	block->held++;
	matcher->changed = true;
	if (block->room > 0) {
		block->room--;
		shelf_mark(block->route->shelf, block);
	}
	return 0;
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
	int err = 0;

	if (!route)
		return 0;
	route->seen++;
	matcher->event_count++;
	if (route->block_count == 0)
		return 0;
	event_begin(route, matcher->event_count, data, len);
	for (size_t i = 0; i < route->block_count && !err; i++)
		err = feed_block(matcher, route->blocks[i]);
	return err ? err : shelf_keep(matcher, route);
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
		block->due_count += condition->need == NEED_VARIABLES;
	}
}

void matcher_set_variables(struct matcher *matcher, json_t *variables)
{
	bool first = variables && !matcher->variables;

	matcher->variables = variables;
	if (!first || !matcher->uses_variables)
		return;
	matcher->due = NEED_VARIABLES;
	matcher->changed = true;
	for (size_t i = 0; i < matcher->block_count; i++) {
		struct bound_block *block = &matcher->blocks[i];

		if (!block->waits)
			continue;
		block->waits = false;
		if (block->alone)
			block->room = block->enough;
		read_variables(matcher, block);
		if (block->source->kind == BLOCK_EXPECT)
			miss_rescore(matcher, block);
		shelf_sift(matcher, block);
	}
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
	for (size_t i = 0; i < MISSES_MAX; i++)
		free(block->misses[i].look.values);
	free(block->conditions);
	free(block->candidates);
	free(block->uses);
	free(block->keeps);
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	for (size_t i = 0; i < matcher->block_count; i++)
		block_free(&matcher->blocks[i]);
	routes_free(matcher);
	chunks_free(matcher->chunks);
	free(matcher->blocks);
	free(matcher->schemas);
	free(matcher);
}
