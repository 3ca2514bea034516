/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's BTF. */
#ifndef KERNEL_BTF_H
#define KERNEL_BTF_H

/* Has the kernel a type of that name? 1 yes, 0 no, -errno when its BTF cannot be had. */
int kernel_btf_has(const char *name);

#endif
