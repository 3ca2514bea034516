/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The life of one test. */
#ifndef RUN_TEST_H
#define RUN_TEST_H

#include "run/run.h"

/* Run one test to its end, whatever happens, and write its records. */
enum test_outcome run_test(struct run *run, const struct suite_test *test);

#endif
