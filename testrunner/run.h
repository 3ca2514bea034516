/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The life of one test. */
#ifndef RUN_H
#define RUN_H

#include "collect.h"

enum outcome { OUTCOME_PASS, OUTCOME_FAIL, OUTCOME_SKIP };

/* What all tests of a run share; borrowed. */
struct run {
	const struct suite *suite;
	struct record_writer *records;
	struct collector *collector;
	struct listener *listener; /* of the test that runs now, or NULL */
	bool keep_events;	   /* write event records of tests that pass, too */
	int signals;		   /* signalfd: SIGCHLD, and what stops the run */
	bool stopped;		   /* by SIGINT or SIGTERM */
};

extern const char *const outcome_names[];

/* Heed the signals that have come: run->stopped. */
void run_take_signals(struct run *run);

/* Run one test to its end, whatever happens, and write its records. */
enum outcome run_test(struct run *run, const struct suite_test *test);

#endif
