/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A kernel image file, and the kernel within, unpacked. */
#ifndef HOST_IMAGE_KERNEL_H
#define HOST_IMAGE_KERNEL_H

#include <stddef.h>
#include <sys/stat.h>

#include "host/image/image.h"

/* A file in memory, which writing to does not change. */
struct mapping {
	unsigned char *bytes;
	size_t len;
	struct stat stat; /* when it was opened */
};

/* Errors: -errno; -EINVAL when it is no regular file, or an empty one. file_map_error() words them. */
int file_map(const char *path, struct mapping *mapping);
const char *file_map_error(int err);
void file_unmap(struct mapping *mapping);

struct kernel {
	const char *name; /* for messages */
	struct mapping file;
	struct image image;
	/* From kernel_unpack() on: an ELF file, or the bytes of an Image. */
	unsigned char *contents;
	size_t len;
	char banner[BANNER_SIZE]; /* "": it has none */
	unsigned char *unpacked;  /* what `contents` is within, if not the file */
};

/*
 * Map an image and look into its headers. Errors are reported on stderr, where `name` names the image. Errors: -ENOENT no such file, or another -errno. On success *kernel wants
 * kernel_close().
 */
int kernel_open(const char *path, const char *name, struct kernel *kernel);
/*
 * Get at the kernel within. Errors, told likewise: -EOPNOTSUPP this host lacks what unpacks it, or it is
 * packed in an unknown way; -EINVAL it is damaged; -errno.
 */
int kernel_unpack(struct kernel *kernel);
void kernel_close(struct kernel *kernel);

#endif
