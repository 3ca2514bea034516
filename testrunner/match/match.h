/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events against a test's expect and refuse blocks. Pure: fed by run.c, unit tests, fuzzers and
 * benchmarks alike.
 *
 * A test passes when there is an event for each `expect` such that
 *   - every line of the block holds for it,
 *   - no event stands for two blocks,
 *   - `then`: it arrived after the event (or all N events) of the expect block before it,
 *   - `expect N`: exactly N events hold every line, whichever other blocks they stand for as well;
 *     with `then`, of those that arrived after the block before. Only `expect 1` has a name,
 * and when no `refuse` holds: there is no such choice of events together with any event, also one
 * that stands for a block, for which every line of the refuse holds. So where several choices are
 * possible, one is enough to expect, and each one counts to refuse: arrival decides neither.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include <jansson.h>

#include "event/decode.h"
#include "suite/test.h"

struct matcher;

/*
 * Bind a parsed test to the event types of its objects: every event type and field is resolved
 * now. `test` and `schemas` are borrowed for the matcher's life. An event type that two schemas
 * have is found in the first. Errors: -EINVAL with *error at the word that is wrong (unknown event
 * type, unknown field), -ENOMEM.
 */
int matcher_new(const struct event_test *test, const struct schema *const *schemas,
		size_t schema_count, struct matcher **matcher, struct parse_error *error);
void matcher_free(struct matcher *matcher); /* takes NULL */

/* One event, in order of arrival; what must be kept is copied. Returns 0 or -ENOMEM. */
int matcher_feed(struct matcher *matcher, const struct schema *schema,
		 const struct event_type *type, const void *data, size_t len);

/* The generator's JSON object (borrowed until matcher_free), once it is known. */
void matcher_set_variables(struct matcher *matcher, json_t *variables);

/*
 * Is every expect block satisfied by what was fed so far? (`expect N` and refuse are only final at
 * matcher_finish.)
 */
bool matcher_satisfied(struct matcher *matcher);

/*
 * No more events will come: decide. True when the test passes. Else `*details` is a JSON array of
 * lines (new reference; the first is the reason): for each block that failed, the line it missed in
 * the event that came nearest ("child.ppid == $pid: got 57, want 56"), what was seen, what was
 * refused yet came.
 */
bool matcher_finish(struct matcher *matcher, json_t **details);

#endif
