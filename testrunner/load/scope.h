/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which tasks belong to the test that runs now: the generator and all its descendants, as the
 * kernel forks them. There is one tracker in a process.
 */
#ifndef LOAD_SCOPE_H
#define LOAD_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Load and attach the tracker, unless that has been done. Errors: -errno, `error` saying at what. */
int scope_open(char *error, size_t error_size);
/* As long as somebody has a duplicate of it, the tracker stays attached. -1: not open. */
int scope_fd(void);

/* Begin a new tree with the task `root`; what was marked before no longer counts. */
void scope_begin(pid_t root);
/* `tid` as the initial pid namespace sees it. */
bool scope_has(uint64_t tid);

#endif
