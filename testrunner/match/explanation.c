/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Collects the lines that explain a failure. */
#include "match/explanation.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VALUE_SIZE 120

/* More lines than this bury the first. */
#define LINES_MAX 6

/* vsnprintf() may have cut in the middle of a character: then the line is no UTF-8 any more. */
static void append_line(struct explanation *explanation, char *line)
{
	size_t len = strlen(line);

	while (json_array_append_new(explanation->lines, json_string(line)) < 0) {
		if (len == 0) {
			explanation->failed = true;
			return;
		}
		line[--len] = '\0';
	}
}

void explanation_add(struct explanation *explanation, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list args;

	if (json_array_size(explanation->lines) >= LINES_MAX) {
		explanation->left_out++;
		return;
	}
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	append_line(explanation, line);
}

/* Bits are for hex. */
static const char *format_for(enum comparison op, const struct value *value, char text[VALUE_SIZE])
{
	if (op != OP_HAS || (value->kind != VALUE_UINT && value->kind != VALUE_INT))
		return value_format(value, text, VALUE_SIZE);
	if (value->name)
		snprintf(text, VALUE_SIZE, "%s (0x%" PRIx64 ")", value->name, value->u);
	else
		snprintf(text, VALUE_SIZE, "0x%" PRIx64, value->u);
	return text;
}

/* A line's operands with the values that they had for the event. */
static void format_wanted(const struct bound_condition *condition, char *text, size_t size)
{
	static const char *const prefixes[] = {
		[OP_EQ] = "",		[OP_NE] = "another than ",
		[OP_LT] = "less than ", [OP_LE] = "at most ",
		[OP_GT] = "more than ", [OP_GE] = "at least ",
		[OP_GLOB] = "",		[OP_HAS] = "",
		[OP_IN_RANGE] = "",	[OP_IN_SET] = "one of ",
	};
	const char *separator = condition->op == OP_IN_RANGE ? ".." : ", ";
	size_t count = condition->source->operand_count, len;

	len = (size_t)snprintf(text, size, "%s", prefixes[condition->op]);
	for (size_t i = 0; i < count && len < size; i++) {
		char value[VALUE_SIZE];

		len += (size_t)snprintf(text + len, size - len, "%s%s", i > 0 ? separator : "",
					format_for(condition->op, &condition->values[i], value));
	}
}

void mismatch_format(const struct bound_condition *condition, const struct value *got, char *text,
		     size_t size)
{
	char got_text[VALUE_SIZE], wanted[2 * VALUE_SIZE];

	format_wanted(condition, wanted, sizeof(wanted));
	snprintf(text, size, "%s: got %s, want %s", condition->source->text,
		 format_for(condition->op, got, got_text), wanted);
}

void explanation_add_refused(struct explanation *explanation, const struct bound_block *block,
			     const struct event *event)
{
	char text[LINE_SIZE / 2] = "", value[VALUE_SIZE];
	size_t len = 0;

	for (size_t i = 0; i < block->source->condition_count && len < sizeof(text); i++) {
		const struct bound_condition *condition = &block->conditions[i];
		const struct value *got = &event->values[condition->slot];

		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s is %s",
					i > 0 ? ", " : ": ", condition->source->field,
					format_for(condition->op, got, value));
	}
	explanation_add(explanation, "refuse %s: one came%s", block->source->event_type, text);
}

void explanation_add_count(struct explanation *explanation, const struct bound_block *block,
			   uint64_t count)
{
	bool cut = block->is_cut && count > (uint64_t)block->source->count;

	explanation_add(explanation, "expect %ld %s: got %" PRIu64 "%s", block->source->count,
			block->source->name, count, cut ? " or more" : "");
}

void explanation_end(struct explanation *explanation)
{
	const struct matcher *matcher = explanation->matcher;
	char line[LINE_SIZE];
	size_t len, begin;

	if (explanation->left_out > 0) {
		snprintf(line, sizeof(line), "and %zu more like these", explanation->left_out);
		append_line(explanation, line);
	}
	begin = len = (size_t)sprintf(line, "seen: ");
	for (size_t i = 0; i < matcher->route_count; i++) {
		const struct route *route = &matcher->routes[i];

		if (route->seen > 0 && len < sizeof(line))
			len += (size_t)snprintf(line + len, sizeof(line) - len, "%s%" PRIu64 " %s",
						len > begin ? ", " : "", route->seen,
						route->type->name);
	}
	if (len == begin)
		strcat(line, "no event at all");
	append_line(explanation, line);
}
