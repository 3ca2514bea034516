/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The folder of results of one kernel: RESULTS/DISTRO/VERSION/. */
#ifndef PLAN_RESULTS_H
#define PLAN_RESULTS_H

#include <stdbool.h>

#include "host/machine/run_plan.h"

/* Make the folder of kernel `name`, and remove what an earlier run left there. Dies (5). */
void plan_results_open(const struct plan *plan, const char *name);

/* Give a kernel a run.json that says why it has no other result: `key` is infra or not_run. */
void plan_results_problem(const struct plan *plan, const char *name, const char *spec,
			  const char *key, const char *why);

/* Has the kernel a run.json? A kernel without run.json has no result. */
bool plan_results_exist(const struct plan *plan, const char *name);

/* Judge FOLDER: the verdict's exit code. Its line, [OUTCOME] NAME ..., is *line if that is wanted; or NULL. */
int plan_results_judge(const char *folder, char **line);

#endif
