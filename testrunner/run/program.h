/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The life of a test program (`exec`), which has a verdict of its own. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "run/run.h"

/*
 * Run it, write a record for each of its own tests, and judge. `reason` gets why it is no pass,
 * `details` (a JSON array) lines for people.
 */
enum test_outcome program_run(struct run *run, const struct suite_test *test, char *reason,
			      size_t reason_size, json_t *details);

#endif
