/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* testrunner collect: files of the guest, as records. */
#ifndef RUN_COLLECT_H
#define RUN_COLLECT_H

int files_out_main(int argc, char **argv);

#endif
