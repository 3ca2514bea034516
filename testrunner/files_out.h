/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* testrunner collect: files of the guest, as records. */
#ifndef FILES_OUT_H
#define FILES_OUT_H

int files_out_main(int argc, char **argv);

#endif
