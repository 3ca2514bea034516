/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Has GNU parallel run the kernels, some at a time, until each has a result. */
#ifndef PLAN_RUN_H
#define PLAN_RUN_H

#include "host/machine/run_plan.h"

struct hosts;

/* `hosts`: those to run on; NULL: this machine. Sets plan->stop and options.jobs. */
void plan_run(struct plan *plan, struct hosts *hosts);

#endif
