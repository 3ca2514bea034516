/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* An initrd in memory, from segments. */
#ifndef MACHINE_INITRD_H
#define MACHINE_INITRD_H

#include <stddef.h>

/*
 * Concatenate files, to the NULL, and `len` bytes behind them. Returns a descriptor, whose /dev/fd/N QEMU reads.
 * Dies (5).
 */
int initrd_make(const char *const *paths, const char *bytes, size_t len);

#endif
