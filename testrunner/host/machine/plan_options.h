/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The options of run-tests. */
#ifndef PLAN_OPTIONS_H
#define PLAN_OPTIONS_H

#include "host/machine/run_plan.h"

/* Fill in what `argv` says after its first word. Exits with 2 when it is wrong. */
void plan_options_parse(struct plan_options *options, char **argv);

/* Parse I/N. Exits with 2 when `text` is not a shard. */
void plan_options_shard(const char *text, long *index, long *count);

#endif
