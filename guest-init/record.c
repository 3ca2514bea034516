/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Stamps records with nonce, sequence number and sender; writes JSON without a library. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

static void put(struct records *records, const char *text, size_t len)
{
	records->full |= len > records->size - records->len;
	if (records->full)
		return;
	memcpy(records->data + records->len, text, len);
	records->len += len;
}

/* Length of the UTF-8 sequence at `text`; 0: overlong, surrogate, past U+10FFFF, cut off. */
static size_t utf8_length(const unsigned char *text)
{
	static const unsigned int least[] = { 0x80, 0, 0x80, 0x800, 0x10000 };
	size_t len = *text < 0x80 ? 1 : *text < 0xc0 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;
	unsigned int code = len > 1 ? *text & 0x7f >> len : *text;

	for (size_t i = 1; i < len; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3f);
	}
	return code < least[len] || code > 0x10ffff || code >> 11 == 0xd800 >> 11 ? 0 : len;
}

static void put_text(struct records *records, const char *text)
{
	put(records, text, strlen(text));
}

static void put_number(struct records *records, long long value)
{
	char text[24] = "null";

	if (value >= 0)
		snprintf(text, sizeof(text), "%lld", value);
	put_text(records, text);
}

static void put_string(struct records *records, const char *value)
{
	char escape[8];

	put_text(records, value ? "\"" : "null");
	for (size_t len; value && *value; value += len ? len : 1) {
		len = utf8_length((const unsigned char *)value);
		if (len && (unsigned char)*value >= ' ' && !strchr("\"\\\x7f", *value)) {
			put(records, value, len);
			continue;
		}
		snprintf(escape, sizeof(escape), "\\u%04hx",
			 (unsigned short)(len ? *value : 0xfffd));
		put_text(records, escape);
	}
	put_text(records, value ? "\"" : "");
}

static void format_args(struct records *records, const char *format, va_list args)
{
	while (*format) {
		size_t plain = strcspn(format, "%'");

		put(records, format, plain);
		format += plain;
		if (*format == '\'')
			put_text(records, "\"");
		else if (*format && *++format == 'd')
			put_number(records, va_arg(args, long long));
		else if (*format == 's')
			put_string(records, va_arg(args, const char *));
		else if (*format == 'r')
			put_text(records, va_arg(args, const char *));
		format += *format ? 1 : 0;
	}
}

void record_format(struct records *records, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_args(records, format, args);
	va_end(args);
}

bool record_write(struct records *records, const char *from, const char *format, ...)
{
	size_t start = records->len;
	va_list args;

	records->full = false;
	record_format(records, "{'nonce':'%r','seq':%d,'from':'%r',", records->nonce,
		      (long long)records->seq, from);
	va_start(args, format);
	format_args(records, format, args);
	va_end(args);
	put_text(records, "}\n");
	if (records->full)
		records->len = start;
	records->seq += !records->full;
	return !records->full;
}

bool record_klog(struct records *records, char *line)
{
	char *text = strchr(line, ';'), *at = line;
	long long numbers[3]; /* priority, sequence number, time stamp */

	for (int i = 0; i < 3; i++, at++) {
		bool digit = *at >= '0' && *at <= '9';

		numbers[i] = strtoll(at, &at, 10);
		if (!digit || *at != ',')
			return false;
	}
	/*
	 * Above the level, 0 to 7, is the facility: 0 is the kernel's alone, devkmsg_write() makes
	 * LOG_USER of it. So one comparison looks at both.
	 */
	if (!text || numbers[0] > 4)
		return false;
	/* Further lines are a dictionary of the device concerned. */
	*strchrnul(++text, '\n') = '\0';
	return record_write(records, "init",
			    "'type':'klog','level':%d,'text':%s,'ts_us':%d,'taint':null",
			    numbers[0], text, numbers[2]);
}

/* The line is whole: "{...}\n", or it is dropped. */
static bool relay_line(struct relay *relay, struct records *records)
{
	char *end = relay->line + relay->len - 2;

	if (relay->too_long || strncmp(relay->line, "{\"type\":\"", 9) != 0 || *end != '}')
		return false;
	*end = '\0';
	/* A NUL byte would cut it. */
	return relay->line + strlen(relay->line) == end &&
	       record_write(records, "payload", "%r", relay->line + 1);
}

void relay_feed(struct relay *relay, struct records *records, const char *data, size_t len)
{
	while (len) {
		const char *newline = memchr(data, '\n', len);
		size_t piece = newline ? (size_t)(newline - data) + 1 : len;

		relay->too_long |= piece > RECORD_LINE_MAX - relay->len;
		if (!relay->too_long) {
			memcpy(relay->line + relay->len, data, piece);
			relay->len += piece;
		}
		data += piece;
		len -= piece;
		if (!newline)
			continue;
		if (relay_line(relay, records))
			relay->relayed++;
		else
			relay->dropped++;
		relay->len = 0;
		relay->too_long = false;
	}
}
