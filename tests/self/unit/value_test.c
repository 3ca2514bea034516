/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Values: every operator over every pair of kinds, the edges of 64 bits, and how they are written.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/value.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static struct value text(const char *s)
{
	return value_from_string(s, strlen(s));
}

static struct value named(uint64_t u, const char *name)
{
	struct value value = value_from_uint(u);

	value.name = name;
	return value;
}

/* The bytes of a string literal without the NUL that C adds. */
#define LIST(literal) \
	((struct value){ .kind = VALUE_LIST, .s = { (literal), sizeof(literal) - 1 } })
#define NONE ((struct value){ .kind = VALUE_NONE })

static void check(const struct value *got, enum comparison op, const struct value *wanted,
		  bool holds)
{
	char a[64], b[64];

	if (value_holds(got, op, wanted, 1) != holds)
		fail_msg("%s op %d %s: want %s", value_format(got, a, sizeof(a)), op,
			 value_format(wanted, b, sizeof(b)), holds ? "to hold" : "not to hold");
}

/*
 * All six comparisons of a pair, from the two's order: -1, 0, 1, or 9 where they cannot be
 * compared.
 */
static void check_pair(struct value a, struct value b, int order)
{
	bool comparable = order != 9;

	check(&a, OP_EQ, &b, order == 0);
	check(&a, OP_NE, &b, comparable && order != 0);
	check(&a, OP_LT, &b, order == -1);
	check(&a, OP_LE, &b, order == -1 || order == 0);
	check(&a, OP_GT, &b, order == 1);
	check(&a, OP_GE, &b, order == 1 || order == 0);
}

static void check_order(struct value a, struct value b, int order)
{
	check_pair(a, b, order);
	check_pair(b, a, order == 9 ? 9 : -order);
}

static void numbers_have_one_form(void **state)
{
	(void)state;
	assert_int_equal(value_from_int(5).kind, VALUE_UINT);
	assert_int_equal(value_from_int(0).kind, VALUE_UINT);
	assert_int_equal(value_from_int(-1).kind, VALUE_INT);
	assert_true(value_from_int(INT64_MAX).u == INT64_MAX);
	assert_true(value_from_int(INT64_MIN).i == INT64_MIN);
}

static void numbers_are_in_order(void **state)
{
	/* Strictly rising, so every pair's order follows from the two places. */
	const struct value rising[] = {
		value_from_int(INT64_MIN),
		value_from_int(INT64_MIN + 1),
		value_from_int(-2),
		value_from_int(-1),
		value_from_int(0),
		value_from_int(1),
		value_from_int(INT64_MAX),
		value_from_uint(1ULL << 63),
		value_from_uint(UINT64_MAX - 1),
		value_from_uint(UINT64_MAX),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rising); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(rising); j++)
			check_pair(rising[i], rising[j], (i > j) - (i < j));
	}
}

static void strings_are_in_order_of_bytes(void **state)
{
	const struct value rising[] = {
		value_from_string("", 0),
		value_from_string("\0", 1),
		text("A"),
		text("a"),
		text("a!"),
		value_from_string("ab\0", 3),
		value_from_string("ab\0c", 4),
		text("b"),
		text("\xc3\xa4"),
		text("\xff"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rising); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(rising); j++)
			check_pair(rising[i], rising[j], (i > j) - (i < j));
	}
	check_order(value_from_string(NULL, 0), text(""), 0);
}

static void text_that_is_a_number_compares_as_that_number(void **state)
{
	(void)state;
	check_order(value_from_uint(UINT64_MAX), text("18446744073709551615"), 0);
	check_order(value_from_int(INT64_MIN), text("-9223372036854775808"), 0);
	check_order(value_from_uint(57), text("0x39"), 0);
	check_order(value_from_uint(57), text("0o71"), 0);
	check_order(value_from_uint(9), text("10"), -1);
	check_order(text("9"), text("10"), 1);
	check_order(value_from_uint(57), text("57 "), 9);
	check_order(value_from_uint(57), text(""), 9);
	check_order(value_from_uint(7), text("007"), 9);
	check_order(value_from_uint(UINT64_MAX), text("18446744073709551616"), 9);
}

static void lists_compare_as_their_bytes(void **state)
{
	(void)state;
	check_order(LIST("a\0b\0"), value_from_string("a\0b", 3), 0);
	check_order(LIST("a\0b"), value_from_string("a\0b", 3), 0);
	check_order(LIST("a\0b\0"), LIST("a\0b"), 0);
	check_order(LIST("a\0b\0\0"), LIST("a\0b"), 1);
	check_order(LIST("a\0b\0"), text("a"), 1);
	check_order(LIST("57\0"), value_from_uint(57), 0);
	check_order(LIST("a\0b\0"), value_from_uint(57), 9);
	check_order(LIST(""), text(""), 0);
}

static void check_format(struct value value, const char *want)
{
	char buf[128];

	assert_string_equal(value_format(&value, buf, sizeof(buf)), want);
}

static struct value address(const char *text)
{
	enum value_kind kind = strchr(text, ':') ? VALUE_IPV6 : VALUE_IPV4;
	struct value value = NONE;

	value_parse_address(text, strlen(text), kind, &value);
	return value;
}

static void addresses_compare_by_their_bytes(void **state)
{
	(void)state;
	check_order(address("127.0.0.1"), address("127.0.0.1"), 0);
	check_order(address("10.0.0.1"), address("9.255.0.0"), 1);
	check_order(address("::1"), address("0:0::0001"), 0);
	check_order(address("::ffff:127.0.0.1"), address("::ffff:7f00:1"), 0);
	check_order(address("::1"), address("1::"), -1);
	check_order(address("0.0.0.0"), address("::"), 9);
	check_order(address("127.0.0.1"), text("127.0.0.1"), 9);
	check_order(address("0.0.0.1"), value_from_uint(1), 9);
	check_format(address("127.0.0.1"), "127.0.0.1");
	check_format(address("::FFFF:1.2.3.4"), "::ffff:1.2.3.4");
	assert_int_equal(address("127.1").kind, VALUE_NONE);
	assert_int_equal(address("127.0.0.1 ").kind, VALUE_NONE);
	assert_int_equal(address("").kind, VALUE_NONE);
	assert_int_equal(address("::1%lo").kind, VALUE_NONE);
	assert_int_equal(address("1111:2222:3333:4444:5555:6666:7777:8888:9999").kind, VALUE_NONE);
	assert_int_equal(value_parse_address("::1\0", 4, VALUE_IPV6, &(struct value){ 0 }),
			 -EINVAL);
}

static void enumerators_compare_by_name(void **state)
{
	(void)state;
	check_order(named(1, "EVENT_FORK"), text("EVENT_FORK"), 0);
	check_order(named(1, "EVENT_FORK"), value_from_uint(1), 0);
	check_order(named(1, "EVENT_FORK"), named(2, "EVENT_EXEC"), -1);
	check_order(named(1, "EVENT_FORK"), text("1"), 0);
	check_order(value_from_uint(1), text("EVENT_FORK"), 9);
}

static void another_enumerators_name_differs_and_is_not_less(void **state)
{
	struct value got = named(1, "EVENT_FORK"), other = text("EVENT_FOR");

	(void)state;
	for (int swap = 0; swap < 2; swap++) {
		const struct value *a = swap ? &other : &got, *b = swap ? &got : &other;

		check(a, OP_EQ, b, false);
		check(a, OP_NE, b, true);
		check(a, OP_LT, b, false);
		check(a, OP_LE, b, false);
		check(a, OP_GT, b, false);
		check(a, OP_GE, b, false);
	}
}

static void nothing_holds_for_none(void **state)
{
	const struct value others[] = { NONE, value_from_uint(0), value_from_int(-1), text(""),
					LIST("a\0") };
	struct value none = NONE;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		for (enum comparison op = OP_EQ; op <= OP_IN_SET; op++) {
			struct value twice[] = { others[i], others[i] };
			struct value nones[] = { NONE, NONE };
			size_t count = op == OP_IN_RANGE ? 2 : 1;

			assert_false(value_holds(&none, op, twice, count));
			assert_false(value_holds(&others[i], op, nones, count));
		}
	}
}

static void wrong_operand_counts_hold_nothing(void **state)
{
	struct value one = value_from_uint(1), three[] = { one, one, one };

	(void)state;
	for (enum comparison op = OP_EQ; op <= OP_IN_SET; op++)
		assert_false(value_holds(&one, op, three, 0));
	for (enum comparison op = OP_EQ; op <= OP_IN_RANGE; op++)
		assert_false(value_holds(&one, op, three, 3));
	assert_false(value_holds(&one, (enum comparison)99, three, 1));
}

static const struct glob_row {
	const char *pattern, *subject;
	bool matches;
} glob_rows[] = {
	{ "*", "", true },
	{ "", "", true },
	{ "", "a", false },
	{ "a", "", false },
	{ "*/do_nothing", "/tmp/x/do_nothing", true },
	{ "*/do_nothing", "do_nothing", false },
	{ "*/do_nothing", "/tmp/do_nothing2", false },
	{ "a*b*c", "aXbYbZc", true },
	{ "a*b*c", "aXbYbZ", false },
	{ "a*", "a", true },
	{ "**a**", "xax", true },
	{ "?", "", false },
	{ "?", "/", true },
	{ "a?c", "abc", true },
	{ "a?c", "ac", false },
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[a-c]x", "bx", true },
	{ "[a-c]x", "dx", false },
	{ "[!a-c]", "d", true },
	{ "[!a-c]", "b", false },
	{ "[]]", "]", true },
	{ "[!]]", "]", false },
	{ "[a-]", "-", true },
	{ "[a-]", "b", false },
	{ "[abc", "[abc", true },
	{ "[abc", "a", false },
	{ "[", "[", true },
	{ "[!", "[!", true },
	{ "\\*", "*", true },
	{ "\\*", "x", false },
	{ "a\\", "a\\", true },
	{ "*[0-9]", "pid57", true },
	{ "*[0-9]", "pid", false },
	{ "*.so.[0-9]*", "libc.so.6", true },
	{ "\\*b", "*b", true },
	{ "\\*b", "ab", false },
	{ "*\\b", "ab", true },
	{ "*[a*]", "x*", true },
	{ "*[a*]b", "xab", true },
	{ "[*b", "[xb", true },
	{ "a[*b", "a[b", true },
	{ "*]", "a]", true },
	{ "a*a", "a", false },
	{ "ab*b", "ab", false },
};

static void globs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(glob_rows); i++) {
		struct value got = text(glob_rows[i].subject), pattern = text(glob_rows[i].pattern);

		check(&got, OP_GLOB, &pattern, glob_rows[i].matches);
	}
}

static void globs_match_text_and_names_only(void **state)
{
	struct value star = text("*"), fork = text("*_FORK"), number = value_from_uint(5);
	struct value name = named(1, "EVENT_FORK"), list = LIST("a\0b\0"),
		     list_pattern = LIST("a?b\0");

	(void)state;
	check(&number, OP_GLOB, &star, false);
	check(&star, OP_GLOB, &number, false);
	check(&name, OP_GLOB, &fork, true);
	check(&list, OP_GLOB, &star, true);
	check(&list, OP_GLOB, &list_pattern, true);
}

/* Random patterns and text of a few letters, against the C library. */
static void globs_agree_with_fnmatch(void **state)
{
	char pattern[8], subject[8];

	(void)state;
	srand(7);
	for (int round = 0; round < 200000; round++) {
		size_t pattern_len = (size_t)(rand() % 8), subject_len = (size_t)(rand() % 8);
		struct value got, glob;

		for (size_t i = 0; i < pattern_len; i++)
			pattern[i] = "ab*?"[rand() % 4];
		for (size_t i = 0; i < subject_len; i++)
			subject[i] = "ab"[rand() % 2];
		pattern[pattern_len] = subject[subject_len] = '\0';
		got = text(subject);
		glob = text(pattern);
		check(&got, OP_GLOB, &glob, fnmatch(pattern, subject, 0) == 0);
	}
}

/* A pattern of many stars must not take time that grows with the power of their number. */
static void globs_are_fast(void **state)
{
	char subject[4096] = "", pattern[] = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
	struct value got = value_from_string(subject, sizeof(subject)), glob = text(pattern);

	(void)state;
	memset(subject, 'a', sizeof(subject));
	check(&got, OP_GLOB, &glob, false);
}

static void has_is_about_all_bits(void **state)
{
	struct value got = value_from_uint(0xf0), all = value_from_uint(0x50),
		     some = value_from_uint(0x18);
	struct value negative = value_from_int(-1), top = value_from_uint(1ULL << 63),
		     as_text = text("0x50");
	struct value word = text("cat"), lowest = value_from_int(INT64_MIN);

	(void)state;
	check(&got, OP_HAS, &all, true);
	check(&got, OP_HAS, &some, false);
	check(&got, OP_HAS, &as_text, true);
	check(&got, OP_HAS, &word, false);
	check(&negative, OP_HAS, &top, true);
	check(&negative, OP_HAS, &lowest, true);
	check(&got, OP_HAS, &negative, false);
	check(&top, OP_HAS, &lowest, true);
}

static void has_is_about_items(void **state)
{
	struct value list = LIST("ls\0--all\0"
				 "57\0\0x\0"),
		     all = text("--all"), part = text("--al");
	struct value number = value_from_uint(57), last = text("x"), empty = text(""),
		     single = text("ls");
	struct value unended = LIST("ls\0x"), no_items = text(""), other = value_from_uint(5);

	(void)state;
	check(&list, OP_HAS, &all, true);
	check(&list, OP_HAS, &part, false);
	check(&list, OP_HAS, &number, true);
	check(&list, OP_HAS, &other, false);
	check(&list, OP_HAS, &last, true);
	check(&list, OP_HAS, &empty, true);
	check(&unended, OP_HAS, &last, true);
	check(&unended, OP_HAS, &empty, false);
	check(&single, OP_HAS, &single, true);
	check(&single, OP_HAS, &all, false);
	check(&no_items, OP_HAS, &empty, false);
}

static bool in_range(struct value got, struct value low, struct value high)
{
	struct value range[] = { low, high };

	return value_holds(&got, OP_IN_RANGE, range, 2);
}

static void ranges_include_both_ends(void **state)
{
	struct value lowest = value_from_int(INT64_MIN), highest = value_from_uint(UINT64_MAX);
	struct value one = value_from_uint(1), nine = value_from_uint(9);

	(void)state;
	assert_true(in_range(one, one, nine));
	assert_true(in_range(nine, one, nine));
	assert_true(in_range(one, one, one));
	assert_false(in_range(value_from_uint(0), one, nine));
	assert_false(in_range(value_from_uint(10), one, nine));
	assert_false(in_range(value_from_int(-5), one, nine));
	assert_true(in_range(lowest, lowest, highest));
	assert_true(in_range(highest, lowest, highest));
	assert_true(in_range(value_from_int(-1), lowest, value_from_int(-1)));
	assert_false(in_range(value_from_uint(0), lowest, value_from_int(-1)));
	assert_false(in_range(one, nine, one));
	assert_false(in_range(one, text("a"), nine));
	assert_false(in_range(text("b"), one, nine));
}

static void sets(void **state)
{
	struct value set[] = { value_from_uint(1), text("cat"), value_from_int(-1),
			       text("EVENT_FORK") };
	struct value one = value_from_uint(1), cat = text("cat"), minus = value_from_int(-1);
	struct value name = named(5, "EVENT_FORK"), dog = text("dog"), two = value_from_uint(2);

	(void)state;
	assert_true(value_holds(&one, OP_IN_SET, set, 4));
	assert_true(value_holds(&cat, OP_IN_SET, set, 4));
	assert_true(value_holds(&minus, OP_IN_SET, set, 4));
	assert_true(value_holds(&name, OP_IN_SET, set, 4));
	assert_false(value_holds(&dog, OP_IN_SET, set, 4));
	assert_false(value_holds(&two, OP_IN_SET, set, 4));
	assert_false(value_holds(&name, OP_IN_SET, set, 3));
}

static const struct literal_row {
	const char *text;
	int err;
	struct value value;
} literal_rows[] = {
	{ "0", 0, { VALUE_UINT, { .u = 0 }, NULL } },
	{ "-0", 0, { VALUE_UINT, { .u = 0 }, NULL } },
	{ "57", 0, { VALUE_UINT, { .u = 57 }, NULL } },
	{ "0xFf", 0, { VALUE_UINT, { .u = 255 }, NULL } },
	{ "0o777", 0, { VALUE_UINT, { .u = 511 }, NULL } },
	{ "-0x10", 0, { VALUE_INT, { .i = -16 }, NULL } },
	{ "-1", 0, { VALUE_INT, { .i = -1 }, NULL } },
	{ "18446744073709551615", 0, { VALUE_UINT, { .u = UINT64_MAX }, NULL } },
	{ "0xffffffffffffffff", 0, { VALUE_UINT, { .u = UINT64_MAX }, NULL } },
	{ "-9223372036854775808", 0, { VALUE_INT, { .i = INT64_MIN }, NULL } },
	{ "18446744073709551616", -ERANGE, { 0 } },
	{ "0x10000000000000000", -ERANGE, { 0 } },
	{ "99999999999999999999999999", -ERANGE, { 0 } },
	{ "-9223372036854775809", -ERANGE, { 0 } },
	{ "-18446744073709551616", -ERANGE, { 0 } },
	{ "", -EINVAL, { 0 } },
	{ "-", -EINVAL, { 0 } },
	{ "--1", -EINVAL, { 0 } },
	{ "+1", -EINVAL, { 0 } },
	{ " 1", -EINVAL, { 0 } },
	{ "1 ", -EINVAL, { 0 } },
	{ "1x", -EINVAL, { 0 } },
	{ "0x", -EINVAL, { 0 } },
	{ "0xg", -EINVAL, { 0 } },
	{ "0X1", -EINVAL, { 0 } },
	{ "0o8", -EINVAL, { 0 } },
	{ "08", -EINVAL, { 0 } },
	{ "00", -EINVAL, { 0 } },
	{ "0777", -EINVAL, { 0 } },
	{ "-01", -EINVAL, { 0 } },
	{ "1e3", -EINVAL, { 0 } },
	{ "1.5", -EINVAL, { 0 } },
};

static void literals(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(literal_rows); i++) {
		const struct literal_row *row = &literal_rows[i];
		struct value got = NONE;
		int err = value_parse_number(row->text, strlen(row->text), &got);

		if (err != row->err)
			fail_msg("'%s': got %d, want %d", row->text, err, row->err);
		if (!err && (got.kind != row->value.kind || got.u != row->value.u || got.name))
			fail_msg("'%s': got kind %d, %llu", row->text, got.kind,
				 (unsigned long long)got.u);
	}
}

static void list_items(void **state)
{
	static const char bytes[] = { 'a', 0, 0, 'b', 'c' };
	struct value item;

	(void)state;
	assert_true(value_list_item(bytes, 5, 0, &item));
	assert_int_equal(item.s.len, 1);
	assert_true(value_list_item(bytes, 5, 1, &item));
	assert_int_equal(item.s.len, 0);
	assert_true(value_list_item(bytes, 5, 2, &item));
	assert_memory_equal(item.s.data, "bc", item.s.len);
	assert_int_equal(item.s.len, 2);
	assert_false(value_list_item(bytes, 5, 3, &item));
	assert_false(value_list_item(bytes, 5, SIZE_MAX, &item));
	assert_false(value_list_item(NULL, 0, 0, &item));
	assert_int_equal(value_list_count(bytes, 5), 3);
	assert_int_equal(value_list_count(bytes, 3), 2);
	assert_int_equal(value_list_count(bytes, 1), 1);
	assert_int_equal(value_list_count(NULL, 0), 0);
}

static void formats(void **state)
{
	(void)state;
	check_format(NONE, "nothing");
	check_format(value_from_uint(57), "57");
	check_format(value_from_uint(UINT64_MAX), "18446744073709551615");
	check_format(value_from_int(INT64_MIN), "-9223372036854775808");
	check_format(named(1, "EVENT_FORK"), "EVENT_FORK (1)");
	check_format(text("cat"), "\"cat\"");
	check_format(text(""), "\"\"");
	check_format(text("a\"b\\c\nd\te\x01\x7f\x80"), "\"a\\\"b\\\\c\\nd\\te\\x01\\x7f\\x80\"");
	check_format(value_from_string("a\0b", 3), "\"a\\x00b\"");
	check_format(text("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\x8d"),
		     "\"na\xc3\xafve \xe2\x82\xac \xf0\x9f\x90\x8d\"");
	check_format(text("\xc3"), "\"\\xc3\"");
	check_format(LIST("a\0b c\0\0"), "[\"a\", \"b c\", \"\"]");
	check_format(LIST("a\0b"), "[\"a\", \"b\"]");
	check_format(LIST(""), "[]");
}

/* Whatever the size: terminated, never past the end, and what is cut says so. */
static void formats_are_cut(void **state)
{
	const struct value values[] = {
		text("h\xc3\xa4h\xe2\x82\xac\xf0\x9f\x90\x8d\x01 long enough to be cut"),
		LIST("one\0two\0three\0"),
		value_from_uint(UINT64_MAX),
		named(7, "A_RATHER_LONG_NAME_OF_AN_ENUMERATOR"),
		NONE,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		char whole[128];
		size_t whole_len = strlen(value_format(&values[i], whole, sizeof(whole)));

		for (size_t size = 0; size <= whole_len + 1; size++) {
			char *buf = malloc(size + !size);

			assert_ptr_equal(value_format(&values[i], buf, size), buf);
			if (size > whole_len) {
				assert_string_equal(buf, whole);
			} else if (size > 4) {
				size_t len = strlen(buf);

				assert_string_equal(buf + len - 3, "...");
				assert_memory_equal(buf, whole, len - 3);
			} else if (size > 0) {
				assert_true(strlen(buf) < size);
			}
			for (size_t at = 0; size > 0 && buf[at] != '\0';) {
				size_t step = utf8_length(buf + at, strlen(buf + at));

				assert_true(step > 0);
				at += step;
			}
			free(buf);
		}
	}
}

static void utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, want;
	} rows[] = {
		{ "a", 1, 1 },
		{ "", 1, 1 },
		{ "a", 0, 0 },
		{ "\x7f", 1, 1 },
		{ "\x80", 1, 0 },
		{ "\xc1\xbf", 2, 0 },
		{ "\xc2\x80", 2, 2 },
		{ "\xc2", 1, 0 },
		{ "\xc2z", 2, 0 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "\xe0\xa0\x80", 3, 3 },
		{ "\xe0\xa0", 2, 0 },
		{ "\xe1\x80z", 3, 0 },
		{ "\xed\x9f\xbf", 3, 3 },
		{ "\xed\xa0\x80", 3, 0 },
		{ "\xef\xbf\xbf", 3, 3 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		{ "\xf0\x90\x80\x80", 4, 4 },
		{ "\xf3\xbf\xbf\xbf", 4, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "\xf0\x90\x80", 3, 0 },
		{ "\xff", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t got = utf8_length(rows[i].bytes, rows[i].len);

		if (got != rows[i].want)
			fail_msg("row %zu: got %zu, want %zu", i, got, rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_have_one_form),
		cmocka_unit_test(numbers_are_in_order),
		cmocka_unit_test(strings_are_in_order_of_bytes),
		cmocka_unit_test(text_that_is_a_number_compares_as_that_number),
		cmocka_unit_test(lists_compare_as_their_bytes),
		cmocka_unit_test(enumerators_compare_by_name),
		cmocka_unit_test(another_enumerators_name_differs_and_is_not_less),
		cmocka_unit_test(nothing_holds_for_none),
		cmocka_unit_test(wrong_operand_counts_hold_nothing),
		cmocka_unit_test(globs),
		cmocka_unit_test(globs_match_text_and_names_only),
		cmocka_unit_test(globs_agree_with_fnmatch),
		cmocka_unit_test(globs_are_fast),
		cmocka_unit_test(has_is_about_all_bits),
		cmocka_unit_test(has_is_about_items),
		cmocka_unit_test(ranges_include_both_ends),
		cmocka_unit_test(sets),
		cmocka_unit_test(literals),
		cmocka_unit_test(list_items),
		cmocka_unit_test(addresses_compare_by_their_bytes),
		cmocka_unit_test(formats),
		cmocka_unit_test(formats_are_cut),
		cmocka_unit_test(utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
