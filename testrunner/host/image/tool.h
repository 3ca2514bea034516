/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs of the host that do part of our work: run without a shell, and without privileges where we have any. */
#ifndef HOST_IMAGE_TOOL_H
#define HOST_IMAGE_TOOL_H

#include <stddef.h>

/*
 * Run a program that gets the `input_len` bytes as its standard input; what it writes to its standard
 * output, at most `max` bytes, goes to *output: the caller's to free. Its messages are dropped. Errors:
 * -ENOENT it is not installed, -EFBIG there was more than `max`, -EIO it failed, -errno.
 */
int tool_filter(const char *const argv[], const void *input, size_t input_len, size_t max,
		unsigned char **output, size_t *output_len);

/*
 * Run a program that works on files, as who we are; its messages go to our stderr. Errors: -ENOENT it is
 * not installed, -EIO it failed, -errno.
 */
int tool_run(const char *const argv[]);

#endif
