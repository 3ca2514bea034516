/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Paths of bounded length. */
#ifndef MACHINE_PATH_H
#define MACHINE_PATH_H

#include <limits.h>

/* One that would be too long is "", which no file has for a path. */
void path_set(char path[PATH_MAX], const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
