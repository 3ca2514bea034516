/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Skipped tests, gathered so that one reason is said once. */
#ifndef HOST_REPORT_SKIPS_H
#define HOST_REPORT_SKIPS_H

#include "host/report/kernel_run.h"

/* All tests that were skipped for this reason on exactly these kernels. Strings and runs are
 * borrowed. */
struct skip_group {
	const char *reason;
	const char **tests;
	size_t test_count;
	const struct kernel_run **runs;
	size_t run_count;
};

/* By first appearance. Errors: -ENOMEM; *groups is NULL then. */
int skips_group(const struct report *report, struct skip_group **groups, size_t *count);
void skips_free(struct skip_group *groups, size_t count);

#endif
