/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Text from a guest -> text that is safe where it is shown: a terminal, XML, HTML, TAP, JSON. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The code point at *at, which moves past it; -1 for a byte that is no UTF-8, which is passed over
 * alone. */
int32_t text_next(const char **at, const char *end);
/* Would it move a cursor, change a colour, turn the reading direction, or be invisible? (Newline
 * and tab too.) */
int text_is_unsafe(int32_t code_point);

/*
 * One line for a terminal or a text file. Unsafe characters are shown as \n, \x1b or \u{202e}; a
 * text of more than `max` characters is cut and ends with "...".
 */
void text_line(FILE *out, const char *text, size_t max);
/* How many columns text_line() of it takes, at one a character. */
size_t text_width(const char *text, size_t max);
/*
 * Element content, newlines kept; what XML 1.0 cannot hold, and escape codes, become U+FFFD.
 * Carriage returns, with which a console ends each line, are left out.
 */
void text_xml(FILE *out, const char *text, size_t len);
void text_html(FILE *out, const char *text, size_t len);
/* The same for an attribute's value, of either: newlines are written as entities, or they would be
 * read as blanks. */
void text_attribute(FILE *out, const char *text);
/* A TAP 14 description or directive: one line, with `#` and `\` escaped. */
void text_tap(FILE *out, const char *text);
/* A double-quoted YAML (and JSON) string in ASCII, quotes included. */
void text_quoted(FILE *out, const char *text);
/* Valid UTF-8 of any bytes, NUL-terminated, for jansson; to be freed. NULL when out of memory. */
char *text_utf8(const char *text, size_t len);
/* Cut `text` in place so that it has at most `size` - 1 bytes, at the end of a character, with
 * "..." at the end. */
void text_fit(char *text, size_t len, size_t size);

#endif
