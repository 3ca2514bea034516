/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The routes of events to blocks, by record type: what blocks look at, and how many events they
 * need at most.
 */
#include <errno.h>
#include <stdlib.h>

#include "matcher.h"

int routes_new(struct matcher *matcher)
{
	matcher->routes = calloc(matcher->schema_count + 1, sizeof(*matcher->routes));
	if (!matcher->routes)
		return -ENOMEM;
	for (size_t s = 0; s < matcher->schema_count; s++) {
		size_t types = 0;

		while (schema_type(matcher->schemas[s], types))
			types++;
		matcher->routes[s] = calloc(types + 1, sizeof(*matcher->routes[s]));
		if (!matcher->routes[s])
			return -ENOMEM;
	}
	return 0;
}

/* Does a line of any other block look at the block's event? */
static bool is_referred_to(const struct matcher *matcher, size_t index)
{
	for (size_t i = 0; i < matcher->block_count; i++) {
		const struct bound_block *block = &matcher->blocks[i];

		for (size_t c = 0; c < block->source->condition_count; c++) {
			if (condition_refers_to(&block->conditions[c], index))
				return true;
		}
	}
	return false;
}

/* Blocks whose events are of the same type, and which share none. */
static size_t count_rivals(const struct bound_block *block)
{
	size_t rivals = 0;

	for (size_t i = 0; i < block->route->block_count; i++)
		rivals += block->route->blocks[i]->binds;
	return rivals;
}

/*
 * To a block that stands alone all events are the same for which its lines hold. It needs as many
 * as there are blocks that could take one away from it; when it counts none, their number will do;
 * when it refuses, the first. For the others see match_shelf.c.
 */
static void limit_events(struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->block_count; i++) {
		struct bound_block *block = &matcher->blocks[i];
		size_t counted = block->source->count > 0 ? (size_t)block->source->count + 1 : 0;

		block->alone = !block->joined && !block_is_ordered(block) &&
			       !is_referred_to(matcher, i);
		if (!block->alone)
			block->enough = counted;
		else if (block->binds)
			block->enough = count_rivals(block);
		else
			block->enough = block->source->kind == BLOCK_REFUSE;
		block->room = block->alone && !block->waits ? block->enough : SIZE_MAX;
	}
}

static void note_slot(const struct bound_block *block, size_t slot, bool open)
{
	block->uses[slot] = true;
	block->keeps[slot] |= open;
}

static void note_line(const struct matcher *matcher, const struct bound_block *block,
		      const struct bound_condition *condition)
{
	bool open = condition->need != NEED_NOTHING;

	note_slot(block, condition->slot, open);
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		const struct bound_operand *operand = &condition->operands[i];

		if (operand->source->kind == OPERAND_FIELD)
			note_slot(block, operand->slot, open);
		else if (operand->source->kind == OPERAND_EVENT_FIELD)
			note_slot(&matcher->blocks[operand->source->block], operand->slot, true);
	}
}

static int equip(struct route *route, const struct schema *schema)
{
	route->schema = schema;
	for (size_t i = 0; i < route->block_count; i++) {
		struct bound_block *block = route->blocks[i];

		block->uses = calloc(route->slot_count + 1, sizeof(bool));
		block->keeps = calloc(route->slot_count + 1, sizeof(bool));
		if (!block->uses || !block->keeps)
			return -ENOMEM;
	}
	return event_room(route) || shelf_new(route) ? -ENOMEM : 0;
}

int routes_equip(struct matcher *matcher)
{
	for (size_t s = 0; s < matcher->schema_count; s++) {
		const struct schema *schema = matcher->schemas[s];

		for (size_t i = 0; schema_type(schema, i); i++) {
			if (equip(&matcher->routes[s][i], schema))
				return -ENOMEM;
		}
	}
	for (size_t b = 0; b < matcher->block_count; b++) {
		struct bound_block *block = &matcher->blocks[b];

		for (size_t c = 0; c < block->source->condition_count; c++)
			note_line(matcher, block, &block->conditions[c]);
	}
	limit_events(matcher);
	return 0;
}

static void route_free(struct route *route)
{
	free(route->blocks);
	free(route->fields);
	free(route->now_look.values);
	free(route->now_look.unread);
	shelf_free(route->shelf);
}

void routes_free(struct matcher *matcher)
{
	for (size_t s = 0; matcher->routes && s < matcher->schema_count && matcher->routes[s];
	     s++) {
		for (size_t i = 0; schema_type(matcher->schemas[s], i); i++)
			route_free(&matcher->routes[s][i]);
		free(matcher->routes[s]);
	}
	free(matcher->routes);
}
