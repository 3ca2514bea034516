/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Tests that only load (and attach) the programs of many objects. */
#ifndef RUN_LOAD_ONLY_H
#define RUN_LOAD_ONLY_H

#include "record/record.h"
#include "suite/suite.h"

/*
 * Load each program of each object that `test` names, with a probe record for each; the failure of
 * one keeps no other from being tried. Returns an array of lines, what failed, empty when nothing
 * did.
 */
json_t *load_only(const struct suite_test *test, struct record_writer *records);

#endif
