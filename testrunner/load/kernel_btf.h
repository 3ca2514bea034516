/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The kernel's BTF. */
#ifndef LOAD_KERNEL_BTF_H
#define LOAD_KERNEL_BTF_H

/*
 * Has the kernel a type of that name? 1 yes, 0 no, -errno when its BTF cannot be had. Where it has none
 * of its own, the file of kernel_btf_file() answers.
 */
int kernel_btf_has(const char *name);

/*
 * The BTF that our initramfs brings for a kernel that has none of its own: enough for CO-RE, but not for
 * programs that attach by a BTF id (fentry, tp_btf, lsm, ...), which the kernel looks up in its own. NULL:
 * there is none, or no need of it.
 */
const char *kernel_btf_file(void);

#endif
