// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds and reads the .test files of a folder. */
#include "suite/suite.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

#define TEST_SUFFIX ".test"

/* Far more than a test needs, and small enough that a wrong path does no harm. */
#define TEST_FILE_MAX (1024 * 1024)

static int read_test(const char *path, struct test **test)
{
	struct parse_error error = { 0 };
	size_t len = 0;
	char *text = NULL;
	int err = file_read(path, TEST_FILE_MAX, &text, &len);

	if (err) {
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
		return err;
	}
	err = test_parse(text, len, test, &error);
	if (err == -EINVAL)
		fprintf(stderr, "%s:%u:%u: %s\n", path, error.line, error.column, error.message);
	free(text);
	return err;
}

static int add_test(struct suite *suite, const char *path, const char *name)
{
	struct suite_test *tests = reallocarray(suite->tests, suite->count + 1, sizeof(*tests));
	struct suite_test *test;
	int err;

	if (!tests)
		return -ENOMEM;
	suite->tests = tests;
	test = &tests[suite->count];
	memset(test, 0, sizeof(*test));
	err = read_test(path, &test->test);
	if (err)
		return err;
	test->name = strdup(name);
	test->path = strdup(path);
	suite->count++;
	return test->name && test->path ? 0 : -ENOMEM;
}

/*
 * "ROOT/process/fork.test" -> "process/fork" in `name`; false when it is not a test that was asked
 * for.
 */
static bool test_name(const struct suite *suite, const char *path, const char *filter, char *name)
{
	const char *relative = path + strlen(suite->root) + 1;
	size_t len = strlen(relative), suffix = strlen(TEST_SUFFIX);

	if (len <= suffix || len >= PATH_MAX || strcmp(relative + len - suffix, TEST_SUFFIX) != 0)
		return false;
	memcpy(name, relative, len - suffix);
	name[len - suffix] = '\0';
	return !filter || fnmatch(filter, name, 0) == 0;
}

static int skip_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Links to folders are not followed: they may lead in a circle. */
static bool is_folder(const char *path, const struct dirent *entry)
{
	struct stat st;

	/* Some file systems do not report the type. */
	if (entry->d_type == DT_UNKNOWN)
		return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
	return entry->d_type == DT_DIR;
}

static int walk(struct suite *suite, const char *folder, const char *filter)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, skip_hidden, alphasort);
	int err = 0;

	if (count < 0) {
		err = -errno;
		fprintf(stderr, "%s: %s\n", folder, strerror(-err));
		return err;
	}
	for (int i = 0; i < count; i++) {
		char name[PATH_MAX], *path = NULL;
		int entry_err = 0;

		if (asprintf(&path, "%s/%s", folder, entries[i]->d_name) < 0)
			entry_err = -ENOMEM;
		else if (is_folder(path, entries[i]))
			entry_err = walk(suite, path, filter);
		else if (test_name(suite, path, filter, name))
			entry_err = add_test(suite, path, name);
		/* Every wrong file is named, not just the first. */
		if (entry_err)
			err = entry_err;
		free(path);
		free(entries[i]);
	}
	free(entries);
	return err;
}

int suite_open(const char *root, const char *filter, struct suite **out)
{
	struct suite *suite = calloc(1, sizeof(*suite));
	int err;

	*out = suite;
	if (!suite)
		return -ENOMEM;
	suite->root = realpath(root, NULL);
	if (!suite->root) {
		err = -errno;
		fprintf(stderr, "%s: %s\n", root, strerror(errno));
		return err;
	}
	err = walk(suite, suite->root, filter);
	if (!err && suite->count == 0) {
		fprintf(stderr, "%s: no test%s%s\n", root, filter ? " matches " : " (*.test) in it",
			filter ? filter : "");
		err = -ENOENT;
	}
	return err;
}

char *suite_find(const struct suite *suite, const struct suite_test *test, const char *name)
{
	char folder[PATH_MAX], *path = NULL;
	struct stat st;

	if (strlen(test->path) >= sizeof(folder))
		return NULL;
	strcpy(folder, test->path);
	while (strlen(folder) > strlen(suite->root)) {
		*strrchr(folder, '/') = '\0';
		if (asprintf(&path, "%s/%s", folder, name) < 0)
			return NULL;
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			return path;
		free(path);
	}
	return NULL;
}

/* "FOLDER/PATTERN", with the folder's special characters escaped. The caller frees it. */
static char *pattern_in_folder(const struct suite_test *test, const char *pattern)
{
	const char *folder_end = strrchr(test->path, '/');
	char *text = malloc(2 * strlen(test->path) + strlen(pattern) + 1), *at = text;

	if (!text)
		return NULL;
	for (const char *c = test->path; c <= folder_end; c++) {
		if (strchr("*?[]\\", *c))
			*at++ = '\\';
		*at++ = *c;
	}
	strcpy(at, pattern);
	return text;
}

int suite_glob(const struct suite_test *test, const char *pattern, glob_t *found)
{
	char *text = pattern_in_folder(test, pattern);
	int err = text ? glob(text, 0, NULL, found) : GLOB_NOSPACE;

	free(text);
	if (err == GLOB_NOMATCH)
		return -ENOENT;
	return err == GLOB_NOSPACE ? -ENOMEM : err ? -EIO : 0;
}

const char *suite_relative(const struct suite_test *test, const char *path)
{
	return path + (strrchr(test->path, '/') + 1 - test->path);
}
