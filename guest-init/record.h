/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records as bytes: stamps lines, writes JSON. Pure: memory only. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define RECORD_LINE_MAX (4 << 20)	/* bytes of a payload's line, with its newline */
#define PIPE_CHUNK	(64 * 1024)	/* relayed at once */
#define KMSG_LINE_MAX	8192		/* one read() of /dev/kmsg: CONSOLE_EXT_LOG_MAX */
#define TEXTS_MAX	(6 * 64 * 1024) /* of one record: a command's arguments, all escaped */
/* Room for what one chunk and one kernel line become: a stamp every few bytes; escapes. */
#define RELAY_GROWTH (RECORD_LINE_MAX + 12 * PIPE_CHUNK)
#define KLOG_GROWTH  (6 * KMSG_LINE_MAX + 512)

struct records {
	char *data; /* whole lines, waiting to be sent; NUL terminated */
	size_t len, size;
	const char *nonce;
	unsigned long long seq;
};
/*
 * Append a line: nonce, sequence number, sender, and the members that `format` makes; without a
 * sender only an object, after a comma if need be. Returns false, with nothing done, when full.
 */
bool __attribute__((format(printf, 3, 4)))
record_write(struct records *records, const char *from, const char *format, ...);
/* JSON for a value, kept until the next record_write(). NULL and negative numbers become null. */
const char *json_text(const char *text); /* a byte that is not ASCII becomes U+FFFD */
const char *json_number(long long number);
/*
 * A klog record for a line of /dev/kmsg, if the kernel itself wrote it as a warning or worse. The
 * text keeps the escapes of Documentation/ABI/testing/dev-kmsg. Returns whether it wrote one.
 */
bool record_klog(struct records *records, char *line);

/* The payload's pipe, cut into lines. */
struct relay {
	char line[RECORD_LINE_MAX];
	size_t len; /* may be more than that: too long */
	long long relayed, dropped;
};
/* Append the lines that `data` completes, stamped, except those that cannot be records. */
void relay_feed(struct relay *relay, struct records *records, const char *data, size_t len);
