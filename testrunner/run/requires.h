/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Decides whether the running kernel meets the requirements of a test. */
#ifndef RUN_REQUIRES_H
#define RUN_REQUIRES_H

#include "suite/test.h"

/*
 * True when the running kernel meets every requirement of `test`. Else `reason` names the first
 * unmet requirement, as written in the .test file, with the value found if that helps. A requirement
 * that cannot be checked is not met, and the reason says so.
 */
bool requires_met(const struct test *test, char *reason, size_t reason_size);

#endif
