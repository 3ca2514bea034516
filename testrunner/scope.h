/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Which tasks belong to the test that runs now: the generator and all its descendants, as the
 * kernel forks them.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct scope;

/* Load and attach the tracker. Errors: -errno, with `error` saying at what. */
int scope_open(struct scope **scope, char *error, size_t error_size);
void scope_close(struct scope *scope); /* takes NULL */

/* Begin a new tree with the task `root`; what was marked before no longer counts. */
void scope_begin(struct scope *scope, pid_t root);
/* `tid` as the initial pid namespace sees it. */
bool scope_has(const struct scope *scope, uint64_t tid);

#endif
