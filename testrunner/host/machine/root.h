/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Another root file system for the guest: a folder, or the image of a disk. */
#ifndef MACHINE_ROOT_H
#define MACHINE_ROOT_H

#include "host/machine/arguments.h"

/* Can `path` be a root, and be written to? Dies (2). */
void root_check(const char *path, bool writable);

struct root {
	enum root_way way;
	const char *format;	/* of a disk */
	char path[PATH_MAX];	/* of the folder or disk that QEMU opens */
	char segment[PATH_MAX]; /* that the guest needs for it, or "" */
};

/*
 * Find out how a root gets into the guest of this kernel: a folder over 9p where the kernel has that;
 * else packed, as a disk of squashfs, or for the initramfs. Packed files stay in roots/packed of the
 * build folder for two days after their last use. Dies (5).
 */
void root_open(struct root *root, const char *path, bool writable,
	       const struct kernel_folder *kernel, const char *build);

#endif
