/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The forms that a report can have. A failed write shows in ferror(out); the functions return 0 or
 * -ENOMEM. */
#ifndef HOST_REPORT_RENDER_H
#define HOST_REPORT_RENDER_H

#include <stdio.h>

#include "host/report/kernel_run.h"

/* For a terminal: what happened, and why, in as few lines as that takes. */
int summary_write(FILE *out, const struct report *report);
/* bpf-check-summary.txt: grouped by distro, kernels in version order. */
int summary_file_write(FILE *out, const struct report *report);
int junit_write(FILE *out, const struct report *report);
int tap_write(FILE *out, const struct report *report);
int json_write(FILE *out, const struct report *report);
int html_write(FILE *out, const struct report *report);

#endif
