/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser's words: one line of text, cut at blanks and quotes, with the column of each. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suite/parser.h"

bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_name(char c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

unsigned int parser_column(const struct parser *parser, size_t at)
{
	unsigned int column = 1;

	for (size_t i = 0; i < at && i < parser->len; i++)
		column += ((unsigned char)parser->line[i] & 0xc0) != 0x80;
	return column;
}

int parser_error(struct parser *parser, size_t at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	parse_error_vset(parser->error, parser->line_number, parser_column(parser, at), format,
			 args);
	va_end(args);
	return -EINVAL;
}

char *parser_copy(struct parser *parser, const char *data, size_t len)
{
	struct text_chunk *chunk = malloc(sizeof(*chunk) + len + 1);

	if (!chunk)
		return NULL;
	memcpy(chunk->text, data, len);
	chunk->text[len] = '\0';
	chunk->next = parser->test->texts;
	parser->test->texts = chunk;
	return chunk->text;
}

static bool comment_begins(const struct parser *parser, size_t at)
{
	return parser->line[at] == '#' && (at == 0 || is_blank(parser->line[at - 1]));
}

char *parser_rest(struct parser *parser, size_t at)
{
	char text[LINE_MAX_BYTES];
	bool quoted = false;
	size_t len = 0;

	for (; at < parser->len; at++) {
		char c = parser->line[at];

		if (!quoted && comment_begins(parser, at))
			break;
		if (c == '"')
			quoted = !quoted;
		if (quoted && c == '\\' && at + 1 < parser->len) {
			text[len++] = c;
			c = parser->line[++at];
		} else if (!quoted && is_blank(c)) {
			if (len == 0 || text[len - 1] == ' ')
				continue;
			c = ' ';
		}
		text[len++] = c;
	}
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	return parser_copy(parser, text, len);
}

const char *parser_shown(const struct parser *parser, size_t at)
{
	static char shown[64];
	size_t len = 0;

	while (at + len < parser->len && !is_blank(parser->line[at + len]))
		len++;
	if (len < sizeof(shown)) {
		snprintf(shown, sizeof(shown), "%.*s", (int)len, parser->line + at);
		return shown;
	}
	len = sizeof(shown) - 4;
	while (((unsigned char)parser->line[at + len] & 0xc0) == 0x80)
		len--;
	snprintf(shown, sizeof(shown), "%.*s...", (int)len, parser->line + at);
	return shown;
}

bool parser_at_end(struct parser *parser)
{
	while (parser->at < parser->len && is_blank(parser->line[parser->at]))
		parser->at++;
	return parser->at == parser->len || comment_begins(parser, parser->at);
}

int parser_expect_end(struct parser *parser, const char *after)
{
	if (parser_at_end(parser))
		return 0;
	return parser_error(parser, parser->at, "unexpected '%s' after %s",
			    parser_shown(parser, parser->at), after);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The escape at the cursor, which is on the backslash. */
static int read_escape(struct parser *parser, char *c)
{
	static const char escapes[][2] = {
		{ 'n', '\n' }, { 't', '\t' }, { '"', '"' }, { '\\', '\\' }
	};
	const char *s = parser->line + parser->at;
	size_t left = parser->len - parser->at;

	for (size_t i = 0; left > 1 && i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		if (s[1] == escapes[i][0]) {
			*c = escapes[i][1];
			parser->at += 2;
			return 0;
		}
	}
	if (left < 4 || s[1] != 'x' || hex_digit(s[2]) < 0 || hex_digit(s[3]) < 0)
		return parser_error(parser, parser->at,
				    "unknown escape: expected one of \\n \\t \\\" \\\\ \\xHH");
	*c = (char)(hex_digit(s[2]) << 4 | hex_digit(s[3]));
	parser->at += 4;
	return 0;
}

/* Appends the quoted string at the cursor to text[*len]. */
static int read_quoted(struct parser *parser, char *text, size_t *len)
{
	size_t start = parser->at++;
	int err;

	while (parser->at < parser->len && parser->line[parser->at] != '"') {
		if (parser->line[parser->at] == '\\') {
			err = read_escape(parser, &text[*len]);
			if (err)
				return err;
			(*len)++;
		} else {
			text[(*len)++] = parser->line[parser->at++];
		}
	}
	if (parser->at == parser->len)
		return parser_error(parser, start, "this quote is never closed");
	parser->at++;
	return 0;
}

int parser_quoted(struct parser *parser, struct word *word)
{
	char text[LINE_MAX_BYTES];
	int err;

	*word = (struct word){ .at = parser->at };
	err = read_quoted(parser, text, &word->len);
	if (err)
		return err;
	word->text = parser_copy(parser, text, word->len);
	return word->text ? 0 : -ENOMEM;
}

int parser_word(struct parser *parser, struct word *word)
{
	char text[LINE_MAX_BYTES];
	int err;

	*word = (struct word){ 0 };
	if (parser_at_end(parser))
		return 0;
	word->at = parser->at;
	while (parser->at < parser->len && !is_blank(parser->line[parser->at])) {
		if (parser->line[parser->at] == '"') {
			err = read_quoted(parser, text, &word->len);
			if (err)
				return err;
		} else {
			text[word->len++] = parser->line[parser->at++];
		}
	}
	word->text = parser_copy(parser, text, word->len);
	return word->text ? 0 : -ENOMEM;
}

int parser_need_word(struct parser *parser, const char *what, struct word *word)
{
	int err = parser_word(parser, word);

	if (err)
		return err;
	if (!word->text || word->len == 0)
		return parser_error(parser, word->text ? word->at : parser->at, "expected %s",
				    what);
	if (memchr(word->text, '\0', word->len))
		return parser_error(parser, word->at, "a NUL byte cannot be part of this");
	return 0;
}

int parser_need_identifier(struct parser *parser, const char *what, struct word *word)
{
	int err = parser_need_word(parser, what, word);
	bool good;

	if (err)
		return err;
	good = is_name_start(word->text[0]);
	for (size_t i = 1; i < word->len; i++)
		good = good && is_name(word->text[i]);
	if (good)
		return 0;
	return parser_error(parser, word->at, "'%s' is not a name: expected %s",
			    parser_shown(parser, word->at), what);
}

int parser_number(struct parser *parser, struct value *value)
{
	size_t start = parser->at;
	const char *text = parser->line + start;
	size_t len = 0;

	if (parser->at < parser->len && text[0] == '-')
		len++;
	while (start + len < parser->len && is_name(text[len]))
		len++;
	parser->at += len;
	switch (value_parse_number(text, len, value)) {
	case 0:
		return 0;
	case -ERANGE:
		return parser_error(parser, start, "%s is beyond 64 bits",
				    parser_shown(parser, start));
	default:
		break;
	}
	if (len > 1 && text[text[0] == '-'] == '0')
		return parser_error(
			parser, start,
			"'%s' is not a number: decimals have no leading zero, octal is 0o17, "
			"hex is 0x1f",
			parser_shown(parser, start));
	return parser_error(parser, start, "'%s' is not a number", parser_shown(parser, start));
}

/* The [index] at the cursor. */
static int read_index(struct parser *parser)
{
	size_t start = parser->at++, first = parser->at;
	struct value index;

	while (parser->at < parser->len && parser->line[parser->at] >= '0' &&
	       parser->line[parser->at] <= '9')
		parser->at++;
	if (parser->at == first || parser->at == parser->len || parser->line[parser->at] != ']' ||
	    value_parse_number(parser->line + first, parser->at - first, &index) < 0 ||
	    index.u > UINT32_MAX)
		return parser_error(parser, start, "expected an index, as in [0]");
	parser->at++;
	return 0;
}

int parser_path(struct parser *parser, struct word *word)
{
	int err;

	*word = (struct word){ .at = parser->at };
	for (;;) {
		const char *next;

		if (parser->at == parser->len || !is_name_start(parser->line[parser->at]))
			return parser_error(parser, parser->at, "expected a name%s",
					    parser->at > word->at ? " after '.'" : "");
		while (parser->at < parser->len && is_name(parser->line[parser->at]))
			parser->at++;
		while (parser->at < parser->len && parser->line[parser->at] == '[') {
			err = read_index(parser);
			if (err)
				return err;
		}
		/* Two dots belong to a range. */
		next = parser->line + parser->at;
		if (parser->at == parser->len || next[0] != '.' ||
		    (parser->at + 1 < parser->len && next[1] == '.'))
			break;
		parser->at++;
	}
	word->len = parser->at - word->at;
	word->text = parser_copy(parser, parser->line + word->at, word->len);
	return word->text ? 0 : -ENOMEM;
}

/* `array` is a pointer to the array's pointer, whose type does not matter to its bits. */
void *grow(void *array, size_t *count, size_t element_size)
{
	void *old, *new;

	memcpy(&old, array, sizeof(old));
	new = realloc(old, (*count + 1) * element_size);
	if (!new)
		return NULL;
	memcpy(array, &new, sizeof(new));
	memset((char *)new + *count *element_size, 0, element_size);
	return (char *)new + (*count)++ *element_size;
}
