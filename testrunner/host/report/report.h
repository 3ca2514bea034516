/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* `bpfcheck report`: what a guest recorded -> a verdict a kernel, for people and for machines. */
#ifndef HOST_REPORT_REPORT_H
#define HOST_REPORT_REPORT_H

/* The subcommand; argv[0] is its name. Returns the process's exit status: the largest verdict code,
 * or 2 for usage. */
int report_main(int argc, char **argv);

#endif
