/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The state that all tests of a run share. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "run/collector.h"

/* All is borrowed. */
struct run {
	const struct suite *suite;
	struct record_writer *records;
	struct collector *collector;
	struct listener *listener; /* of the test that runs now, or NULL */
	bool keep_events;	   /* write event records of tests that pass, too */
	int signals;		   /* signalfd: SIGCHLD, and what stops the run */
	bool stopped;		   /* by SIGINT or SIGTERM */
};

/* Read the pending signals, and set run->stopped. */
void run_take_signals(struct run *run);

#endif
