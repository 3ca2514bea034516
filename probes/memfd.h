/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Files of memfd_create(): in no directory, only in memory. */
#ifndef MEMFD_H
#define MEMFD_H

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define MNT_INTERNAL 0x4000 /* made by the kernel for itself */

/*
 * Does a file live in the mount that memfd_create() takes its files from, and have the name that it
 * gives them?
 */
static __always_inline bool file_is_memfd(struct file *file)
{
	const char prefix[] = "memfd:";
	char name[sizeof(prefix)] = {};

	if (!(BPF_CORE_READ(file, f_path.mnt, mnt_flags) & MNT_INTERNAL))
		return false;
	bpf_probe_read_kernel(name, sizeof(prefix) - 1,
			      BPF_CORE_READ(file, f_path.dentry, d_name.name));
	for (unsigned int i = 0; i < sizeof(prefix) - 1; i++)
		if (name[i] != prefix[i])
			return false;
	return true;
}

#endif
