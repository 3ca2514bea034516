/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines that compare a number in the event with constants, or ask whether a text is this one: most
 * lines do, and each event meets dozens of them. Numbers are turned into an interval, or into bits,
 * when the constants become known.
 */
#include <string.h>

#include "matcher.h"

/* Signed numbers are moved up by half the range, so that all are in the order of their bits. */
#define BIAS (1ULL << 63)

/* In patterns, and the NUL that strchr() finds in any text. */
#define GLOB_SPECIAL "*?[]\\"

/* Where a constant is among the numbers that a field can be read as: below, above or at `at`. */
struct spot {
	int side;
	uint64_t at;
};

static struct spot find_spot(const struct value *constant, uint64_t bias)
{
	if (constant->kind == VALUE_INT)
		return bias ? (struct spot){ 0, constant->u ^ bias } : (struct spot){ -1, 0 };
	if (bias && constant->u > INT64_MAX)
		return (struct spot){ 1, 0 };
	return (struct spot){ 0, constant->u ^ bias };
}

static void set_interval(struct quick *quick, uint64_t low, uint64_t high)
{
	quick->low = low;
	quick->span = high - low;
}

/* What no number is in. */
static void set_empty(struct quick *quick)
{
	set_interval(quick, 0, UINT64_MAX);
	quick->negated = !quick->negated;
}

/* From the low spot to the high one, both included. */
static void set_between(struct quick *quick, struct spot low, struct spot high)
{
	uint64_t from = low.side < 0 ? 0 : low.at, to = high.side > 0 ? UINT64_MAX : high.at;

	if (low.side > 0 || high.side < 0 || from > to)
		set_empty(quick);
	else
		set_interval(quick, from, to);
}

static void set_comparison(struct quick *quick, enum comparison op, const struct value *constants)
{
	const struct spot lowest = { -1, 0 }, highest = { 1, 0 };
	struct spot spot = find_spot(&constants[0], quick->bias);

	switch (op) {
	case OP_EQ:
	case OP_NE:
		quick->negated = op == OP_NE;
		set_between(quick, spot, spot);
		break;
	case OP_LT:
	case OP_GE:
		quick->negated = op == OP_LT;
		set_between(quick, spot, highest);
		break;
	case OP_GT:
	case OP_LE:
		quick->negated = op == OP_GT;
		set_between(quick, lowest, spot);
		break;
	case OP_IN_RANGE:
		set_between(quick, spot, find_spot(&constants[1], quick->bias));
		break;
	default:
		quick->kind = QUICK_NOT;
		break;
	}
}

/* Of all operands: does an event have no say in them, and are they of that kind? */
static bool are_constants(const struct bound_condition *condition, bool numbers)
{
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		enum value_kind kind = condition->values[i].kind;
		enum operand_kind operand = condition->source->operands[i].kind;

		if ((operand != OPERAND_LITERAL && operand != OPERAND_VARIABLE) ||
		    (numbers ? kind != VALUE_UINT && kind != VALUE_INT : kind != VALUE_STRING))
			return false;
	}
	return true;
}

/* How many characters from `at` on stand for themselves. */
static size_t count_plain(const struct value *pattern, size_t at)
{
	size_t start = at;

	while (at < pattern->s.len && !strchr(GLOB_SPECIAL, pattern->s.data[at]))
		at++;
	return at - start;
}

/* What text must have to match the pattern: plain ends, and two characters after the first star. */
static void set_glob(struct quick *quick, const struct value *pattern)
{
	const char *p = pattern->s.data;
	size_t len = pattern->s.len;

	quick->kind = QUICK_GLOB;
	quick->head = count_plain(pattern, 0);
	if (quick->head == len || p[quick->head] != '*')
		return;
	while (!strchr(GLOB_SPECIAL, p[len - quick->tail - 1]))
		quick->tail++;
	if (count_plain(pattern, quick->head + 1) >= 2 && quick->head + 1 + quick->tail < len)
		quick->pair = p + quick->head + 1;
}

static void set_text(struct quick *quick, enum comparison op, const struct value *text)
{
	quick->negated = op == OP_NE;
	if (op == OP_EQ || op == OP_NE)
		quick->kind = QUICK_TEXT;
	else if (op == OP_GLOB)
		set_glob(quick, text);
}

void quick_set(struct bound_condition *condition)
{
	const struct field *field = &condition->field;
	struct quick *quick = &condition->quick;

	*quick = (struct quick){ .kind = QUICK_NOT };
	if (field_is_number(field) && are_constants(condition, true)) {
		quick->kind = condition->op == OP_HAS ? QUICK_BITS : QUICK_NUMBER;
		quick->bits = condition->values[0].u;
		quick->bias = field->is_signed ? BIAS : 0;
		if (quick->kind == QUICK_NUMBER)
			set_comparison(quick, condition->op, condition->values);
	} else if (!field_is_number(field) && are_constants(condition, false)) {
		set_text(quick, condition->op, condition->values);
	}
}

static bool is_text(const struct value *got, const struct value *text)
{
	return got->s.len == text->s.len && memcmp(got->s.data, text->s.data, text->s.len) == 0;
}

static bool has_pair(const char *text, size_t len, const char pair[2])
{
	for (size_t i = 1; i < len; i++) {
		if (text[i - 1] == pair[0] && text[i] == pair[1])
			return true;
	}
	return false;
}

/* Most text does not match, and most of that shows it here. */
static bool may_match(const struct quick *quick, const struct value *got,
		      const struct value *pattern)
{
	size_t head = quick->head, tail = quick->tail, len = got->s.len;
	const char *text = got->s.data;

	return len >= head + tail && memcmp(text, pattern->s.data, head) == 0 &&
	       memcmp(text + len - tail, pattern->s.data + pattern->s.len - tail, tail) == 0 &&
	       (!quick->pair || has_pair(text + head, len - head, quick->pair));
}

bool line_holds_otherwise(const struct bound_condition *condition, const struct value *got)
{
	const struct quick *quick = &condition->quick;
	const struct value *wanted = condition->values;

	if (got->kind == VALUE_NONE)
		return false;
	if (quick->kind == QUICK_BITS)
		return (got->u & quick->bits) == quick->bits;
	if (quick->kind == QUICK_TEXT && got->kind == VALUE_STRING)
		return is_text(got, wanted) != quick->negated;
	if (quick->kind == QUICK_GLOB && got->kind == VALUE_STRING &&
	    !may_match(quick, got, wanted))
		return false;
	return value_holds(got, condition->op, wanted, condition->source->operand_count);
}
