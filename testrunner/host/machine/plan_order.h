/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The order of the kernels: by how long each took when it was last run with this suite and filter. */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

#include "host/machine/run_plan.h"

/*
 * Set `seconds` and `known` of the kernels, and sort them: those that were never run first, for
 * they may be long, then the longest, so that it does not go on alone in the end. Otherwise the
 * order stays. A kernel that is not known is expected to take the mean of the others, 0 if there
 * is none. `text` has lines of seconds, folder, suite and filter, with tabs between; it is cut.
 */
void plan_order(struct plan_kernel *kernels, size_t count, char *text, const char *suite,
		const char *filter);

/*
 * Replace the lines of the finished kernels in `text` by their new durations. The caller frees the
 * result; NULL means that memory ran out.
 */
char *plan_order_learn(const struct plan_kernel *kernels, size_t count, const char *text,
		       const char *suite, const char *filter);

#endif
