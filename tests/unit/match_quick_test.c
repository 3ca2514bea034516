/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Quick lines must hold exactly when the slow way says so: every width, sign, operator and edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fnmatch.h>
#include <stdlib.h>
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
	assert_int_equal(line.quick.kind == QUICK_NOT, op == OP_IN_SET);
	for (size_t i = 0; i < ARRAY_SIZE(edges); i++) {
		unsigned char record[16];
		char text[64], constant[64];
		struct value got;
		bool slow;

		memset(record, 0xa5, sizeof(record));
		memcpy(record + 4, &edges[i], sizeof(edges[i]));
		got = field_read(NULL, field, record, sizeof(record));
		slow = value_holds(&got, op, constants, count);
		if (line_holds(&line, &got) != slow)
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

static void set_text_line(struct bound_condition *line, enum comparison op, const char *text)
{
	static struct operand operand;
	static struct condition source = { .operands = &operand, .operand_count = 1 };
	static struct value wanted;

	wanted = value_from_string(text, strlen(text));
	*line = (struct bound_condition){
		.source = &source, .field = { .kind = FIELD_STRING }, .op = op, .values = &wanted
	};
	quick_set(line);
}

/*
 * Patterns and text from a few letters at random, against the slow way, and where nobody differs
 * about them the C library's.
 */
static void patterns_and_text(void **state)
{
	static const char letters[] = "ab*?[]!-\\";
	char pattern[8], text[8];

	(void)state;
	srand(7);
	for (int round = 0; round < 200000; round++) {
		struct bound_condition line;
		struct value got = value_from_string(text, (size_t)(rand() % 8));
		size_t len = (size_t)(rand() % 8);
		int letter_count = round % 2 ? 4 : 9;

		for (size_t i = 0; i < len; i++)
			pattern[i] = letters[rand() % letter_count];
		for (size_t i = 0; i < got.s.len; i++)
			text[i] = letters[rand() % 2];
		pattern[len] = text[got.s.len] = '\0';
		set_text_line(&line, OP_GLOB, pattern);
		if (line_holds(&line, &got) != value_holds(&got, OP_GLOB, line.values, 1) ||
		    (letter_count == 4 &&
		     line_holds(&line, &got) != (fnmatch(pattern, text, 0) == 0)))
			fail_msg("'%s' ~ '%s'", text, pattern);
		for (enum comparison op = OP_EQ; op <= OP_NE; op++) {
			set_text_line(&line, op, pattern);
			assert_int_equal(line.quick.kind, QUICK_TEXT);
			if (line_holds(&line, &got) !=
			    ((strcmp(text, pattern) == 0) == (op == OP_EQ)))
				fail_msg("'%s' op %d '%s'", text, op, pattern);
		}
	}
}

/* What looks plain at a pattern's end, and what is no plain text. */
static void ends_of_patterns(void **state)
{
	static const struct {
		const char *pattern, *text;
		size_t len;
		bool list, want;
	} rows[] = {
		{ "\\*b", "*b", 2, false, true },    { "\\*b", "ab", 2, false, false },
		{ "*\\b", "ab", 2, false, true },    { "*[a*]", "x*", 2, false, true },
		{ "*[a*]b", "xab", 3, false, true }, { "[*b", "[xb", 3, false, true },
		{ "a[*b", "a[b", 3, false, true },   { "*]", "a]", 2, false, true },
		{ "a*a", "a", 1, false, false },     { "ab*b", "ab", 2, false, false },
		{ "a*b", "a\0b", 4, true, true },    { "a*c", "a\0b", 4, true, false },
		{ "*", "", 0, false, true },	     { "", "", 0, false, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct value got = value_from_string(rows[i].text, rows[i].len);
		struct bound_condition line;

		if (rows[i].list)
			got.kind = VALUE_LIST;
		set_text_line(&line, OP_GLOB, rows[i].pattern);
		assert_int_equal(line.quick.kind, QUICK_GLOB);
		if (line_holds(&line, &got) != rows[i].want)
			fail_msg("row %zu: '%s' ~ '%s'", i, rows[i].text, rows[i].pattern);
	}
}

static void what_is_not_there_holds_nothing(void **state)
{
	static const enum comparison ops[] = { OP_NE, OP_HAS, OP_GE };
	struct value values[] = { value_from_uint(0), value_from_string("", 0) };
	struct operand operand = { .kind = OPERAND_LITERAL };
	struct condition source = { .operands = &operand, .operand_count = 1 };
	const struct value nothing = { .kind = VALUE_NONE };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ops) * 2; i++) {
		struct bound_condition line = {
			.source = &source,
			.field = { .kind = i % 2 ? FIELD_STRING : FIELD_INT, .bit_size = 32 },
			.op = ops[i / 2],
			.values = &values[i % 2],
		};

		quick_set(&line);
		assert_false(line_holds(&line, &nothing));
	}
}

static void what_is_not_quick(void **state)
{
	struct value zero = value_from_uint(0), text = value_from_string("0", 1);
	struct operand operand = { .kind = OPERAND_LITERAL };
	struct condition source = { .op = OP_EQ, .operands = &operand, .operand_count = 1 };
	struct bound_condition line = { .source = &source, .values = &zero };

	(void)state;
	/* Text with a number, and the other way round. */
	line.field = (struct field){ .kind = FIELD_VARLEN };
	quick_set(&line);
	assert_int_equal(line.quick.kind, QUICK_NOT);
	line.field = (struct field){ .kind = FIELD_INT, .bit_size = 32 };
	line.values = &text;
	quick_set(&line);
	assert_int_equal(line.quick.kind, QUICK_NOT);
	/* A value that is an event's own, whatever is left there from the last one. */
	line.values = &zero;
	operand.kind = OPERAND_FIELD;
	quick_set(&line);
	assert_int_equal(line.quick.kind, QUICK_NOT);
	operand.kind = OPERAND_VARIABLE;
	quick_set(&line);
	assert_int_equal(line.quick.kind, QUICK_NUMBER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quick_is_as_good_as_slow),
		cmocka_unit_test(patterns_and_text),
		cmocka_unit_test(ends_of_patterns),
		cmocka_unit_test(what_is_not_there_holds_nothing),
		cmocka_unit_test(what_is_not_quick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
