/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A results folder of a test's own: cmocka's set-up and tear-down, kernels to put there, and the
 * subcommand to run on it. Included after report_guest.h.
 */
#ifndef REPORT_ROOT_H
#define REPORT_ROOT_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/report/report.h"

static char root[64];

static int root_make(void **state)
{
	(void)state;
	strcpy(root, "/tmp/report_test.XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int root_entry_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int root_remove(void **state)
{
	(void)state;
	return nftw(root, root_entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

static inline char *in_root(const char *path)
{
	char *full;

	assert_true(asprintf(&full, "%s/%s", root, path) > 0);
	return full;
}

static inline void put(const char *path, const char *text)
{
	char *full = in_root(path);
	FILE *file;

	for (char *slash = strchr(full + strlen(root) + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	free(full);
}

/* The text of a file, to be freed; NULL: there is none. */
static inline char *get(const char *path)
{
	char *full = in_root(path), *text = NULL;
	FILE *in = fopen(full, "r"), *out;
	size_t size;

	free(full);
	if (!in)
		return NULL;
	out = open_memstream(&text, &size);
	for (int c; (c = getc(in)) != EOF;)
		fputc(c, out);
	fclose(in);
	fclose(out);
	return text;
}

static inline void put_kernel(const char *name, const char *const *lines)
{
	char *records = guest_records(lines), path[128];

	snprintf(path, sizeof(path), "%s/records.ndjson", name);
	put(path, records);
	snprintf(path, sizeof(path), "%s/run.json", name);
	put(path, RUN_OK);
	snprintf(path, sizeof(path), "%s/machine.ndjson", name);
	put(path, QMP_OFF);
	snprintf(path, sizeof(path), "%s/console.log", name);
	put(path, "the console\n");
	free(records);
}

/* Both streams go to files of the root's; what stood in "out" and "err" is over. */
static inline int report(const char *const *arguments)
{
	char *argv[16] = { (char *)"report" }, *path;
	int argc = 1, saved[2], status;

	for (; arguments[argc - 1]; argc++)
		argv[argc] = strdup(arguments[argc - 1]);
	for (int fd = 1; fd <= 2; fd++) {
		int file;

		fflush(fd == 1 ? stdout : stderr);
		path = in_root(fd == 1 ? ".out" : ".err");
		file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
		assert_true(file >= 0);
		saved[fd - 1] = dup(fd);
		dup2(file, fd);
		close(file);
		free(path);
	}
	status = report_main(argc, argv);
	fflush(stdout);
	fflush(stderr);
	for (int fd = 1; fd <= 2; fd++) {
		dup2(saved[fd - 1], fd);
		close(saved[fd - 1]);
	}
	for (int i = 1; i < argc; i++)
		free(argv[i]);
	return status;
}

#define REPORT(...) report((const char *const[]){ __VA_ARGS__, NULL })

static inline void assert_file(const char *path, const char *part)
{
	char *text = get(path);

	if (!part) {
		if (text)
			fail_msg("%s: is there", path);
		return;
	}
	if (!text)
		fail_msg("%s: is not there", path);
	assert_has(text, part);
	free(text);
}

#endif
