/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Bytes, in pieces as they come, to lines. Pure. */
#ifndef PROCESS_LINE_READER_H
#define PROCESS_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>

/* Longer lines are cut here, and what follows in them is not kept. */
#define LINE_READER_MAX (1024 * 1024)

/* A line without its newline, borrowed; `cut`: it is longer, and this is its beginning. */
typedef void line_fn(void *context, const char *line, size_t len, bool cut);

struct line_reader {
	line_fn *fn;
	void *context;
	char *line; /* the beginning of one whose end has not come */
	size_t len, room;
	bool cut;    /* it has been handed over */
	bool failed; /* out of memory: lines are lost */
};

void line_reader_take(struct line_reader *reader, const char *data, size_t len);
/* The stream has ended: bytes without a newline at the end are also a line. */
void line_reader_end(struct line_reader *reader);
void line_reader_free(struct line_reader *reader); /* what it holds, not itself */

#endif
