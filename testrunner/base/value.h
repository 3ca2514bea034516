/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Values: what a decoded field, a literal in a .test file and a generator's
 * $variable have in common.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_NONE, /* the record has no such bytes, e.g. an index past a list's end */
	VALUE_UINT,
	VALUE_INT, /* only ever negative: 0 and up are VALUE_UINT, one number has one form */
	VALUE_STRING,
	VALUE_LIST, /* strings, a NUL after each; the last one's may be missing */
	VALUE_IPV4, /* the first 4 bytes of `address`, the others are 0 */
	VALUE_IPV6,
};

struct value {
	enum value_kind kind;
	union {
		uint64_t u;
		int64_t i;
		struct {
			const char *data; /* borrowed, not NUL-terminated */
			size_t len;
		} s;			   /* VALUE_STRING, VALUE_LIST */
		unsigned char address[16]; /* VALUE_IPV4, VALUE_IPV6 */
	};
	const char *name; /* borrowed: the enumerator that a number stands for, or NULL */
};

enum comparison {
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_GLOB,
	OP_HAS,
	OP_IN_RANGE, /* operands: low, high; both included */
	OP_IN_SET,
};

static inline struct value value_from_uint(uint64_t u)
{
	return (struct value){ .kind = VALUE_UINT, .u = u };
}

/* A number from its signed form, in the one form that value_kind promises. */
static inline struct value value_from_int(int64_t i)
{
	return (struct value){ .kind = i < 0 ? VALUE_INT : VALUE_UINT, .i = i };
}

static inline bool value_is_address(const struct value *value)
{
	return value->kind == VALUE_IPV4 || value->kind == VALUE_IPV6;
}

static inline struct value value_from_string(const char *data, size_t len)
{
	return (struct value){ .kind = VALUE_STRING, .s = { data, len } };
}

/*
 * The number that the whole of `text` is a literal of: 57, -1, 0x39, 0o71. A decimal with a
 * leading zero is no literal, because half of its readers would take it for octal.
 * Errors: -EINVAL no literal of a number, -ERANGE beyond int64 and uint64.
 */
int value_parse_number(const char *text, size_t len, struct value *value);

/*
 * The address that the whole of `text` is, in a form that inet_pton() takes. Errors: -EINVAL no
 * address of that kind (VALUE_IPV4, VALUE_IPV6).
 */
int value_parse_address(const char *text, size_t len, enum value_kind kind, struct value *value);

/*
 * Does `got OP operands` hold? Numbers compare over the whole range of int64 and uint64, text by
 * its bytes (a list is its bytes, without the last NUL), addresses of one kind by theirs. Text that
 * is a number's literal compares with a number as that number (generators write integers that JSON
 * cannot carry as strings); an enumerator's name compares equal to its value. Kinds that cannot be
 * compared never hold, not even with !=.
 *   ~    glob over text or an enumerator's name: * ? [a-z] [!a-z] and \ before a plain character
 *   has  a number: all bits of the operand are set; text: the operand is one of the list's items
 */
bool value_holds(const struct value *got, enum comparison op, const struct value *operands,
		 size_t operand_count);

/*
 * Less than, equal to or more than 0, as `a` is to `b`. Both must be numbers, both text, or both
 * addresses of one kind.
 */
int value_order(const struct value *a, const struct value *b);

/* Text as one item of a list is: cut at NULs. False past the end. */
bool value_list_item(const char *data, size_t len, size_t index, struct value *item);
size_t value_list_count(const char *data, size_t len);

/*
 * Text for people ("57", "\"cat\"", "EVENT_FORK (1)", "[\"a\", \"b\"]"), always terminated, cut
 * with "..." when it is longer than `size`. Bytes that do not print are escaped. Returns `buf`.
 */
const char *value_format(const struct value *value, char *buf, size_t size);

#endif
