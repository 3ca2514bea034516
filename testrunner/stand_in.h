/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which of an object's programs are loaded, where one can stand in for another: a program whose name
 * is that of another and ___ and more, such as file_open___kprobe for file_open.
 */
#ifndef STAND_IN_H
#define STAND_IN_H

#include <bpf/libbpf.h>

enum attach {
	ATTACH_AUTO, /* stand-ins where the kernel has no BTF, without which there are no fentry programs */
	ATTACH_FENTRY, /* never stand-ins */
	ATTACH_KPROBE, /* stand-ins wherever there are some */
};

/* "auto", "fentry" or "kprobe". Returns -EINVAL for anything else. */
int attach_parse(const char *name, enum attach *attach);

/* Of an opened, not yet loaded object: load the programs or their stand-ins, not both. */
void stand_in_choose(struct bpf_object *object, enum attach attach);

#endif
