/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Stamps records with nonce, sequence number and sender; writes JSON without a library. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

static void __attribute__((format(printf, 2, 3)))
put(struct records *records, const char *format, ...)
{
	size_t room = records->size - records->len;
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(records->data + records->len, room, format, args);
	va_end(args);
	records->full |= (size_t)len >= room;
	records->len += records->full ? 0 : len;
}

static void put_string(struct records *records, const char *value)
{
	put(records, value ? "\"" : "null");
	for (; value && *value; value++) {
		if (*value >= ' ' && *value <= '~' && *value != '"' && *value != '\\')
			put(records, "%c", *value);
		else
			put(records, "\\u%04x", *value & 0x80 ? 0xfffd : (unsigned int)*value);
	}
	put(records, value ? "\"" : "");
}

bool record_write(struct records *records, const char *format, ...)
{
	const struct records before = *records;
	long long number;
	va_list args;

	va_start(args, format);
	for (const char *next; *format; format = next) {
		next = format + strcspn(format, "%'");
		put(records, "%.*s", (int)(next - format), format);
		next += *next == '%';
		if (*next == '\'')
			put(records, "\"");
		else if (*next == 'n')
			put(records, "\"nonce\":\"%s\",\"seq\":%llu,", records->nonce,
			    records->seq++);
		else if (*next == 's')
			put_string(records, va_arg(args, const char *));
		else if (*next == 'r')
			put(records, "%s", va_arg(args, const char *));
		else if (*next == 'd' && (number = va_arg(args, long long)) >= 0)
			put(records, "%lld", number);
		else if (*next == 'd')
			put(records, "null");
		next += *next != '\0';
	}
	va_end(args);
	if (!records->full)
		return true;
	*records = before;
	records->data[records->len] = '\0';
	return false;
}

bool record_klog(struct records *records, char *line)
{
	const char *priority = strsep(&line, ",");
	const char *ts_us = strsep(&line, ",") ? strsep(&line, ",") : NULL; /* after the number */
	char *text = line ? strchr(line, ';') : NULL;

	/*
	 * Above the level, 0 to 7, is the facility: 0 is the kernel's alone, devkmsg_write() makes
	 * LOG_USER of it. So one comparison looks at both.
	 */
	if (!text || strtoull(priority, NULL, 10) > 4)
		return false;
	/* Further lines are a dictionary of the device concerned. */
	*strchrnul(++text, '\n') = '\0';
	return record_write(
		records,
		"{%n'from':'init','type':'klog','level':%d,'text':%s,'ts_us':%d,'taint':null}\n",
		strtoll(priority, NULL, 10), text, strtoll(ts_us, NULL, 10));
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
	       record_write(records, "{%n'from':'payload',%r}\n", relay->line + 1);
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
