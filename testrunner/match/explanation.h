/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Why a test that can no longer pass failed: the lines of that explanation. */
#ifndef MATCH_EXPLANATION_H
#define MATCH_EXPLANATION_H

#include "match/matcher.h"

#define LINE_SIZE 512

struct explanation {
	struct matcher *matcher;
	json_t *lines;
	const struct event **chosen; /* the choice that got furthest */
	size_t left_out;	     /* lines beyond what anyone would read */
	bool failed;		     /* out of memory */
};

/*
 * Everything that speaks against a pass, a line each, the reason first: a JSON array of strings
 * (new reference), empty when nothing does; NULL when out of memory.
 */
json_t *explain(struct matcher *matcher);

__attribute__((format(printf, 2, 3))) void explanation_add(struct explanation *explanation,
							   const char *format, ...);
/* "child.ppid == $pid: got 57, want 56". The condition's operands have their values. */
void mismatch_format(const struct bound_condition *condition, const struct value *got, char *text,
		     size_t size);
/* "refuse fork: one came: parent.tgid is 57" */
void explanation_add_refused(struct explanation *explanation, const struct bound_block *block,
			     const struct event *event);
/* "expect 3 fork: got 2" */
void explanation_add_count(struct explanation *explanation, const struct bound_block *block,
			   uint64_t count);
/* How many lines were left out, and "seen: 3 fork, 1 exec". */
void explanation_end(struct explanation *explanation);

#endif
