/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The subcommand `check`: finds the errors of a suite that show without a kernel. */
#ifndef RUN_CHECK_H
#define RUN_CHECK_H

#include "suite/suite.h"

#define TEST_OBJECTS_MAX 16 /* objects of one test */

/*
 * Check all that can be checked without the kernel: objects and generators exist, objects have BTF,
 * every event type and field is one of theirs. Prints each error as suite_open() does. Returns 0 or
 * -EINVAL.
 */
int suite_check(const struct suite *suite);
int check_main(int argc, char **argv);

#endif
