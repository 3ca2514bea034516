/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records as bytes: stamps every line, escapes what init itself writes. Pure: memory only. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_LINE_MAX (4U << 20) /* bytes of a payload's line, with its newline */

/* Whole stamped lines, waiting to be sent; zero is empty. */
struct records {
	char *data;
	size_t len, size;
	size_t start; /* of the line being written */
	bool full;    /* it did not fit */
	const char *nonce;
	uint64_t seq;
};

/* One record of init's own: begin, fields, end. One that does not fit is left out: -ENOBUFS. */
void record_begin(struct records *records, const char *type);
void record_raw(struct records *records, const char *text);
void record_string(struct records *records, const char *name, const char *value); /* NULL: null */
void record_integer(struct records *records, const char *name, long long value);
void record_null(struct records *records, const char *name);
int record_end(struct records *records);

/* The payload's pipe, cut into lines. */
struct relay {
	char *line; /* of RECORD_LINE_MAX bytes */
	size_t len;
	bool skipping; /* the rest of a line that was too long */
	uint64_t relayed, dropped;
};

/*
 * Add the whole lines of `data` to `records`, stamped. Dropped and counted: what is too long or does not begin as a
 * record does. `records` must have RELAY_GROWTH(len) bytes left.
 */
void relay_feed(struct relay *relay, struct records *records, const char *data, size_t len);
/* There will be no more data: count what has no newline. */
void relay_finish(struct relay *relay);

#define RELAY_STAMP_MAX 96
#define RELAY_GROWTH(len) (RECORD_LINE_MAX + (len) + ((len) / 10 + 1) * RELAY_STAMP_MAX)

#endif
