/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Quick lines must hold exactly when the slow way says so: every width, sign, operator and edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* cmocka has a function of that name. */
#undef test_free
#include "matcher.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Bits of fields and of constants: around every place where something changes. */
static const uint64_t edges[] = {
	0,
	1,
	2,
	0x7e,
	0x7f,
	0x80,
	0x81,
	0xfe,
	0xff,
	0x100,
	0x7fff,
	0x8000,
	0xffff,
	0x10000,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x100000000,
	INT64_MAX - 1,
	INT64_MAX,
	1ULL << 63,
	(1ULL << 63) + 1,
	UINT64_MAX - 1,
	UINT64_MAX,
	(uint64_t)-128,
	(uint64_t)-129,
	(uint64_t)-32768,
	(uint64_t)-32769,
	(uint64_t)INT32_MIN,
	(uint64_t)INT32_MIN - 1,
};

static void check_line(const struct field *field, enum comparison op, struct value *constants,
		       size_t count)
{
	static struct operand operands[2];
	struct condition source = { .op = op, .operands = operands, .operand_count = count };
	struct bound_condition line = {
		.source = &source, .field = *field, .op = op, .values = constants
	};

	quick_set(&line);
	assert_int_equal(line.quick.bytes, op == OP_IN_SET ? 0 : field->bit_size / 8);
	for (size_t i = 0; line.quick.bytes && i < ARRAY_SIZE(edges); i++) {
		unsigned char record[16];
		char text[64], constant[64];
		struct value got;
		bool slow;

		memset(record, 0xa5, sizeof(record));
		memcpy(record + 4, &edges[i], sizeof(edges[i]));
		got = field_read(NULL, field, record, sizeof(record));
		slow = value_holds(&got, op, constants, count);
		if (quick_holds(&line.quick, op, record, sizeof(record)) != slow)
			fail_msg("%u bits, %s op %d %s: want %d", field->bit_size,
				 value_format(&got, text, sizeof(text)), op,
				 value_format(constants, constant, sizeof(constant)), slow);
	}
}

static struct value constant(uint64_t bits, bool is_signed)
{
	return is_signed ? value_from_int((int64_t)bits) : value_from_uint(bits);
}

static void check_field(const struct field *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(edges) * 2; i++) {
		struct value constants[2] = { constant(edges[i / 2], i % 2) };

		for (enum comparison op = OP_EQ; op <= OP_GE; op++)
			check_line(field, op, constants, 1);
		check_line(field, OP_HAS, constants, 1);
		check_line(field, OP_IN_SET, constants, 1);
		for (size_t j = 0; j < ARRAY_SIZE(edges) * 2; j++) {
			constants[1] = constant(edges[j / 2], j % 2);
			check_line(field, OP_IN_RANGE, constants, 2);
		}
	}
}

static void quick_is_as_good_as_slow(void **state)
{
	(void)state;
	for (uint32_t bits = 8; bits <= 64; bits *= 2) {
		for (int is_signed = 0; is_signed < 2; is_signed++) {
			struct field field = {
				.kind = FIELD_INT,
				.bit_offset = 32,
				.bit_size = bits,
				.is_signed = is_signed,
			};

			check_field(&field);
		}
	}
}

static void what_is_not_there_holds_nothing(void **state)
{
	struct field field = { .kind = FIELD_INT, .bit_offset = 32, .bit_size = 32 };
	struct value zero = value_from_uint(0);
	struct operand operand = { .kind = OPERAND_LITERAL };
	struct condition source = { .op = OP_NE, .operands = &operand, .operand_count = 1 };
	struct bound_condition line = {
		.source = &source, .field = field, .op = OP_NE, .values = &zero
	};
	const unsigned char record[8] = { 0, 0, 0, 0, 1 };

	(void)state;
	quick_set(&line);
	assert_true(quick_holds(&line.quick, OP_NE, record, 8));
	assert_false(quick_holds(&line.quick, OP_NE, record, 7));
	assert_false(quick_holds(&line.quick, OP_NE, record, 3));
	assert_false(quick_holds(&line.quick, OP_NE, record, 0));
}

static void what_is_not_quick(void **state)
{
	static const struct field fields[] = {
		{ .kind = FIELD_INT, .bit_offset = 33, .bit_size = 8 },
		{ .kind = FIELD_INT, .bit_offset = 32, .bit_size = 24 },
		{ .kind = FIELD_STRING, .bit_offset = 32, .bit_size = 32 },
		{ .kind = FIELD_VARLEN, .bit_offset = 32 },
	};
	struct value zero = value_from_uint(0), text = value_from_string("0", 1);
	struct operand operand = { .kind = OPERAND_LITERAL };
	struct condition source = { .op = OP_EQ, .operands = &operand, .operand_count = 1 };
	struct bound_condition line = { .source = &source, .values = &zero };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		line.field = fields[i];
		quick_set(&line);
		assert_int_equal(line.quick.bytes, 0);
	}
	line.field = (struct field){ .kind = FIELD_INT, .bit_size = 32 };
	line.values = &text;
	quick_set(&line);
	assert_int_equal(line.quick.bytes, 0);
	/* A value that is an event's own, whatever is left there from the last one. */
	line.values = &zero;
	operand.kind = OPERAND_FIELD;
	quick_set(&line);
	assert_int_equal(line.quick.bytes, 0);
	operand.kind = OPERAND_VARIABLE;
	quick_set(&line);
	assert_int_equal(line.quick.bytes, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quick_is_as_good_as_slow),
		cmocka_unit_test(what_is_not_there_holds_nothing),
		cmocka_unit_test(what_is_not_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
