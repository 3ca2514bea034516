/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values: numbers and text, and how they compare. */
#include "base/value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* DIFFERENT: not equal, yet neither is less (an enumerator's name and another one's). */
enum order { INCOMPARABLE, LESS, EQUAL, GREATER, DIFFERENT };

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

int value_parse_number(const char *text, size_t len, struct value *value)
{
	bool negative = len > 0 && text[0] == '-';
	size_t at = negative;
	uint64_t magnitude = 0;
	int base = 10;
	bool overflow = false;

	if (len - at > 2 && text[at] == '0' && (text[at + 1] == 'x' || text[at + 1] == 'o')) {
		base = text[at + 1] == 'x' ? 16 : 8;
		at += 2;
	} else if (len - at > 1 && text[at] == '0') {
		return -EINVAL;
	}
	if (at == len)
		return -EINVAL;
	for (; at < len; at++) {
		int digit = digit_value(text[at]);

		if (digit >= base)
			return -EINVAL;
		overflow |= __builtin_mul_overflow(magnitude, (uint64_t)base, &magnitude);
		overflow |= __builtin_add_overflow(magnitude, (uint64_t)digit, &magnitude);
	}
	if (overflow || (negative && magnitude > (uint64_t)INT64_MAX + 1))
		return -ERANGE;
	*value = negative ? value_from_int((int64_t)(0 - magnitude)) : value_from_uint(magnitude);
	return 0;
}

int value_parse_address(const char *text, size_t len, enum value_kind kind, struct value *value)
{
	struct value address = { .kind = kind };
	char terminated[INET6_ADDRSTRLEN];

	if (len >= sizeof(terminated) || memchr(text, '\0', len))
		return -EINVAL;
	memcpy(terminated, text, len);
	terminated[len] = '\0';
	memset(address.address, 0, sizeof(address.address));
	if (inet_pton(kind == VALUE_IPV4 ? AF_INET : AF_INET6, terminated, address.address) != 1)
		return -EINVAL;
	*value = address;
	return 0;
}

static bool is_number(const struct value *value)
{
	return value->kind == VALUE_UINT || value->kind == VALUE_INT;
}

static bool is_text(const struct value *value)
{
	return value->kind == VALUE_STRING || value->kind == VALUE_LIST;
}

/* The bytes that stand for the whole: a list's last NUL ends its last item and is no part of it. */
static struct value as_string(const struct value *text)
{
	size_t len = text->s.len;

	if (text->kind == VALUE_LIST && len > 0 && text->s.data[len - 1] == '\0')
		len--;
	return value_from_string(text->s.data, len);
}

static enum order order_numbers(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return a->kind == VALUE_INT ? LESS : GREATER;
	if (a->u == b->u)
		return EQUAL;
	/* Two negative numbers in two's complement are in the order of their bits. */
	return a->u < b->u ? LESS : GREATER;
}

static enum order order_strings(const struct value *a, const struct value *b)
{
	size_t common = a->s.len < b->s.len ? a->s.len : b->s.len;
	int order = common ? memcmp(a->s.data, b->s.data, common) : 0;

	if (order == 0 && a->s.len == b->s.len)
		return EQUAL;
	if (order != 0)
		return order < 0 ? LESS : GREATER;
	return a->s.len < b->s.len ? LESS : GREATER;
}

static bool name_is(const struct value *number, const struct value *string)
{
	return number->name && strlen(number->name) == string->s.len &&
	       memcmp(number->name, string->s.data, string->s.len) == 0;
}

static enum order order_addresses(const struct value *a, const struct value *b)
{
	int order = memcmp(a->address, b->address, sizeof(a->address));

	if (order == 0)
		return EQUAL;
	return order < 0 ? LESS : GREATER;
}

static enum order order_number_string(const struct value *number, const struct value *string)
{
	struct value literal;

	if (value_parse_number(string->s.data, string->s.len, &literal) == 0)
		return order_numbers(number, &literal);
	if (name_is(number, string))
		return EQUAL;
	return number->name ? DIFFERENT : INCOMPARABLE;
}

static enum order order_values(const struct value *a, const struct value *b)
{
	static const enum order swapped[] = {
		[INCOMPARABLE] = INCOMPARABLE, [LESS] = GREATER, [EQUAL] = EQUAL, [GREATER] = LESS,
		[DIFFERENT] = DIFFERENT,
	};
	struct value string_a, string_b;

	if (is_number(a) && is_number(b))
		return order_numbers(a, b);
	if (value_is_address(a) && a->kind == b->kind)
		return order_addresses(a, b);
	if (!(is_number(a) || is_text(a)) || !(is_number(b) || is_text(b)))
		return INCOMPARABLE;
	if (is_number(b)) {
		string_a = as_string(a);
		return swapped[order_number_string(b, &string_a)];
	}
	string_b = as_string(b);
	if (is_number(a))
		return order_number_string(a, &string_b);
	string_a = as_string(a);
	return order_strings(&string_a, &string_b);
}

int value_order(const struct value *a, const struct value *b)
{
	enum order order = order_values(a, b);

	return (order == GREATER) - (order == LESS);
}

/*
 * One character of `subject` against one element of the pattern at *at, which is moved past the
 * element. A '[' that is never closed is a plain character.
 */
static bool glob_element(const struct value *pattern, size_t *at, unsigned char c)
{
	const unsigned char *p = (const unsigned char *)pattern->s.data;
	size_t len = pattern->s.len, i = *at + 1;
	bool negated, found = false;

	if (p[*at] == '?') {
		*at += 1;
		return true;
	}
	if (p[*at] == '\\' && *at + 1 < len) {
		*at += 2;
		return p[*at - 1] == c;
	}
	if (p[*at] != '[')
		goto plain;
	negated = i < len && p[i] == '!';
	i += negated;
	/* A ']' that comes first stands for itself. */
	for (size_t first = i; i < len && (p[i] != ']' || i == first); i++) {
		if (i + 2 < len && p[i + 1] == '-' && p[i + 2] != ']') {
			found |= p[i] <= c && c <= p[i + 2];
			i += 2;
		} else {
			found |= p[i] == c;
		}
	}
	if (i < len) {
		*at = i + 1;
		return found != negated;
	}
plain:
	*at += 1;
	return p[*at - 1] == c;
}

/* An element that stands for itself, as most do. */
static bool is_plain(char c)
{
	return c != '?' && c != '[' && c != '\\' && c != '*';
}

/* How many characters the pattern from `at` on matches; SIZE_MAX: it has a star. */
static size_t glob_length(const struct value *pattern, size_t at)
{
	size_t length = 0;

	for (; at < pattern->s.len; length++) {
		if (pattern->s.data[at] == '*')
			return SIZE_MAX;
		if (is_plain(pattern->s.data[at]))
			at++;
		else
			glob_element(pattern, &at, 0);
	}
	return length;
}

/*
 * At a mismatch only the last star needs another try: what came before it has its shortest match.
 */
static bool glob_matches(const struct value *pattern, const struct value *subject)
{
	const char *p = pattern->s.data, *s = subject->s.data;
	size_t at = 0, pos = 0, star = SIZE_MAX, star_pos = 0, length;

	while (pos < subject->s.len) {
		if (at < pattern->s.len && p[at] == '*') {
			star = ++at;
			star_pos = pos;
			length = glob_length(pattern, at);
			if (length == SIZE_MAX)
				continue;
			/* After the last star there is but one place for the rest. */
			if (length > subject->s.len - pos)
				return false;
			pos = subject->s.len - length;
			star = SIZE_MAX;
		} else if (at < pattern->s.len && is_plain(p[at]) && p[at] == s[pos]) {
			at++;
			pos++;
		} else if (at < pattern->s.len && !is_plain(p[at]) &&
			   glob_element(pattern, &at, (unsigned char)s[pos])) {
			pos++;
		} else if (star != SIZE_MAX) {
			at = star;
			pos = ++star_pos;
		} else {
			return false;
		}
	}
	while (at < pattern->s.len && p[at] == '*')
		at++;
	return at == pattern->s.len;
}

static bool holds_glob(const struct value *got, const struct value *pattern)
{
	struct value subject, string;

	if (!is_text(pattern))
		return false;
	if (is_text(got))
		subject = as_string(got);
	else if (is_number(got) && got->name)
		subject = value_from_string(got->name, strlen(got->name));
	else
		return false;
	string = as_string(pattern);
	return glob_matches(&string, &subject);
}

static bool holds_has(const struct value *got, const struct value *wanted)
{
	struct value literal, item;

	if (is_number(got)) {
		if (is_text(wanted)) {
			if (value_parse_number(wanted->s.data, wanted->s.len, &literal) < 0)
				return false;
			wanted = &literal;
		}
		return is_number(wanted) && (got->u & wanted->u) == wanted->u;
	}
	if (!is_text(got))
		return false;
	for (size_t next = 0; next <= got->s.len;) {
		if (!value_list_item(got->s.data + next, got->s.len - next, 0, &item))
			break;
		if (order_values(&item, wanted) == EQUAL)
			return true;
		next += item.s.len + 1;
	}
	return false;
}

bool value_holds(const struct value *got, enum comparison op, const struct value *operands,
		 size_t operand_count)
{
	enum order order;

	switch (op) {
	case OP_GLOB:
		return operand_count == 1 && holds_glob(got, operands);
	case OP_HAS:
		return operand_count == 1 && holds_has(got, operands);
	case OP_IN_RANGE:
		return operand_count == 2 && value_holds(got, OP_GE, &operands[0], 1) &&
		       value_holds(got, OP_LE, &operands[1], 1);
	case OP_IN_SET:
		for (size_t i = 0; i < operand_count; i++) {
			if (order_values(got, &operands[i]) == EQUAL)
				return true;
		}
		return false;
	default:
		break;
	}
	if (operand_count != 1)
		return false;
	order = order_values(got, operands);
	switch (op) {
	case OP_EQ:
		return order == EQUAL;
	case OP_NE:
		return order == LESS || order == GREATER || order == DIFFERENT;
	case OP_LT:
		return order == LESS;
	case OP_LE:
		return order == LESS || order == EQUAL;
	case OP_GT:
		return order == GREATER;
	case OP_GE:
		return order == GREATER || order == EQUAL;
	default:
		return false;
	}
}

bool value_list_item(const char *data, size_t len, size_t index, struct value *item)
{
	while (len > 0) {
		const char *nul = memchr(data, '\0', len);
		size_t item_len = nul ? (size_t)(nul - data) : len;

		if (index-- == 0) {
			*item = value_from_string(data, item_len);
			return true;
		}
		if (!nul)
			break;
		data += item_len + 1;
		len -= item_len + 1;
	}
	return false;
}

size_t value_list_count(const char *data, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += data[i] == '\0';
	return count + (len > 0 && data[len - 1] != '\0');
}
