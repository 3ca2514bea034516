/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Stamps records with nonce, sequence number and sender; writes JSON without a library. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

static char texts[TEXTS_MAX];
static size_t texts_len;

const char *json_text(const char *text)
{
	char *start = texts + texts_len, *end = start;

	if (!text || 6 * strlen(text) + sizeof("\"\"") > sizeof(texts) - texts_len)
		return "null";
	*end++ = '"';
	for (; *text; text++) {
		if (*text >= ' ' && *text <= '~' && *text != '"' && *text != '\\')
			*end++ = *text;
		else
			end += sprintf(end, "\\u%04x", *text & 0x80 ? 0xfffd : *text);
	}
	texts_len = stpcpy(end, "\"") + 1 - texts;
	return start;
}

const char *json_number(long long number)
{
	char *start = texts + texts_len;

	if (number < 0 || sizeof(texts) - texts_len < sizeof("9223372036854775807"))
		return "null";
	texts_len += sprintf(start, "%lld", number) + 1;
	return start;
}

bool record_write(struct records *records, const char *from, const char *format, ...)
{
	char *start = records->data + records->len;
	size_t room = records->size - records->len, len;
	va_list args;

	len = !from ? snprintf(start, room, records->len ? ",{" : "{") :
		      snprintf(start, room, "{\"nonce\":\"%s\",\"seq\":%llu,\"from\":\"%s\",",
			       records->nonce, records->seq, from);
	va_start(args, format);
	if (len < room)
		len += vsnprintf(start + len, room - len, format, args);
	va_end(args);
	if (len < room)
		len += snprintf(start + len, room - len, from ? "}\n" : "}");
	texts_len = 0;
	if (len >= room) {
		*start = '\0';
		return false;
	}
	records->seq += from != NULL;
	records->len += len;
	return true;
}

bool record_klog(struct records *records, char *line)
{
	const char *priority = strsep(&line, ",");
	const char *ts_us = strsep(&line, ",") ? strsep(&line, ",") : NULL; /* after the number */
	char *text = line ? strchr(line, ';') : NULL;

	/* Above the level's three bits is the facility, 0 only if the kernel wrote it: devkmsg_write(). */
	if (!text || strtoull(priority, NULL, 10) > 4)
		return false;
	/* Further lines are a dictionary of the device concerned. */
	*strchrnul(++text, '\n') = '\0';
	return record_write(
		records, "init",
		"\"type\":\"klog\",\"level\":%llu,\"text\":%s,\"ts_us\":%lld,\"taint\":null",
		strtoull(priority, NULL, 10), json_text(text), strtoll(ts_us, NULL, 10));
}

/* The line is whole: "{...}\n", or it is dropped. */
static bool relay_line(struct relay *relay, struct records *records)
{
	char *end = relay->line + relay->len - 2;

	if (relay->len > RECORD_LINE_MAX || strncmp(relay->line, "{\"type\":\"", 9) != 0 ||
	    *end != '}')
		return false;
	*end = '\0';
	/* A NUL byte would cut it. */
	return relay->line + strlen(relay->line) == end &&
	       record_write(records, "payload", "%s", relay->line + 1);
}

void relay_feed(struct relay *relay, struct records *records, const char *data, size_t len)
{
	while (len) {
		const char *newline = memchr(data, '\n', len);
		size_t piece = newline ? (size_t)(newline - data) + 1 : len;

		if (relay->len + piece <= RECORD_LINE_MAX)
			memcpy(relay->line + relay->len, data, piece);
		relay->len += piece;
		data += piece;
		len -= piece;
		if (!newline)
			continue;
		(*(relay_line(relay, records) ? &relay->relayed : &relay->dropped))++;
		relay->len = 0;
	}
}
