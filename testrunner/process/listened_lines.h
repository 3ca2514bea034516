/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sorts the lines of a listener: the ready line, events, and other lines. */
#ifndef PROCESS_LISTENED_LINES_H
#define PROCESS_LISTENED_LINES_H

#include "event/columns.h"
#include "match/match.h"
#include "record/record.h"

/* Kept for the event records of a failed test. */
#define LISTENED_EVENTS_MAX 256

#define LISTENED_WORDS_MAX  5
#define LISTENED_OTHERS_MAX 8
#define LISTENED_SHOWN	    204 /* bytes of a line in a message */

/* Lines that are no events: how many, and why the first is none. */
struct odd_lines {
	uint64_t count;
	char first[LISTENED_SHOWN], why[LISTENED_SHOWN];
};

struct listened_lines {
	const struct event_test *test;
	struct schema *schema;
	struct matcher *matcher; /* NULL: what comes is no event */
	bool ready;
	int error;		/* of the matcher */
	struct columns columns; /* `format columns` */
	struct odd_lines garbage, untyped, too_long;
	struct other_type {
		char name[64];
		uint64_t count;
	} others[LISTENED_OTHERS_MAX]; /* events of types that no block names */
	size_t other_count;
	char *words[LISTENED_WORDS_MAX]; /* the last lines of stderr, the oldest first */
	struct kept_line {
		char *type, *line;
		size_t len;
	} kept[LISTENED_EVENTS_MAX];
	size_t kept_count, kept_bytes;
};

/* Errors: -ENOMEM. */
int lines_open(struct listened_lines *lines, const struct event_test *test);
void lines_close(struct listened_lines *lines);

/* As line_fn; the context is the struct listened_lines. */
void lines_take_out(void *context, const char *line, size_t len, bool cut);
void lines_take_err(void *context, const char *line, size_t len, bool cut);

/* The last line of stderr, or NULL. */
const char *lines_last_word(const struct listened_lines *lines);
/* Add to an array of lines for people: what speaks against a pass; what may help when there is none. */
void lines_add_failures(const struct listened_lines *lines, json_t *to);
void lines_add_notes(const struct listened_lines *lines, json_t *to);
/* Adds one line. */
void lines_add(json_t *to, const char *format, ...) __attribute__((format(printf, 2, 3)));
void lines_write_events(const struct listened_lines *lines, struct record_writer *records,
			const char *test);

#endif
