/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lists the kernels that are asked for: named ones, matrix files, trees, archives; and one shard of them. */
#ifndef PLAN_LIST_H
#define PLAN_LIST_H

#include "host/machine/run_plan.h"

/* Fill in plan->specs, each once. Dies (2, 5) when there is none, or one that cannot be. */
void plan_list(struct plan *plan);

/* Call `on_link` for each link of a page, each key of a bucket's list, or each line of a list. */
void plan_list_links(char *text, void (*on_link)(void *context, const char *link), void *context);

#endif
