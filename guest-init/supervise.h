/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The child processes of init, of which one runs at a time. */
#pragma once
#include <stdbool.h>

#include "report.h"

#define RUNNER "/bpfcheck/bin/testrunner"
struct payload {
	char *const *args;    /* found in PATH */
	const char *folder;   /* to run it in; NULL: / */
	const char *terminal; /* that controls it, or NULL */
	bool streams;	      /* a command: see streams.h; it has no records */
	bool fresh;	      /* not by the runner that is ready */
	long long seconds;    /* 0: no limit */
};

int supervise_open(void); /* once, before the first child */
/*
 * Start a runner that prepares itself and then waits for its arguments, before a machine is saved.
 * supervise() uses it for the first payload that it can run. A failure costs only time.
 */
void supervise_standby(void);
/* Run a payload to its end or deadline, kill what it leaves, send its records and the kernel log. */
struct outcome supervise(const struct payload *payload);
