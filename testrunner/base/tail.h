/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The end of a text of any length, for people; and how long it was. Pure. */
#ifndef BASE_TAIL_H
#define BASE_TAIL_H

#include <jansson.h>
#include <stdint.h>

struct tail {
	char *data; /* from malloc(); the last `len` bytes */
	size_t len, max;
	uint64_t total; /* bytes that came */
};

/* At most tail->max bytes are kept; out of memory: fewer. */
void tail_add(struct tail *tail, const char *data, size_t len);
/*
 * Append what was kept to `lines`, as UTF-8, a string a line. TITLE (or NULL) comes first; when
 * something was left out, it says so. A text that is empty adds nothing.
 */
void tail_lines(const struct tail *tail, const char *title, json_t *lines);
/* The kept lines one after the other, without blanks at their ends. NULL: no further line. */
struct tail_reader {
	const struct tail *tail;
	size_t at; /* 0 at first */
};
const char *tail_line(struct tail_reader *reader, size_t *len);
void tail_free(struct tail *tail); /* leaves an empty one */

#endif
