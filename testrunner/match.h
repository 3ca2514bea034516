/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Events against a test's expect and refuse blocks. Pure: fed by run.c, unit tests, fuzzers and benchmarks alike. */
#ifndef MATCH_H
#define MATCH_H

#include <jansson.h>

#include "decode.h"
#include "test_file.h"

struct matcher;

/*
 * Bind a parsed test to the record types of its objects: every event type and field is resolved now.
 * `test` and `schemas` are borrowed for the matcher's life. An event type that two schemas have is found in the first.
 * Errors: -EINVAL with *error at the word that is wrong (unknown event type, unknown field), -ENOMEM.
 */
int matcher_new(const struct test *test, const struct schema *const *schemas, size_t schema_count,
		struct matcher **matcher, struct parse_error *error);
void matcher_free(struct matcher *matcher); /* takes NULL */

/* One event, in order of arrival; what must be kept is copied. Returns 0 or -ENOMEM. */
int matcher_feed(struct matcher *matcher, const struct schema *schema, const struct record_type *type,
		 const void *data, size_t len);

/* The generator's JSON object (borrowed until matcher_free), once it is known. */
void matcher_set_variables(struct matcher *matcher, json_t *variables);

/* Is every expect block satisfied by what was fed so far? (`expect N` and refuse are only final at matcher_finish.) */
bool matcher_satisfied(struct matcher *matcher);

/*
 * No more events will come: decide. True when the test passes. Else `*details` is a JSON array of lines (new
 * reference; the first is the reason): for each block that failed, the line it missed in the event that came nearest
 * ("child.ppid == $pid: got 57, want 56"), what was seen, what was refused yet came.
 */
bool matcher_finish(struct matcher *matcher, json_t **details);

#endif
