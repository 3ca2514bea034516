/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The lines of an explanation, and how each kind of line is worded. Nobody but explain.c includes
 * it.
 */
#ifndef EXPLANATION_H
#define EXPLANATION_H

#include "matcher.h"

struct explanation {
	const struct matcher *matcher;
	json_t *lines;
	size_t left_out; /* lines beyond what anyone would read */
	bool failed;	 /* out of memory */
};

__attribute__((format(printf, 2, 3))) void explanation_add(struct explanation *explanation,
							   const char *format, ...);
/* "child.ppid == $pid: got 57, want 56". The line's operands have their values. */
void missed_format(const struct bound_condition *condition, const struct value *got, char *text,
		   size_t size);
/*
 * "fork: child.ppid == $pid: got 57, want 56". The values of the line's operands are the event's.
 */
void explanation_add_missed(struct explanation *explanation, const struct bound_block *block,
			    const struct bound_condition *condition, const struct event *event);
/* "refuse fork: one came: parent.tgid is 57" */
void explanation_add_refused(struct explanation *explanation, const struct bound_block *block,
			     const struct event *event);
/* "expect 3 fork: got 2" */
void explanation_add_count(struct explanation *explanation, const struct bound_block *block,
			   uint64_t count);
/* How many lines were left out, and "seen: 3 fork, 1 exec". */
void explanation_end(struct explanation *explanation);

#endif
