// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Escaping. Every byte of a guest that people get to see goes through here. */
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Length of the sequence that `first` begins, and the least code point that needs it; 0: begins
 * none. */
static int sequence_length(unsigned char first, int32_t *bits, int32_t *least)
{
	static const struct {
		unsigned char mask, lead;
		int length;
		int32_t least;
	} forms[] = {
		{ 0x80, 0x00, 1, 0 },
		{ 0xe0, 0xc0, 2, 0x80 },
		{ 0xf0, 0xe0, 3, 0x800 },
		{ 0xf8, 0xf0, 4, 0x10000 },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if ((first & forms[i].mask) != forms[i].lead)
			continue;
		*bits = first & (unsigned char)~forms[i].mask;
		*least = forms[i].least;
		return forms[i].length;
	}
	return 0;
}

int32_t text_next(const char **at, const char *end)
{
	const unsigned char *s = (const unsigned char *)*at;
	int32_t code_point = 0, least = 0;
	int length = sequence_length(s[0], &code_point, &least);

	(*at)++;
	if (length == 0 || length > end - (const char *)s)
		return -1;
	for (int i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		code_point = code_point << 6 | (s[i] & 0x3f);
	}
	if (code_point < least || code_point > 0x10ffff ||
	    (code_point >= 0xd800 && code_point <= 0xdfff))
		return -1;
	*at = (const char *)s + length;
	return code_point;
}

int text_is_unsafe(int32_t code_point)
{
	static const struct {
		int32_t first, last;
	} ranges[] = {
		{ 0x00, 0x1f },				  /* C0 */
		{ 0x7f, 0x9f },				  /* DEL, C1 */
		{ 0xad, 0xad },				  /* soft hyphen */
		{ 0x061c, 0x061c },			  /* Arabic letter mark */
		{ 0x200b, 0x200f },			  /* zero width, direction marks */
		{ 0x2028, 0x202e },			  /* line separators, direction overrides */
		{ 0x2060, 0x206f },			  /* invisible operators, isolates */
		{ 0xfe00, 0xfe0f },			  /* variation selectors */
		{ 0xfeff, 0xfeff },   { 0xfff9, 0xfffb }, /* interlinear marks */
		{ 0xfffe, 0xffff },			  /* no characters */
		{ 0xe0000, 0x10ffff }			  /* tags, private use */
	};

	if (code_point < 0)
		return true;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (code_point >= ranges[i].first && code_point <= ranges[i].last)
			return true;
	return false;
}

/* `shown`: at least 16 bytes. Returns the columns that it takes. */
static size_t show_unsafe(int32_t code_point, unsigned char byte, char *shown)
{
	switch (code_point) {
	case '\n':
		return (size_t)sprintf(shown, "\\n");
	case '\t':
		return (size_t)sprintf(shown, " ");
	case '\r':
		return (size_t)sprintf(shown, "\\r");
	}
	if (code_point < 0x80)
		return (size_t)sprintf(shown, "\\x%02x", byte);
	return (size_t)sprintf(shown, "\\u{%x}", (unsigned int)code_point);
}

/* `out` may be NULL, to measure. */
static size_t line_write(FILE *out, const char *text, size_t max)
{
	const char *end = text + strlen(text), *at = text;
	size_t width = 0, count = 0;
	char shown[16];

	while (at < end) {
		const char *start = at;
		int32_t code_point = text_next(&at, end);

		if (count++ == max) {
			if (out)
				fputs("...", out);
			return width + 3;
		}
		if (text_is_unsafe(code_point)) {
			width += show_unsafe(code_point, (unsigned char)*start, shown);
			if (out)
				fputs(shown, out);
			continue;
		}
		width++;
		if (out)
			fwrite(start, 1, (size_t)(at - start), out);
	}
	return width;
}

void text_line(FILE *out, const char *text, size_t max)
{
	line_write(out, text, max);
}

size_t text_width(const char *text, size_t max)
{
	return line_write(NULL, text, max);
}

/* The characters that mean something in XML and HTML alike; NULL: not one of them. */
static const char *markup_entity(int32_t code_point)
{
	switch (code_point) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	}
	return NULL;
}

static void markup_write(FILE *out, const char *text, size_t len, bool attribute,
			 bool (*is_bad)(int32_t code_point))
{
	const char *at = text, *end = text + len;

	while (at < end) {
		const char *start = at;
		int32_t code_point = text_next(&at, end);
		const char *entity = markup_entity(code_point);

		if (code_point == '\r')
			continue;
		if (entity)
			fputs(entity, out);
		else if (code_point == '\n' && attribute)
			fputs("&#10;", out);
		else if (code_point == '\n' || code_point == '\t')
			fputc(code_point == '\n' ? '\n' : ' ', out);
		else if (is_bad(code_point))
			fputs(REPLACEMENT, out);
		else
			fwrite(start, 1, (size_t)(at - start), out);
	}
}

/* https://www.w3.org/TR/xml/#charsets; C1 and DEL are allowed there, yet act on terminals that show
 * the file. */
static bool is_bad_xml(int32_t code_point)
{
	return code_point < 0x20 || (code_point >= 0x7f && code_point <= 0x9f) ||
	       code_point == 0xfffe || code_point == 0xffff;
}

static bool is_bad_html(int32_t code_point)
{
	return text_is_unsafe(code_point) != 0;
}

void text_xml(FILE *out, const char *text, size_t len)
{
	markup_write(out, text, len, false, is_bad_xml);
}

void text_html(FILE *out, const char *text, size_t len)
{
	markup_write(out, text, len, false, is_bad_html);
}

void text_attribute(FILE *out, const char *text)
{
	markup_write(out, text, strlen(text), true, is_bad_html);
}

void text_tap(FILE *out, const char *text)
{
	const char *end = text + strlen(text), *at = text;
	char shown[16];

	while (at < end) {
		const char *start = at;
		int32_t code_point = text_next(&at, end);

		if (code_point == '#' || code_point == '\\') {
			fputc('\\', out);
			fputc((int)code_point, out);
		} else if (text_is_unsafe(code_point)) {
			show_unsafe(code_point, (unsigned char)*start, shown);
			fprintf(out, "%s%s", shown[0] == '\\' ? "\\" : "", shown);
		} else {
			fwrite(start, 1, (size_t)(at - start), out);
		}
	}
}

void text_quoted(FILE *out, const char *text)
{
	const char *end = text + strlen(text), *at = text;

	fputc('"', out);
	while (at < end) {
		int32_t code_point = text_next(&at, end);

		if (code_point < 0)
			code_point = 0xfffd;
		if (code_point == '"' || code_point == '\\')
			fprintf(out, "\\%c", (char)code_point);
		else if (code_point == '\n')
			fputs("\\n", out);
		else if (code_point >= 0x20 && code_point < 0x7f)
			fputc((int)code_point, out);
		else if (code_point < 0x10000)
			fprintf(out, "\\u%04x", (unsigned int)code_point);
		else /* JSON knows UTF-16 halves only, and YAML takes them */
			fprintf(out, "\\u%04x\\u%04x",
				0xd800u + (((unsigned int)code_point - 0x10000) >> 10),
				0xdc00u + (((unsigned int)code_point - 0x10000) & 0x3ff));
	}
	fputc('"', out);
}

char *text_utf8(const char *text, size_t len)
{
	const char *at = text, *end = text + len;
	char *copy, *to;

	/* One bad byte becomes three. */
	copy = reallocarray(NULL, len + 1, 3);
	if (!copy)
		return NULL;
	to = copy;
	while (at < end) {
		const char *start = at;
		int32_t code_point = text_next(&at, end);

		if (code_point > 0)
			to = mempcpy(to, start, (size_t)(at - start));
		else
			to = mempcpy(to, REPLACEMENT, strlen(REPLACEMENT));
	}
	*to = '\0';
	return copy;
}

void text_fit(char *text, size_t len, size_t size)
{
	size_t keep = size - 4;

	if (len < size)
		return;
	while (keep && ((unsigned char)text[keep] & 0xc0) == 0x80)
		keep--;
	memcpy(text + keep, "...", 4);
}
