/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A program that prints events: its start, its lines, its end. */
#ifndef PROCESS_LISTENER_H
#define PROCESS_LISTENER_H

#include <poll.h>

#include "match/match.h"
#include "record/record.h"

#define LISTENER_FDS 3

struct listener;

/* For `listen` of the test, which is borrowed. Errors: -ENOMEM. */
int listener_new(const struct event_test *test, struct listener **listener);
void listener_free(struct listener *listener); /* takes NULL; it must have been ended */
/* As matcher_new(): event types are those that the test names. */
int listener_bind(const struct listener *listener, struct matcher **matcher,
		  struct parse_error *error);

/* Whether the test can be bound. Errors: as matcher_new(). */
int listener_check(const struct event_test *test, struct parse_error *error);

/* Start the program. Errors: -errno; `error` says at what. */
int listener_start(struct listener *listener, const char *path, char *error, size_t error_size);

void listener_pollfds(const struct listener *listener, struct pollfd fds[LISTENER_FDS]);
/* Take the output that is there, or a good part of it; never blocks. */
void listener_read(struct listener *listener);

/* The line came that says so: what is printed from then on are events. */
bool listener_ready(const struct listener *listener);
/* It is ready, or never will be. */
bool listener_set_up(const struct listener *listener);
/* It ended with a failure, or what it prints cannot be judged: there is no use in going on. */
bool listener_failed(const struct listener *listener);
/* Nothing more will come that is of use. */
bool listener_over(const struct listener *listener);
/* It and all that could still write to its output have ended, and that was read. */
bool listener_drained(const struct listener *listener);

/* Events go to `matcher` from now on. */
void listener_begin(struct listener *listener, struct matcher *matcher);
/* No more is wanted: the signal that ends it, if it has not ended. */
void listener_stop(struct listener *listener);
/* Kill what is left, and read the rest. Whether it ended in time shows in listener_failures(). */
void listener_end(struct listener *listener);

/*
 * All that speaks against it, after listener_end(): a JSON array of lines (new reference), empty
 * when nothing does. `satisfied`: all has come that was expected, and nothing more could change
 * that. Then it may have ended by itself.
 */
json_t *listener_failures(const struct listener *listener, bool satisfied);
/* Lines that help after a failed test; a new reference. */
json_t *listener_notes(const struct listener *listener);
/* Write the first events that came as event records. */
void listener_write_events(const struct listener *listener, struct record_writer *records,
			   const char *test);

#endif
