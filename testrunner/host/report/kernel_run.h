/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One kernel's run: the files that it left, what they say, and the verdict. */
#ifndef HOST_REPORT_KERNEL_RUN_H
#define HOST_REPORT_KERNEL_RUN_H

#include "host/report/verdict.h"

enum run_file { FILE_RUN, FILE_RECORDS, FILE_MACHINE, FILE_CONSOLE, FILE_COUNT };

/* The part of one file that was read. */
struct file_part {
	char *data; /* NULL when err is set */
	size_t len;
	int err;  /* -errno; -ENOENT: there is none, which is no fault of the host's */
	bool cut; /* there was more than the limit */
};

struct kernel_run {
	char *path;    /* of its folder */
	char *name;    /* "debian/6.1.0-56-cloud-amd64" */
	char *distro;  /* "debian" */
	char *version; /* "6.1.0-56-cloud-amd64" */
	struct run_line run;
	struct records records;
	struct machine machine;
	struct console console;
	struct verdict verdict;
	bool exists;			    /* the folder does */
	bool has_run;			    /* `run` was read */
	char problem[192];		    /* the first that the host has with its files */
	json_t *run_json;		    /* what `run` borrows from */
	struct file_part files[FILE_COUNT]; /* what `console` borrows from */
	int64_t output[2];		    /* sizes of stdout and stderr; -1: there is none */
};

/*
 * Read the files in `path` and judge them. `name`: "<distro>/<version>"; NULL: as run.json or hello
 * say. A folder that is missing or unreadable is a verdict (INFRA), no error. Errors: -ENOMEM.
 * kernel_run_free() in either case.
 */
int kernel_run_load(const char *path, const char *name, struct kernel_run *run);
/* The pure half of it: from run->path, run->exists and run->files to all the rest. */
int kernel_run_judge(struct kernel_run *run, const char *name);
void kernel_run_free(struct kernel_run *run);

/* "console.log" */
const char *run_file_name(enum run_file file);

/* The input of all renderers. */
struct report {
	struct kernel_run *runs;
	size_t count;
	long jobs;	  /* kernels at a time; 0: not known */
	int64_t now;	  /* seconds since 1970 */
	const char *root; /* of the results; NULL: DIR is one kernel's folder */
};

/* Planned tests without a record. */
size_t kernel_run_missing(const struct kernel_run *run);
/* The worst of all. */
enum outcome report_outcome(const struct report *report);

#endif
