/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Values in words, for messages. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "base/value.h"

/* Text that grows in a buffer of fixed size; `full` once something did not fit. */
struct text {
	char *buf;
	size_t size, len;
	bool full;
};

static void text_add(struct text *text, const char *piece)
{
	size_t len = strlen(piece);

	if (text->full || len >= text->size - text->len) {
		text->full = true;
		return;
	}
	memcpy(text->buf + text->len, piece, len + 1);
	text->len += len;
}

/* UTF-8 passes as it is: people's file names are not to be turned into numbers. */
static void text_add_quoted(struct text *text, const char *data, size_t len)
{
	char piece[8];

	text_add(text, "\"");
	for (size_t i = 0; i < len && !text->full; i++) {
		unsigned char c = (unsigned char)data[i];
		size_t utf8 = utf8_length(data + i, len - i);

		if (utf8 > 1) {
			memcpy(piece, data + i, utf8);
			piece[utf8] = '\0';
			i += utf8 - 1;
		} else if (c == '"' || c == '\\') {
			snprintf(piece, sizeof(piece), "\\%c", c);
		} else if (c == '\n') {
			snprintf(piece, sizeof(piece), "\\n");
		} else if (c == '\t') {
			snprintf(piece, sizeof(piece), "\\t");
		} else if (c < 0x20 || c >= 0x7f) {
			snprintf(piece, sizeof(piece), "\\x%02x", c);
		} else {
			snprintf(piece, sizeof(piece), "%c", c);
		}
		text_add(text, piece);
	}
	text_add(text, "\"");
}

static void text_add_list(struct text *text, const char *data, size_t len)
{
	struct value item;
	bool first = true;

	text_add(text, "[");
	while (!text->full && value_list_item(data, len, 0, &item)) {
		text_add(text, first ? "" : ", ");
		text_add_quoted(text, item.s.data, item.s.len);
		first = false;
		if (item.s.len == len)
			break;
		data += item.s.len + 1;
		len -= item.s.len + 1;
	}
	text_add(text, "]");
}

static void text_add_number(struct text *text, const struct value *value)
{
	char digits[24];

	if (value->kind == VALUE_INT)
		snprintf(digits, sizeof(digits), "%" PRId64, value->i);
	else
		snprintf(digits, sizeof(digits), "%" PRIu64, value->u);
	if (value->name) {
		text_add(text, value->name);
		text_add(text, " (");
	}
	text_add(text, digits);
	if (value->name)
		text_add(text, ")");
}

const char *value_format(const struct value *value, char *buf, size_t size)
{
	struct text text = { .buf = buf, .size = size };
	char address[INET6_ADDRSTRLEN];

	if (size == 0)
		return buf;
	buf[0] = '\0';
	switch (value->kind) {
	case VALUE_NONE:
		text_add(&text, "nothing");
		break;
	case VALUE_UINT:
	case VALUE_INT:
		text_add_number(&text, value);
		break;
	case VALUE_STRING:
		text_add_quoted(&text, value->s.data, value->s.len);
		break;
	case VALUE_LIST:
		text_add_list(&text, value->s.data, value->s.len);
		break;
	case VALUE_IPV4:
	case VALUE_IPV6:
		text_add(&text, inet_ntop(value->kind == VALUE_IPV4 ? AF_INET : AF_INET6,
					  value->address, address, sizeof(address)));
		break;
	}
	if (text.full) {
		/* Whole pieces only, so that an escape or a character is never cut in two. */
		size_t room = size > 3 ? size - 4 : 0;
		size_t len = text.len < room ? text.len : room;

		while (len > 0 && len < text.len && ((unsigned char)buf[len] & 0xc0) == 0x80)
			len--;
		snprintf(buf + len, size - len, "...");
	}
	return buf;
}
