/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The life of a test program (`exec`), which decides its own result. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "run/run.h"

/*
 * Run the program, write a record per test that it reports, and judge. `reason` receives the reason
 * of a fail or skip, `details` (a JSON array) lines for people.
 */
enum test_outcome program_run(struct run *run, const struct suite_test *test, char *reason,
			      size_t reason_size, json_t *details);

#endif
