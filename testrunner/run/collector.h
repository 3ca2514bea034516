/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which of the events that a run's objects send belong to the test that runs now. */
#ifndef RUN_COLLECTOR_H
#define RUN_COLLECTOR_H

#include <jansson.h>

#include "load/object.h"
#include "match/match.h"
#include "suite/suite.h"

struct collector;

/* For the rest of the process's life. `records` is borrowed. NULL: out of memory. */
struct collector *collector_new(struct record_writer *records, enum attach attach);
/* As object_leave_attached(), for all of the objects. */
void collector_leave_attached(struct collector *collector);

/*
 * Load the objects of `test`, as object_cache_take() does, and the tracker of its tasks. Errors:
 * -errno, `error` says at what.
 */
int collector_prepare(struct collector *collector, const struct suite *suite,
		      const struct suite_test *test, char *error, size_t error_size);
/*
 * Bind the test to the event types of its objects; the matcher is the caller's. As matcher_new().
 */
int collector_bind(struct collector *collector, const struct event_test *test,
		   struct matcher **matcher, struct parse_error *error);

/*
 * From now on events go to `matcher`: those of the prepared objects whose task is `root` or
 * descends from it. Earlier events are discarded. Returns 0 or -errno.
 */
int collector_begin(struct collector *collector, struct matcher *matcher, pid_t root);
/* Hand over the events that wait; `all` when no more will come. Returns 0 or -errno. */
int collector_consume(struct collector *collector, bool all);
/* File descriptors to poll, as stream_fds(). */
size_t collector_fds(const struct collector *collector, int *fds, size_t max);

/*
 * Since collector_begin(): events that were lost, events that came, and events whose type the
 * object's BTF does not have.
 */
struct losses collector_losses(const struct collector *collector);
uint64_t collector_seen(const struct collector *collector);
uint64_t collector_unknown(const struct collector *collector);
/* The prepared objects, as many as there is room for; returns how many. */
size_t collector_objects(const struct collector *collector, struct bpf_object **objects,
			 size_t max);
/* Write the kept events of the test (the first so many) as event records. */
void collector_write_events(const struct collector *collector, const char *test);

/* The test is over: forget its events, and unload the objects that no other test may have. */
void collector_end(struct collector *collector);

#endif
