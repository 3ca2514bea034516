/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Compares with an older run: which programs and tests became worse or better. */
#ifndef HOST_REPORT_BASELINE_H
#define HOST_REPORT_BASELINE_H

#include "host/report/kernel_run.h"

struct baseline;

/*
 * Read an older run: a results folder, or a verifier.csv, which says nothing of tests. Errors:
 * -EINVAL and others, with `error`; -ENOMEM.
 */
int baseline_load(const char *path, struct baseline **baseline, char *error, size_t error_size);
void baseline_free(struct baseline *baseline); /* takes NULL */

/*
 * Print how `report` differs from it, kernel by kernel. More instructions are worse when they are
 * more by `percent`. *worse: how much became worse. Errors: -ENOMEM.
 */
int baseline_compare(FILE *out, const struct baseline *baseline, const struct report *report,
		     long percent, size_t *worse);

#endif
