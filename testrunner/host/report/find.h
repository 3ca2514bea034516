/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which kernels have results under a folder, and in which order. */
#ifndef HOST_REPORT_FIND_H
#define HOST_REPORT_FIND_H

#include <stdbool.h>
#include <stddef.h>

/* Is `path` itself one kernel's folder: has it any file that a run leaves? */
bool find_is_kernel(const char *path);
/* ROOT/<distro>/<version> -> "<distro>/<version>", sorted. Errors: -errno; find_free() in either
 * case. */
int find_kernels(const char *root, char ***names, size_t *count);
void find_free(char **names, size_t count);

/* As sort -V and dpkg have it: runs of digits by their value, `~` before everything, even the end.
 */
int version_compare(const char *a, const char *b);

#endif
