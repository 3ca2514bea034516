/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines that compare a number in the event with constants: most lines do, and each event meets
 * dozens of them. They are turned into an interval, or into bits, when the constants become known.
 */
#include <string.h>

#include "matcher.h"

/* Signed numbers are moved up by half the range, so that all are in the order of their bits. */
#define BIAS (1ULL << 63)

/* Where a constant is among the numbers that a field can be read as: below, above or at `at`. */
struct spot {
	int side;
	uint64_t at;
};

static struct spot find_spot(const struct value *constant, bool is_signed)
{
	if (constant->kind == VALUE_INT)
		return is_signed ? (struct spot){ 0, constant->u ^ BIAS } : (struct spot){ -1, 0 };
	if (is_signed && constant->u > INT64_MAX)
		return (struct spot){ 1, 0 };
	return (struct spot){ 0, is_signed ? constant->u ^ BIAS : constant->u };
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
	struct spot spot = find_spot(&constants[0], quick->is_signed);

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
		set_between(quick, spot, find_spot(&constants[1], quick->is_signed));
		break;
	default:
		quick->bytes = 0;
		break;
	}
}

static bool are_numbers(const struct bound_condition *condition)
{
	for (size_t i = 0; i < condition->source->operand_count; i++) {
		enum value_kind kind = condition->values[i].kind;
		enum operand_kind operand = condition->source->operands[i].kind;

		if ((kind != VALUE_UINT && kind != VALUE_INT) ||
		    (operand != OPERAND_LITERAL && operand != OPERAND_VARIABLE))
			return false;
	}
	return true;
}

void quick_set(struct bound_condition *condition)
{
	const struct field *field = &condition->field;
	struct quick *quick = &condition->quick;

	*quick = (struct quick){ .offset = field->bit_offset / 8, .is_signed = field->is_signed };
	if (field->kind != FIELD_INT || field->bit_offset % 8 != 0 ||
	    (field->bit_size != 8 && field->bit_size != 16 && field->bit_size != 32 &&
	     field->bit_size != 64) ||
	    !are_numbers(condition))
		return;
	quick->bytes = (uint8_t)(field->bit_size / 8);
	if (condition->op == OP_HAS)
		quick->bits = condition->values[0].u;
	else
		set_comparison(quick, condition->op, condition->values);
}

/* The number, with its sign in the bits above its own. */
static uint64_t read_number(const struct quick *quick, const unsigned char *at)
{
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	} bits;

	switch (quick->bytes) {
	case 1:
		return quick->is_signed ? (uint64_t)(int8_t)*at : *at;
	case 2:
		memcpy(&bits.u16, at, sizeof(bits.u16));
		return quick->is_signed ? (uint64_t)(int16_t)bits.u16 : bits.u16;
	case 4:
		memcpy(&bits.u32, at, sizeof(bits.u32));
		return quick->is_signed ? (uint64_t)(int32_t)bits.u32 : bits.u32;
	default:
		memcpy(&bits.u64, at, sizeof(bits.u64));
		return bits.u64;
	}
}

bool quick_holds(const struct quick *quick, enum comparison op, const void *data, size_t len)
{
	uint64_t number;

	if (quick->offset > len || quick->bytes > len - quick->offset)
		return false;
	number = read_number(quick, (const unsigned char *)data + quick->offset);
	if (op == OP_HAS)
		return (number & quick->bits) == quick->bits;
	if (quick->is_signed)
		number ^= BIAS;
	/* What is below `low` wraps to far above any span. */
	return (number - quick->low <= quick->span) != quick->negated;
}
