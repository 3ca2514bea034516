/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Conditions: which fields and values can be compared, and whether a condition holds. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "match/matcher.h"

static bool field_is_number(const struct field *field)
{
	return field->length || field->kind == FIELD_INT || field->kind == FIELD_VARLEN_COUNT ||
	       field->kind == FIELD_CONSTANT;
}

static int field_error(const struct condition *source, struct parse_error *error, const char *what,
		       const char *advice)
{
	return parse_error_set(error, source->line, source->column, "'%.80s' is %s: %s",
			       source->field, what, advice);
}

int field_check(const struct bound_condition *condition, struct parse_error *error)
{
	const struct condition *source = condition->source;

	if (condition->field.kind == FIELD_STRUCT)
		return field_error(source, error, "a struct", "name one of its fields");
	if (condition->field.kind == FIELD_ARRAY)
		return field_error(source, error, "an array",
				   "name one of its elements, or its count");
	if (condition->op == OP_HAS && !field_is_number(&condition->field) &&
	    condition->field.kind != FIELD_VARLEN && condition->field.kind != FIELD_JSON)
		return field_error(source, error,
				   condition->field.kind == FIELD_ADDRESS ? "an address" : "text",
				   "'has' is for bits and lists");
	return 0;
}

/* A misspelt enumerator, rather than text in the wrong place? */
static bool is_like_enumerator(const char *name)
{
	return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* Text to the right of a number is an enumerator's name, or a number as text. */
static int check_number_operand(const struct schema *schema,
				const struct bound_condition *condition, struct value *value,
				char *error, size_t error_size)
{
	const struct field *field = &condition->field;
	char name[64];

	if (condition->op == OP_GLOB && !field->is_enum) {
		snprintf(error, error_size, "'%.80s' is a number: '~' is for text",
			 condition->source->field);
		return -EINVAL;
	}
	if (condition->op == OP_GLOB || value->kind != VALUE_STRING)
		return 0;
	if (value_parse_number(value->s.data, value->s.len, value) == 0)
		return 0;
	if (field->kind == FIELD_INT && value->s.len < sizeof(name) &&
	    !memchr(value->s.data, '\0', value->s.len)) {
		snprintf(name, sizeof(name), "%.*s", (int)value->s.len, value->s.data);
		if (schema_enumerator(schema, field, name, value, error, error_size) == 0)
			return 0;
		if (field->is_enum || is_like_enumerator(name))
			return -EINVAL;
	}
	snprintf(error, error_size, "'%.80s' is a number: it cannot be compared with %s",
		 condition->source->field, value_format(value, name, sizeof(name)));
	return -EINVAL;
}

static int check_address_operand(const struct bound_condition *condition, struct value *value,
				 char *error, size_t error_size)
{
	enum value_kind kind = condition->field.bit_size == 32 ? VALUE_IPV4 : VALUE_IPV6;
	char shown[64];

	if (condition->op == OP_GLOB) {
		snprintf(error, error_size, "'%.80s' is an address: '~' is for text",
			 condition->source->field);
		return -EINVAL;
	}
	if (value->kind == VALUE_STRING &&
	    value_parse_address(value->s.data, value->s.len, kind, value) == 0)
		return 0;
	snprintf(error, error_size, "'%.80s' is an %s address: it cannot be compared with %s",
		 condition->source->field, kind == VALUE_IPV4 ? "IPv4" : "IPv6",
		 value_format(value, shown, sizeof(shown)));
	return -EINVAL;
}

int operand_check(const struct schema *schema, const struct bound_condition *condition,
		  struct value *value, char *error, size_t error_size)
{
	if (field_is_number(&condition->field))
		return check_number_operand(schema, condition, value, error, error_size);
	if (condition->field.kind == FIELD_ADDRESS)
		return check_address_operand(condition, value, error, error_size);
	if (condition->op == OP_GLOB && value->kind != VALUE_STRING) {
		snprintf(error, error_size, "'~' wants a pattern, not a number");
		return -EINVAL;
	}
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

bool condition_holds(const struct bound_condition *condition, const struct event *event,
		     const struct event *const *chosen)
{
	size_t count = condition->source->operand_count;

	for (size_t i = 0; i < count; i++) {
		const struct bound_operand *operand = &condition->operands[i];

		if (operand->source->kind == OPERAND_FIELD)
			condition->values[i] = event->values[operand->slot];
		else if (chosen && operand->source->kind == OPERAND_EVENT_FIELD)
			condition->values[i] =
				chosen[operand->source->block]->values[operand->slot];
	}
	return value_holds(&event->values[condition->slot], condition->op, condition->values,
			   count);
}

size_t block_count_held(const struct matcher *matcher, const struct bound_block *block,
			const struct event *event)
{
	size_t held = 0, missed = 0;

	for (size_t i = 0; i < block->source->condition_count; i++) {
		const struct bound_condition *condition = &block->conditions[i];

		if (condition->need > matcher->known)
			continue;
		if (condition_holds(condition, event, NULL))
			held++;
		else if (block->decided_count - ++missed < block->near_miss_bar)
			break;
	}
	return held;
}

bool condition_is_decidable(const struct matcher *matcher, const struct bound_condition *condition,
			    const struct event *const *chosen)
{
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		const struct operand *operand = &condition->source->operands[i];

		if ((operand->kind == OPERAND_EVENT_FIELD && !chosen[operand->block]) ||
		    (operand->kind == OPERAND_VARIABLE && !matcher->variables))
			return false;
	}
	return true;
}

bool tie_next(const struct matcher *matcher, size_t index, const struct event *const *chosen,
	      struct tie *tie)
{
	/* A condition refers to earlier blocks only, so own conditions come first. */
	for (; tie->block < matcher->block_count; tie->block++, tie->next = 0) {
		const struct bound_block *block = &matcher->blocks[tie->block];

		while (chosen[tie->block] && tie->next < block->source->condition_count) {
			tie->condition = &block->conditions[tie->next++];
			if ((tie->block == index || condition_refers_to(tie->condition, index)) &&
			    condition_is_decidable(matcher, tie->condition, chosen))
				return true;
		}
	}
	return false;
}
