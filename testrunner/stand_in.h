/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which of an object's programs are loaded, where one can stand in for another: a program whose name
 * is that of another and ___ and more, such as file_open___kprobe for file_open. What stands in as
 * ___lsm is for kernels with BPF LSM, all else for those without trampolines or BTF.
 */
#ifndef STAND_IN_H
#define STAND_IN_H

#include <bpf/libbpf.h>

enum attach {
	ATTACH_AUTO, /* the last of these that the kernel can do; without BTF it can do the first only */
	ATTACH_KPROBE, /* stand-ins wherever there are some, but for ___lsm */
	ATTACH_FENTRY, /* never stand-ins */
	ATTACH_LSM,    /* ___lsm wherever there is one */
};

/* "auto", "kprobe", "fentry" or "lsm". Returns -EINVAL for anything else. */
int attach_parse(const char *name, enum attach *attach);

/*
 * Of an opened, not yet loaded object: load the programs or their stand-ins, not both. Returns
 * -EOPNOTSUPP for ATTACH_LSM where the kernel would attach LSM programs, and never call them.
 */
int stand_in_choose(struct bpf_object *object, enum attach attach);

#endif
