/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Whole small files. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

/*
 * Read `path`, at most `max` bytes, into *data: the caller's to free, and terminated by a NUL that
 * *len does not count. Works on pseudo files, whose size is not known. Errors: -errno; -EFBIG when
 * there is more than `max`.
 */
int file_read(const char *path, size_t max, char **data, size_t *len);

/* Make `path`, or what is in it anew. Errors: -EIO, and which it was is said on stderr. */
int file_write(const char *path, const void *data, size_t len);

/* As file_write(), but under a temporary name first: nobody sees half of the file. */
int file_replace(const char *path, const void *data, size_t len);

/* The first line of a small file, without its end; "" if it cannot be read. */
void file_read_line(const char *path, char *line, size_t size);

/* The number that a pseudo file holds, `fallback` where it cannot be read. */
long file_read_number(const char *path, long fallback);

#endif
