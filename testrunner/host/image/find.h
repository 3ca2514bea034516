/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Finds the vmlinux that belongs to a kernel image. */
#ifndef HOST_IMAGE_FIND_H
#define HOST_IMAGE_FIND_H

#include <limits.h>

#include "host/image/kernel.h"

/* Requirements on the vmlinux. */
enum vmlinux_need {
	NEED_ANY,
	NEED_DEBUG,
	NEED_SYMBOLS,
	NEED_BTF /* .BTF, or DWARF to make it from */
};

/*
 * Look for it beside the image `path`, in the build tree around it, below `root` where distributions put
 * it, and at last, where NEED_ANY or NEED_BTF allow, within the image itself. `kernel` has been
 * unpacked. A file that belongs to another kernel is named on stderr. *found is the path, absolute and
 * without links. Errors: -ENOENT none, reported on stderr with the places; -errno, reported too.
 */
int vmlinux_find(const struct kernel *kernel, const char *path, const char *root,
		 enum vmlinux_need need, char found[PATH_MAX]);

#endif
