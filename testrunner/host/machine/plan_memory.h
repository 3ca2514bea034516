/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* How many kernels fit into this host's free memory. */
#ifndef PLAN_MEMORY_H
#define PLAN_MEMORY_H

#include <stddef.h>

/* KB that a guest of `mb` needs, with what QEMU needs for itself. */
long plan_memory_need(long mb);

/* KB that this host has free, as BPFCHECK_MEMINFO, or else /proc/meminfo, says. */
long plan_memory_free(void);

/* Decide for the free memory and the number of running kernels: start another kernel, wait, or end one. */
int plan_memory_limit(long free, long need, size_t running);

/* bpfcheck memory KB PID: for GNU parallel's --limit; PID is the process whose children are kernels. */
int plan_memory_main(int argc, char **argv);

#endif
