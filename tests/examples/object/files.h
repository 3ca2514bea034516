/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The events of files.bpf.c, in the style of an agent that knows nothing of bpfcheck. */
#ifndef FILES_H
#define FILES_H

#include <linux/types.h>

#define NAME_SIZE 64

enum record_kind {
	KIND_OPENED = 1,
	KIND_CLOSED = 2,
};

struct record_header {
	__u16 kind; /* enum record_kind */
	__u16 size;
	__u32 pid;
	__u64 time;
};

struct opened {
	struct record_header header;
	__s32 flags;
	char name[NAME_SIZE];
};

struct closed {
	struct record_header header;
	__s32 fd;
};

#endif
