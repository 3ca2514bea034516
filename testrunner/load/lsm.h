/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which security modules the running kernel has. */
#ifndef LOAD_LSM_H
#define LOAD_LSM_H

/*
 * 1: the security module `name` is asked by this kernel, 0: it is not, -errno: that is not known. A
 * module may be compiled in and yet not be asked: the kernel's command line (lsm=) says which are.
 */
int lsm_active(const char *name);

#endif
