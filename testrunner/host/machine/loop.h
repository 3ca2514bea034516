/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The one place where bpfcheck waits: for descriptors, for a deadline, for signals. */
#ifndef MACHINE_LOOP_H
#define MACHINE_LOOP_H

#include <poll.h>
#include <stdbool.h>

/*
 * Block SIGINT, SIGTERM, SIGHUP: from now on this loop takes them. A signal ends this process, with 128 and
 * its number, after the functions that atexit() has registered. Dies (5).
 */
void loop_open(void);

/* Call `ready` from loop_wait() whenever one of `events` has happened to `fd`. */
void loop_add(int fd, short events, void (*ready)(void *context, short events), void *context);
/* Wait for other events; 0: for none. */
void loop_change(int fd, short events);
void loop_remove(int fd);

/* CLOCK_MONOTONIC, in ms. */
long long loop_now(void);

/* Wait once, until a source is ready or `until` (in ms) has come, and call the sources that are ready. */
void loop_wait(long long until);
/* Wait until *done; false: `until` came first. */
bool loop_run(const bool *done, long long until);
/* Wait `ms`, or until there is something to read from `fd` (if not -1): true. */
bool loop_readable(int fd, int ms);

#endif
