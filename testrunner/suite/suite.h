/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A suite: a folder with *.test files, and the BPF objects and generators that they name. */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include <glob.h>
#include <stddef.h>

#include "suite/test.h"

struct suite_test {
	char *name; /* path in the suite without ".test" */
	char *path;
	struct test *test;
};

struct suite {
	char *root;		  /* absolute */
	struct suite_test *tests; /* in order of their names */
	size_t count;
};

/*
 * Read every .test file below `root` whose name matches the glob `filter` (NULL: all). Each error
 * is printed on stderr as FILE:LINE:COLUMN: MESSAGE. Errors: -EINVAL when a file is wrong, -ENOENT
 * when no test is left, -errno when the folder cannot be read. *suite is there until the process
 * ends.
 */
int suite_open(const char *root, const char *filter, struct suite **suite);

/*
 * The file `name` in the test's folder or the nearest folder above it, up to the suite's root; the
 * caller frees it. NULL: there is none.
 */
char *suite_find(const struct suite *suite, const struct suite_test *test, const char *name);

/*
 * The files that `pattern` names, relative to the test's folder; `found` is the caller's, to be
 * freed with globfree(). Errors: -ENOENT when there is none, -ENOMEM, -EIO.
 */
int suite_glob(const struct suite_test *test, const char *pattern, glob_t *found);
/* The path of one of them as the pattern has it: relative to the test's folder. */
const char *suite_relative(const struct suite_test *test, const char *path);

#endif
