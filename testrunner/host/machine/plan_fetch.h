/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Gets the kernels, and finds out which of them need not be run again. */
#ifndef PLAN_FETCH_H
#define PLAN_FETCH_H

#include "host/machine/run_plan.h"

/*
 * Set plan->key to a hash of all that a result depends on but the kernel: options, suite,
 * programs, scripts and QEMU. A file counts as another one when its size, its mode or one of its
 * times differs; the change time cannot be set back.
 */
void plan_key(struct plan *plan);

/*
 * Have fetch-kernel get each spec; fill in plan->kernels and plan->names. A kernel that cannot be
 * had, or that --resume need not run, is not among the former. Exits with 2 when a spec is wrong.
 */
void plan_fetch(struct plan *plan);

#endif
