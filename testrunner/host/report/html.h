/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the two halves of the HTML report: escaping shorthands, and the details of one kernel.
 */
#ifndef HOST_REPORT_HTML_H
#define HOST_REPORT_HTML_H

#include <stdio.h>

#include "host/report/kernel_run.h"

/* Escaped text content. */
void html_text(FILE *out, const char *text);
/* The class of an outcome's colour: "pass", "fail", "bad". */
const char *html_outcome_class(enum outcome outcome);
void html_badge(FILE *out, enum outcome outcome);

/* `number`: the kernel's, for the anchors "k<number>" and "k<number>t<index in the plan>". */
void html_kernel_write(FILE *out, const struct kernel_run *run, size_t number);

#endif
