/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Collected files: from records to the folder collected/. */
#ifndef HOST_REPORT_FILES_IN_H
#define HOST_REPORT_FILES_IN_H

#include "host/report/kernel_run.h"

/*
 * Write what the guest has sent below run->path/collected, unless that folder exists. A name that
 * leads out of the folder, or is invalid, is reported on stderr and left out; a file that did not
 * arrive whole is called NAME.partial. Errors: -errno, of the host's disk.
 */
int files_in_write(const struct kernel_run *run);

#endif
