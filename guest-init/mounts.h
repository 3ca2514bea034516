/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The file systems that a payload finds. */
#pragma once

#define SHARE "/host"
/* Those that init needs; those that may need modules; the share, with which QEMU saves no machine. */
enum mounts { MOUNTS_NEEDED, MOUNTS_REST, MOUNTS_SHARE };
/* Returns the last error, or 0. Each error is noted. */
int mounts_make(enum mounts which);
