/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The result of each program on one kernel, to be written to verifier.csv and to be compared. */
#ifndef HOST_REPORT_PROGRAMS_H
#define HOST_REPORT_PROGRAMS_H

#include "host/report/kernel_run.h"

/* One program of one object: what its worst load was, if there were several. */
struct program {
	char *object, *name; /* safe to show */
	bool success;	     /* it loads, and attaches where it was to */
	char *why;	     /* NULL: not known */
	int64_t insns;	     /* -1: not known */
};

struct programs {
	struct program *list; /* by object and name */
	size_t count;
};

/* Adds one; copies the text. Errors: -ENOMEM. */
int programs_add(struct programs *programs, const char *object, const char *name, bool success,
		 const char *why, int64_t insns);
/* All of a kernel's. Errors: -ENOMEM; programs_free() in either case. */
int programs_of(const struct records *records, struct programs *programs);
/* To be called once all are added. */
void programs_sort(struct programs *programs);
const struct program *programs_find(const struct programs *programs, const struct program *like);
void programs_free(struct programs *programs);

/*
 * verifier.csv: a line a program and load, columns as veristat calls them, and the kernel, and the
 * class of the reason why it failed.
 */
int verifier_csv_write(FILE *out, const struct report *report);

/* The columns that are read again. Text is there until the callback returns. */
struct csv_program {
	const char *kernel, *object, *name, *class; /* class: "" for none */
	bool success;
	int64_t insns;
};

/*
 * Call `take` for each line of such a file, whatever columns it has besides. Errors: -EINVAL with
 * `error` naming the line; -ENOMEM; what `take` returns.
 */
int verifier_csv_read(const char *text, size_t len,
		      int (*take)(void *context, const struct csv_program *program), void *context,
		      char *error, size_t error_size);

#endif
