/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* How far the kernels are, and when all of them will be done. */
#ifndef PLAN_PROGRESS_H
#define PLAN_PROGRESS_H

#include <stddef.h>
#include <time.h>

#include "host/machine/run_plan.h"

struct plan_progress {
	size_t count, ended, failed;
	long jobs;
	double expected, done; /* seconds: of all kernels; of those that have ended */
	double took;	       /* the latter, in truth */
};

/* Nothing has ended yet. */
struct plan_progress plan_progress_new(const struct plan_kernel *kernels, size_t count, long jobs);

/*
 * Count the kernel of a verdict's line, [OUTCOME] DISTRO/VERSION ... SECONDS s. Returns 0 for
 * another line, 1 for a kernel that passed, 2 for one that did not.
 */
int plan_progress_verdict(struct plan_progress *progress, const struct plan_kernel *kernels,
			  size_t count, const char *line);

/* N of N kernels, N failed, ETA HH:MM:SS. The last is left out while nothing is known. */
void plan_progress_format(const struct plan_progress *progress, time_t now, char *text,
			  size_t size);

#endif
