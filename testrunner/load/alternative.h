/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which of an object's programs are loaded, where one is an alternative to another: its name is the
 * other's, ___ and more, such as file_open___kprobe for file_open. Alternatives named ___lsm are for
 * kernels with BPF LSM, all others for kernels without trampolines or BTF.
 */
#ifndef LOAD_ALTERNATIVE_H
#define LOAD_ALTERNATIVE_H

#include <bpf/libbpf.h>

enum attach {
	ATTACH_AUTO, /* the last of these that the kernel can do; without BTF it can do the first only */
	ATTACH_KPROBE, /* alternatives wherever they exist, except ___lsm */
	ATTACH_FENTRY, /* never alternatives */
	ATTACH_LSM,    /* ___lsm wherever there is one */
};

/* "auto", "kprobe", "fentry" or "lsm". Returns -EINVAL for anything else. */
int attach_parse(const char *name, enum attach *attach);

/*
 * Of an opened, not yet loaded object: load the programs or their alternatives, not both. Returns
 * -EOPNOTSUPP for ATTACH_LSM where the kernel would attach LSM programs, and never call them.
 */
int alternative_choose(struct bpf_object *object, enum attach attach);

#endif
