/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A test's blocks are bound to event types and fields: every error in them is found here, and how
 * many events each block needs.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "match/match.h"
#include "match/matcher.h"

#define PROBLEM_SIZE 200

static int add_routes(struct matcher *matcher, const struct schema *schema)
{
	const struct event_type *type;

	for (size_t i = 0; (type = schema_type(schema, i)); i++) {
		struct route *routes =
			reallocarray(matcher->routes, matcher->route_count + 1, sizeof(*routes));

		if (!routes)
			return -ENOMEM;
		matcher->routes = routes;
		routes[matcher->route_count++] = (struct route){ .schema = schema, .type = type };
	}
	return 0;
}

static int unknown_type(const struct matcher *matcher, const struct block *block,
			struct parse_error *error)
{
	struct suggestion suggestion = { .wanted = block->event_type };
	char known[128] = "";
	size_t len = 0;

	for (size_t i = 0; i < matcher->route_count; i++) {
		const char *name = matcher->routes[i].type->name;

		suggestion_offer(&suggestion, name);
		if (len < sizeof(known))
			len += (size_t)snprintf(known + len, sizeof(known) - len, " %s", name);
	}
	if (suggestion.nearest)
		return parse_error_set(error, block->line, block->column,
				       "unknown event type '%.60s': did you mean '%.60s'?",
				       block->event_type, suggestion.nearest);
	return parse_error_set(error, block->line, block->column,
			       "unknown event type '%.60s': the objects have%s", block->event_type,
			       known[0] ? known : " none");
}

static bool same_field(const struct field *a, const struct field *b)
{
	if (a->kind == FIELD_JSON && b->kind == FIELD_JSON)
		return strcmp(a->path, b->path) == 0;
	return a->kind == b->kind && a->bit_offset == b->bit_offset && a->bit_size == b->bit_size &&
	       a->type_id == b->type_id && a->index == b->index && a->length == b->length;
}

/* The slot of a field that a condition reads, also added to the set. */
static int slot_add(struct route *route, const struct field *field, size_t *slot, uint64_t *slots)
{
	struct field *fields;

	for (*slot = 0; *slot < route->slot_count; ++*slot) {
		if (same_field(&route->fields[*slot], field))
			break;
	}
	*slots |= slot_bit(*slot);
	if (*slot < route->slot_count)
		return 0;
	fields = reallocarray(route->fields, *slot + 1, sizeof(*fields));
	if (!fields)
		return -ENOMEM;
	route->fields = fields;
	fields[route->slot_count++] = *field;
	return 0;
}

/* A field of the block's event, to the right of an operator. */
static int bind_field(const struct bound_block *block, const struct condition *condition,
		      struct bound_operand *operand, uint64_t *slots, struct parse_error *error)
{
	const struct operand *source = operand->source;
	const struct route *route = block->route;
	char problem[PROBLEM_SIZE];
	bool word = !strpbrk(source->path, ".[");

	if (field_resolve(route->schema, route->type, source->path, &operand->field, problem,
			  sizeof(problem)) < 0)
		return parse_error_set(error, condition->line, source->column, "%s: %s%s",
				       block->source->event_type, problem,
				       word ? " (text is written in quotes)" : "");
	if (operand->field.kind == FIELD_STRUCT || operand->field.kind == FIELD_ARRAY)
		return parse_error_set(error, condition->line, source->column,
				       "'%.80s' is not a value: name one of its parts",
				       source->path);
	return slot_add(block->route, &operand->field, &operand->slot, slots);
}

static int bind_operand(struct matcher *matcher, struct bound_block *block,
			struct bound_condition *condition, size_t index, struct parse_error *error)
{
	const struct operand *source = &condition->source->operands[index];
	struct bound_operand *operand = &condition->operands[index];
	struct bound_block *other = &matcher->blocks[source->block];
	char problem[PROBLEM_SIZE];

	operand->source = source;
	switch (source->kind) {
	case OPERAND_LITERAL:
		condition->values[index] = source->value;
		if (operand_check(block->route->schema, condition, &condition->values[index],
				  problem, sizeof(problem)) == 0)
			return 0;
		return parse_error_set(error, condition->source->line, source->column, "%s",
				       problem);
	case OPERAND_VARIABLE:
		matcher->uses_variables = true;
		block->waits = true;
		if (condition->need == NEED_NOTHING)
			condition->need = NEED_VARIABLES;
		return 0;
	case OPERAND_FIELD:
		return bind_field(block, condition->source, operand, &condition->slots, error);
	case OPERAND_EVENT_FIELD:
		condition->need = NEED_EVENTS;
		block->joined = other->referred = true;
		return bind_field(other, condition->source, operand, &other->open_slots, error);
	}
	return -EINVAL;
}

/* An easy slip: another event's field on the left. */
static const char *left_hint(const struct event_test *test, const struct condition *condition)
{
	size_t len = strcspn(condition->field, ".[");

	for (size_t i = 0; i < test->block_count; i++) {
		if (strlen(test->blocks[i].name) == len &&
		    memcmp(test->blocks[i].name, condition->field, len) == 0)
			return " (the left side is this event's: other blocks' fields go right)";
	}
	return "";
}

static int bind_condition(struct matcher *matcher, struct bound_block *block,
			  struct bound_condition *condition, const struct condition *source,
			  struct parse_error *error)
{
	char problem[PROBLEM_SIZE];
	int err;

	condition->source = source;
	condition->op = source->op;
	condition->operands = calloc(source->operand_count, sizeof(*condition->operands));
	condition->values = calloc(source->operand_count, sizeof(*condition->values));
	if (!condition->operands || !condition->values)
		return -ENOMEM;
	if (field_resolve(block->route->schema, block->route->type, source->field,
			  &condition->field, problem, sizeof(problem)) < 0)
		return parse_error_set(error, source->line, source->column, "%s: %s%s",
				       block->source->event_type, problem,
				       left_hint(matcher->test, source));
	err = field_check(condition, error);
	if (!err)
		err = slot_add(block->route, &condition->field, &condition->slot,
			       &condition->slots);
	for (size_t i = 0; i < source->operand_count && !err; i++)
		err = bind_operand(matcher, block, condition, i, error);
	block->used_slots |= condition->slots;
	if (condition->need != NEED_NOTHING)
		block->open_slots |= condition->slots;
	return err;
}

static int bind_block(struct matcher *matcher, size_t index, struct parse_error *error)
{
	struct bound_block *block = &matcher->blocks[index];
	const struct block *source = &matcher->test->blocks[index];
	struct bound_block **last;
	int err = 0;

	block->source = source;
	block->index = index;
	block->binds = source->kind == BLOCK_EXPECT && source->count <= 1;
	block->predecessor = block->successor = SIZE_MAX;
	for (size_t i = 0; source->ordered && i < index; i++) {
		if (matcher->test->blocks[i].kind == BLOCK_EXPECT)
			block->predecessor = i;
	}
	if (block->predecessor != SIZE_MAX) {
		matcher->blocks[block->predecessor].successor = index;
		matcher->uses_order = true;
	}
	for (size_t i = 0; i < matcher->route_count && !block->route; i++) {
		if (strcmp(matcher->routes[i].type->name, source->event_type) == 0)
			block->route = &matcher->routes[i];
	}
	if (!block->route)
		return unknown_type(matcher, source, error);
	for (last = &block->route->blocks; *last; last = &(*last)->next)
		;
	*last = block;
	block->route->binding_count += block->binds;
	block->conditions = calloc(source->condition_count + 1, sizeof(*block->conditions));
	if (!block->conditions)
		return -ENOMEM;
	for (size_t i = 0; i < source->condition_count && !err; i++)
		err = bind_condition(matcher, block, &block->conditions[i], &source->conditions[i],
				     error);
	block_rescore(matcher, block);
	return err;
}

/*
 * To a block that stands alone, all events are equal that hold its conditions. A binding block needs
 * as many events as there are binding blocks, each of which could take one; a refuse block needs
 * one, and a counting block only the number. For blocks that are not alone see match_store.c.
 */
static void set_enough(struct bound_block *block)
{
	block->alone = !block->joined && !block->referred && !block_is_ordered(block);
	if (!block->alone)
		block->enough = block->source->count > 0 ? (size_t)block->source->count + 1 : 0;
	else if (block->binds && block->route)
		block->enough = block->route->binding_count;
	else
		block->enough = block->source->kind == BLOCK_REFUSE;
}

/* All blocks are bound. Errors: -ENOMEM. */
static int complete(struct matcher *matcher)
{
	for (size_t i = 0; i < matcher->route_count; i++) {
		struct route *route = &matcher->routes[i];

		route->last = &route->first;
		route->event.values = calloc(route->slot_count + 1, sizeof(struct value));
		if (!route->event.values)
			return -ENOMEM;
	}
	for (size_t i = 0; i < matcher->block_count; i++) {
		matcher->blocks[i].used_slots |= matcher->blocks[i].open_slots;
		set_enough(&matcher->blocks[i]);
	}
	return 0;
}

int matcher_new(const struct event_test *test, const struct schema *const *schemas,
		size_t schema_count, struct matcher **out, struct parse_error *error)
{
	struct matcher *matcher = calloc(1, sizeof(*matcher));
	int err = 0;

	*out = NULL;
	*error = (struct parse_error){ 0 };
	if (!matcher)
		return -ENOMEM;
	matcher->test = test;
	matcher->changed = true;
	matcher->blocks = calloc(test->block_count + 1, sizeof(*matcher->blocks));
	matcher->selected = calloc(test->block_count + 1, sizeof(*matcher->selected));
	if (!matcher->blocks || !matcher->selected)
		err = -ENOMEM;
	for (size_t i = 0; i < schema_count && !err; i++)
		err = add_routes(matcher, schemas[i]);
	for (size_t i = 0; i < test->block_count && !err; i++) {
		matcher->block_count++;
		err = bind_block(matcher, i, error);
	}
	if (!err)
		err = complete(matcher);
	if (err)
		matcher_free(matcher);
	else
		*out = matcher;
	return err;
}
