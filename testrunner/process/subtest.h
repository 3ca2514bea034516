/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A test program's results of its own tests: the list that readers of its output fill. Pure. */
#ifndef PROCESS_SUBTEST_H
#define PROCESS_SUBTEST_H

#include <stdbool.h>

#include "base/tail.h"

#define SUBTESTS_MAX	 10000
#define SUBTEST_NAME_MAX 255 /* bytes; a longer name is cut */
#define SUBTEST_NONE	 ((size_t)-1)

enum subtest_outcome { SUBTEST_RUNNING, SUBTEST_PASS, SUBTEST_FAIL, SUBTEST_SKIP };

struct subtest {
	char *name; /* UTF-8 */
	enum subtest_outcome outcome;
	char *reason; /* UTF-8, or NULL */
	struct tail output;
	int64_t duration_ms; /* -1: not known */
};

struct subtests {
	struct subtest *items;
	size_t count, running;
	size_t left_out;    /* beyond SUBTESTS_MAX */
	size_t kept;	    /* bytes that may be kept of all their outputs */
	json_t *latest;	    /* name -> index of the last one */
	char problem[320];  /* the first thing that is wrong with the output; "": nothing */
	char skip_all[320]; /* why the program ran none of its tests, in its own words */
	char none[160];	    /* more words for when it ran none */
};

/* Begin a subtest. Returns its index, SUBTEST_NONE when there are too many. */
size_t subtest_add(struct subtests *subtests, const char *name, size_t len);
/* The last one of that name, or SUBTEST_NONE. */
size_t subtest_find(const struct subtests *subtests, const char *name, size_t len);
/* A line that belongs to it. SUBTEST_NONE: to none. A passed subtest keeps no lines. */
void subtest_note(struct subtests *subtests, size_t index, const char *line, size_t len);
void subtest_decide(struct subtests *subtests, size_t index, enum subtest_outcome outcome);
/* Only the first reason is kept. */
void subtest_reason(struct subtests *subtests, size_t index, const char *reason, size_t len);
/* Put `name` and a slash before the names from the index `first` on. */
void subtests_prefix(struct subtests *subtests, size_t first, const char *name);
/* Whatever still runs has failed, for that reason. Returns how many. */
size_t subtests_abandon(struct subtests *subtests, const char *reason);
size_t subtests_count(const struct subtests *subtests, enum subtest_outcome outcome);
/* Valid UTF-8, cut where it must be, into one of the fields of words above. */
void subtests_say(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Only the first one is kept. */
void subtests_problem(struct subtests *subtests, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Tell names apart: the second "a" becomes "a (2)". Once, when no more come. */
void subtests_tell_apart(struct subtests *subtests);
void subtests_free(struct subtests *subtests);

#endif
