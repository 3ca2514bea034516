/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Stamps records with nonce, sequence number and sender; writes JSON without a library. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "record.h"

static void put(struct records *records, const char *text, size_t len)
{
	if (len > records->size - records->len) {
		records->full = true;
		return;
	}
	memcpy(records->data + records->len, text, len);
	records->len += len;
}

void record_raw(struct records *records, const char *text)
{
	put(records, text, strlen(text));
}

static void stamp(struct records *records, const char *from)
{
	char text[RELAY_STAMP_MAX];

	records->start = records->len;
	records->full = false;
	snprintf(text, sizeof(text), "{\"nonce\":\"%s\",\"seq\":%" PRIu64 ",\"from\":\"%s\",", records->nonce,
		 records->seq, from);
	record_raw(records, text);
}

static int line_end(struct records *records)
{
	if (records->full) {
		records->len = records->start;
		return -ENOBUFS;
	}
	records->seq++;
	return 0;
}

/* Length of the well-formed UTF-8 sequence at `text`, 0 if there is none (Unicode 15, table 3-7). */
static size_t utf8_sequence(const unsigned char *text)
{
	static const struct {
		unsigned char first, last, length, second_min, second_max;
	} rows[] = {
		{ 0x00, 0x7f, 1, 0x00, 0xff }, { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
		{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
		{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (*text < rows[i].first || *text > rows[i].last)
			continue;
		for (size_t at = 1; at < rows[i].length; at++)
			if (text[at] < (at == 1 ? rows[i].second_min : 0x80) ||
			    text[at] > (at == 1 ? rows[i].second_max : 0xbf))
				return 0;
		return rows[i].length;
	}
	return 0;
}

static void put_string(struct records *records, const char *value)
{
	record_raw(records, "\"");
	while (*value) {
		size_t length = utf8_sequence((const unsigned char *)value);
		char escape[8];

		if (!length) {
			record_raw(records, "\\ufffd");
			value++;
			continue;
		}
		if ((unsigned char)*value < ' ' || *value == '"' || *value == '\\' || *value == 0x7f) {
			snprintf(escape, sizeof(escape), "\\u%04x", *value);
			record_raw(records, escape);
		} else {
			put(records, value, length);
		}
		value += length;
	}
	record_raw(records, "\"");
}

static void put_name(struct records *records, const char *name)
{
	/* After the opening brace of a nested object there is no comma to write. */
	if (records->len && records->data[records->len - 1] != '{')
		record_raw(records, ",");
	put_string(records, name);
	record_raw(records, ":");
}

void record_begin(struct records *records, const char *type)
{
	stamp(records, "init");
	record_raw(records, "\"type\":");
	put_string(records, type);
}

void record_string(struct records *records, const char *name, const char *value)
{
	put_name(records, name);
	if (value)
		put_string(records, value);
	else
		record_raw(records, "null");
}

void record_integer(struct records *records, const char *name, long long value)
{
	char text[24];

	put_name(records, name);
	snprintf(text, sizeof(text), "%lld", value);
	record_raw(records, text);
}

void record_null(struct records *records, const char *name)
{
	record_string(records, name, NULL);
}

int record_end(struct records *records)
{
	record_raw(records, "}\n");
	return line_end(records);
}

static void relay_line(struct relay *relay, struct records *records)
{
	static const char opening[] = "{\"type\":\"";

	if (relay->len < sizeof(opening) || memcmp(relay->line, opening, sizeof(opening) - 1) != 0) {
		relay->dropped++;
		return;
	}
	stamp(records, "payload");
	put(records, relay->line + 1, relay->len - 1);
	if (line_end(records))
		relay->dropped++;
	else
		relay->relayed++;
}

void relay_feed(struct relay *relay, struct records *records, const char *data, size_t len)
{
	while (len) {
		const char *newline = memchr(data, '\n', len);
		size_t piece = newline ? (size_t)(newline - data) + 1 : len;

		if (piece > RECORD_LINE_MAX - relay->len)
			relay->skipping = true;
		if (!relay->skipping) {
			memcpy(relay->line + relay->len, data, piece);
			relay->len += piece;
		}
		if (newline) {
			if (relay->skipping)
				relay->dropped++;
			else
				relay_line(relay, records);
			relay->skipping = false;
			relay->len = 0;
		}
		data += piece;
		len -= piece;
	}
}

void relay_finish(struct relay *relay)
{
	if (relay->len || relay->skipping)
		relay->dropped++;
	relay->len = 0;
	relay->skipping = false;
}
