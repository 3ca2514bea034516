/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The child processes of init, of which one runs at a time. */
#pragma once
#include <stdbool.h>

#include "report.h"

#define RUNNER "/bpfcheck/bin/testrunner"
struct payload {
	char *const *args;	       /* found in PATH */
	const char *folder;	       /* NULL: / */
	bool terminal, streams, fresh; /* on the console; a command; not by the prepared runner */
	long long seconds;	       /* 0: no limit */
};
int supervise_open(void); /* once, before the first child */
/* Start a runner that waits for its arguments, for the first payload that it can run. */
void supervise_prepare(void);
/* Run a payload to its end or deadline, kill what it leaves, send its records and the kernel log. */
struct outcome supervise(const struct payload *payload);
