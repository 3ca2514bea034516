/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The one place where bpfcheck waits: for descriptors, for a deadline, for signals. */
#ifndef HOST_LOOP_H
#define HOST_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define LOOP_SOURCES 16

struct loop_source {
	int fd;
	short events;
	void (*ready)(void *context, short events);
	void *context;
};

struct loop {
	struct loop_source sources[LOOP_SOURCES];
	size_t count;
	int signals; /* a signalfd */
	int signal;  /* that ends us; 0: none so far */
};

/* SIGINT, SIGTERM and SIGHUP are blocked from here on. Errors: -errno. */
int loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* At most LOOP_SOURCES: the callers have less. */
void loop_add(struct loop *loop, int fd, short events, void (*ready)(void *context, short events),
	      void *context);
/* Wait for other events; 0: for none. */
void loop_change(struct loop *loop, int fd, short events);
void loop_remove(struct loop *loop, int fd);

/* CLOCK_MONOTONIC, in ms. */
long long loop_now(void);

/*
 * Wait once, until a source is ready or `until` (in ms) has come, and call whom it concerns. Errors:
 * -EINTR: a signal ends us, now or earlier.
 */
int loop_wait(struct loop *loop, long long until);
/* The same until *done or `until`. Errors: -ETIME, too. */
int loop_run(struct loop *loop, const bool *done, long long until);

#endif
