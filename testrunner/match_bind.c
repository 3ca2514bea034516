/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A test's blocks bound to record types and fields: all that can be wrong about them is found here.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matcher.h"
#include "suggest.h"

#define PROBLEM_SIZE 200

__attribute__((format(printf, 4, 5))) static int bind_error(struct parse_error *error,
							    unsigned int line, unsigned int column,
							    const char *format, ...)
{
	va_list args;

	error->line = line;
	error->column = column;
	va_start(args, format);
	vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);
	return -EINVAL;
}

static int unknown_type(const struct matcher *matcher, const struct block *block,
			struct parse_error *error)
{
	struct suggestion suggestion = { .wanted = block->event_type };
	const struct record_type *type;
	char known[128] = "";
	size_t len = 0;

	for (size_t s = 0; s < matcher->schema_count; s++) {
		for (size_t i = 0; (type = schema_type(matcher->schemas[s], i)); i++) {
			suggestion_offer(&suggestion, type->name);
			if (len < sizeof(known))
				len += (size_t)snprintf(known + len, sizeof(known) - len, " %s",
							type->name);
		}
	}
	if (suggestion.nearest)
		return bind_error(error, block->line, block->column,
				  "unknown event type '%.60s': did you mean '%.60s'?",
				  block->event_type, suggestion.nearest);
	return bind_error(error, block->line, block->column,
			  "unknown event type '%.60s': the objects have%s", block->event_type,
			  known[0] ? known : " none");
}

static bool find_type(const struct matcher *matcher, struct bound_block *block)
{
	for (size_t s = 0; s < matcher->schema_count; s++) {
		block->schema = matcher->schemas[s];
		block->type = schema_find(block->schema, block->source->event_type);
		if (!block->type)
			continue;
		block->route = &matcher->routes[s][block->type->index];
		return true;
	}
	return false;
}

static int add_to_route(struct bound_block *block)
{
	struct route *route = block->route;
	struct bound_block **blocks =
		reallocarray(route->blocks, route->block_count + 1, sizeof(*blocks));

	if (!blocks)
		return -ENOMEM;
	route->blocks = blocks;
	block->bit = route->block_count;
	blocks[route->block_count++] = block;
	return 0;
}

static int bind_literal(const struct bound_block *block, const struct bound_condition *condition,
			const struct operand *source, struct value *value,
			struct parse_error *error)
{
	char problem[PROBLEM_SIZE];

	*value = source->value;
	if (operand_check(block->schema, condition, value, problem, sizeof(problem)) == 0)
		return 0;
	return bind_error(error, condition->source->line, source->column, "%s", problem);
}

/* A field of another type, or of this one, to the right. */
static int bind_field(const struct bound_block *block, const struct block *named,
		      const struct condition *condition, struct bound_operand *operand,
		      struct parse_error *error)
{
	const struct operand *source = operand->source;
	char problem[PROBLEM_SIZE];
	bool word = !strpbrk(source->path, ".[");

	if (field_resolve(block->schema, block->type, source->path, &operand->field, problem,
			  sizeof(problem)) < 0)
		return bind_error(error, condition->line, source->column, "%s: %s%s",
				  named->event_type, problem,
				  word ? " (text is written in quotes)" : "");
	if (operand->field.kind == FIELD_STRUCT || operand->field.kind == FIELD_ARRAY)
		return bind_error(error, condition->line, source->column,
				  "'%.80s' is no value: name one of its parts", source->path);
	return slot_add(block->route, &operand->field, &operand->slot);
}

static int bind_operand(struct matcher *matcher, struct bound_block *block,
			struct bound_condition *condition, size_t index, struct parse_error *error)
{
	const struct operand *source = &condition->source->operands[index];
	struct bound_operand *operand = &condition->operands[index];

	operand->source = source;
	switch (source->kind) {
	case OPERAND_LITERAL:
		return bind_literal(block, condition, source, &condition->values[index], error);
	case OPERAND_VARIABLE:
		matcher->uses_variables = true;
		block->waits = true;
		if (condition->need == NEED_NOTHING)
			condition->need = NEED_VARIABLES;
		return 0;
	case OPERAND_FIELD:
		return bind_field(block, block->source, condition->source, operand, error);
	case OPERAND_EVENT_FIELD:
		condition->need = NEED_EVENTS;
		block->joined = true;
		return bind_field(&matcher->blocks[source->block],
				  &matcher->test->blocks[source->block], condition->source, operand,
				  error);
	}
	return -EINVAL;
}

/* A slip that is easily made: another event's field on the left. */
static const char *left_hint(const struct test *test, const struct condition *condition)
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
	if (field_resolve(block->schema, block->type, source->field, &condition->field, problem,
			  sizeof(problem)) < 0)
		return bind_error(error, source->line, source->column, "%s: %s%s",
				  block->source->event_type, problem,
				  left_hint(matcher->test, source));
	err = field_check(condition, error);
	if (!err)
		err = slot_add(block->route, &condition->field, &condition->slot);
	for (size_t i = 0; i < source->operand_count && !err; i++)
		err = bind_operand(matcher, block, condition, i, error);
	block->due_count += condition->need == NEED_NOTHING;
	return err;
}

static int bind_block(struct matcher *matcher, size_t index, struct parse_error *error)
{
	struct bound_block *block = &matcher->blocks[index];
	const struct block *source = &matcher->test->blocks[index];
	int err = 0;

	block->source = source;
	block->index = index;
	block->binds = source->kind == BLOCK_EXPECT && source->count <= 1;
	block->after = block->before = SIZE_MAX;
	for (size_t i = 0; source->ordered && i < index; i++) {
		if (matcher->test->blocks[i].kind == BLOCK_EXPECT)
			block->after = i;
	}
	if (block->after != SIZE_MAX)
		matcher->blocks[block->after].before = index;
	/* What is refused needs no explanation when it does not come. */
	block->misses_final = source->kind == BLOCK_REFUSE;
	if (!find_type(matcher, block))
		return unknown_type(matcher, source, error);
	block->conditions = calloc(source->condition_count + 1, sizeof(*block->conditions));
	if (!block->conditions || add_to_route(block))
		return -ENOMEM;
	for (size_t i = 0; i < source->condition_count && !err; i++)
		err = bind_condition(matcher, block, &block->conditions[i], &source->conditions[i],
				     error);
	return err;
}

int matcher_new(const struct test *test, const struct schema *const *schemas, size_t schema_count,
		struct matcher **out, struct parse_error *error)
{
	struct matcher *matcher = calloc(1, sizeof(*matcher));
	int err = 0;

	*out = NULL;
	*error = (struct parse_error){ 0 };
	if (!matcher)
		return -ENOMEM;
	matcher->test = test;
	matcher->changed = true;
	matcher->schemas = calloc(schema_count + 1, sizeof(*matcher->schemas));
	matcher->blocks = calloc(test->block_count + 1, sizeof(*matcher->blocks));
	if (!matcher->schemas || !matcher->blocks) {
		err = -ENOMEM;
		goto out;
	}
	for (size_t i = 0; i < schema_count; i++)
		matcher->schemas[matcher->schema_count++] = schemas[i];
	err = routes_new(matcher);
	for (size_t i = 0; i < test->block_count && !err; i++) {
		matcher->block_count++;
		err = bind_block(matcher, i, error);
	}
	if (!err)
		err = routes_equip(matcher);
out:
	if (err)
		matcher_free(matcher);
	else
		*out = matcher;
	return err;
}
