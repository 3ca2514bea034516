/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Tests that only load (and attach) the programs of many objects. */
#ifndef RUN_LOAD_ONLY_H
#define RUN_LOAD_ONLY_H

#include "record/record.h"
#include "suite/suite.h"

/*
 * Load each program of each object that `test` names, and write a probe record per program. All
 * programs are tried, even if one fails. Returns an array of lines, one per failure.
 */
json_t *load_only(const struct suite_test *test, struct record_writer *records);

#endif
