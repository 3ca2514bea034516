/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Files that can be made again, in the folder vmlinux/ of the build folder. */
#ifndef HOST_IMAGE_CACHE_H
#define HOST_IMAGE_CACHE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "host/image/kernel.h"

/*
 * The path of what an image unpacks to, known by the image's content. Errors: -errno, told on stderr.
 */
int cache_unpacked(const struct mapping *image, char path[PATH_MAX]);
/*
 * The path of what was read from the file `from`, an absolute path without links, as `now` has it:
 * another one when the file has changed since. `kind` tells one thing that is read from others.
 * Errors: -errno, told on stderr.
 */
int cache_read(const char *from, const struct stat *now, const char *kind, char path[PATH_MAX]);

/* Is it there? Then it is in use from now on. */
bool cache_has(const char *path);
/*
 * Write it: first to `part`, in the same folder, where cache_end() takes it from. Of that folder's other
 * files those are removed that were not in use for two days. Errors: -errno, told on stderr.
 */
int cache_begin(const char *path, char part[PATH_MAX]);
int cache_end(const char *part, const char *path);
int cache_write(const char *path, const void *bytes, size_t len);

#endif
