/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Did the kernel complain about itself? Pure. */
#ifndef HOST_REPORT_SPLAT_H
#define HOST_REPORT_SPLAT_H

#include "host/report/records_in.h"

/* The first kernel line that is a complaint, or NULL. */
const char *splat_find(const struct records *records);
/* The letters ("DW") of what tainted the kernel since hello and should not have; "" when nothing
 * did. */
void splat_taint(const struct records *records, char *letters, size_t size);

#endif
