/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events as they arrive. Conditions that an event decides by itself are decided at once; an event
 * that passes is kept only if it may still matter to conditions on $variables or other blocks'
 * events, or to order.
 */
#include "match/match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "match/explanation.h"

static int feed_block(struct matcher *matcher, struct bound_block *block)
{
	const struct event *event = &block->route->event;
	size_t held = block_count_held(matcher, block, event);

	if (held < block->decided_count)
		return near_miss_offer(block, event, held);
	block->held++;
	matcher->changed = true;
	matcher->selected[block->index] = !block->alone || block->waits ||
					  block->held <= block->enough;
	return 0;
}

int matcher_feed(struct matcher *matcher, const struct schema *schema,
		 const struct event_type *type, const void *data, size_t len)
{
	struct route *route = matcher->routes, *end = route + matcher->route_count;
	int err = 0;

	while (route < end && (route->schema != schema || route->type != type))
		route++;
	if (route == end)
		return 0;
	route->seen++;
	route->event.number = ++matcher->event_count;
	for (size_t slot = 0; slot < route->slot_count; slot++)
		route->event.values[slot] = field_read(schema, &route->fields[slot], data, len);
	memset(matcher->selected, false, matcher->block_count);
	for (struct bound_block *block = route->blocks; block && !err; block = block->next)
		err = feed_block(matcher, block);
	return err ? err : event_store_keep(matcher, route);
}

static void read_variable(const struct matcher *matcher, const struct bound_block *block,
			  const struct bound_condition *condition, size_t index,
			  struct explanation *explanation)
{
	const char *path = condition->source->operands[index].path;
	struct value *value = &condition->values[index];
	char error[256];

	if (variable_find(matcher->variables, path, value, error, sizeof(error)) == 0 &&
	    operand_check(block->route->schema, condition, value, error, sizeof(error)) == 0)
		return;
	*value = (struct value){ .kind = VALUE_NONE };
	if (explanation)
		explanation_add(explanation, "%s: %s: %s", block->source->name,
				condition->source->text, error);
}

void variables_read(const struct matcher *matcher, struct explanation *explanation)
{
	for (size_t b = 0; b < matcher->block_count; b++) {
		const struct bound_block *block = &matcher->blocks[b];

		for (size_t c = 0; c < block->source->condition_count; c++) {
			const struct condition *source = block->conditions[c].source;

			for (size_t o = 0; o < source->operand_count; o++) {
				if (source->operands[o].kind == OPERAND_VARIABLE)
					read_variable(matcher, block, &block->conditions[c], o,
						      explanation);
			}
		}
	}
}

void matcher_set_variables(struct matcher *matcher, json_t *variables)
{
	bool first = variables && !matcher->variables;

	matcher->variables = variables;
	if (!first || !matcher->uses_variables)
		return;
	matcher->known = NEED_VARIABLES;
	matcher->changed = true;
	variables_read(matcher, NULL);
	for (size_t i = 0; i < matcher->block_count; i++) {
		struct bound_block *block = &matcher->blocks[i];

		if (!block->waits)
			continue;
		block->waits = false;
		block_rescore(matcher, block);
		event_store_review(matcher, block);
	}
}

/* Without a search: are there enough events for every block on its own? */
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
	bool passes = lines && json_array_size(lines) == 0;

	*details = passes ? NULL : lines;
	if (passes)
		json_decref(lines);
	return passes;
}

static void block_free(struct bound_block *block)
{
	for (size_t i = 0; block->conditions && i < block->source->condition_count; i++) {
		free(block->conditions[i].operands);
		free(block->conditions[i].values);
	}
	for (size_t i = 0; i < block->near_miss_count; i++)
		free(block->near_misses[i].event.values);
	free(block->conditions);
	free(block->candidates);
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	for (size_t i = 0; i < matcher->block_count; i++)
		block_free(&matcher->blocks[i]);
	for (size_t i = 0; i < matcher->route_count; i++) {
		event_store_free(&matcher->routes[i]);
		free(matcher->routes[i].event.values);
		free(matcher->routes[i].fields);
	}
	free(matcher->routes);
	free(matcher->blocks);
	free(matcher->selected);
	free(matcher);
}
