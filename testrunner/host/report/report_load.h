/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Reads the results of several kernels. */
#ifndef HOST_REPORT_REPORT_LOAD_H
#define HOST_REPORT_REPORT_LOAD_H

#include "host/report/kernel_run.h"

/*
 * Fill in report->runs and report->root. `root`: a results root, or one kernel's folder. `wanted`
 * says which kernels, relative to it, and in which order; none: all that are there, in version order.
 * Slashes at their ends are cut off. Errors: -errno. report_free() in either case.
 */
int report_load(const char *root, char **wanted, size_t wanted_count, struct report *report);
void report_free(struct report *report);

#endif
