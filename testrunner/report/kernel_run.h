/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One kernel's folder, read and judged. */
#ifndef KERNEL_RUN_H
#define KERNEL_RUN_H

#include "report/verdict.h"

struct kernel_run {
	char *path;	/* of its folder */
	char *name;	/* "debian/6.1.0-56-cloud-amd64" */
	char *distro;	/* "debian" */
	char *version;	/* "6.1.0-56-cloud-amd64" */
	bool exists;	/* the folder does */
	bool has_run;	/* `run` was read */
	struct run_line run;
	char problem[192]; /* why not, or why another file could not be read */
	struct records records;
	struct machine machine;
	struct console console;
	struct verdict verdict;
	json_t *run_json;   /* what `run` borrows from */
	char *console_data; /* what `console` borrows from */
};

/*
 * Read what is in `path` and decide. `name`: what to call it, "<distro>/<version>"; NULL: as run.json or hello say.
 * A folder that is missing or unreadable is a verdict (INFRA), no error. Errors: -ENOMEM. kernel_run_free() in either
 * case.
 */
int kernel_run_load(const char *path, const char *name, struct kernel_run *run);
void kernel_run_free(struct kernel_run *run);

/* What all renderers are given. */
struct report {
	struct kernel_run *runs;
	size_t count;
	long jobs;	/* 0: not known */
	int64_t now;	/* seconds since 1970 */
	const char *root;
};

/* Planned tests without a record. */
size_t kernel_run_missing(const struct kernel_run *run);
/* The worst of all. */
enum outcome report_outcome(const struct report *report);

#endif
