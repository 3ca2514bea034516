/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records out: NDJSON, described in records.md, by the schema that they are checked by. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "record/schema.h"

struct record_writer;

/*
 * Under our init (BPFCHECK_RECORDS_FD is set) records go there, to be stamped by init; else to
 * `path` (NULL: nowhere), stamped here, with a hello record first. Errors: -errno, message in
 * `error`.
 */
int record_open(const char *path, struct record_writer **writer, char *error, size_t error_size);
/* Does our init take the records? Then the machine ends when we do. */
bool record_goes_to_init(const struct record_writer *writer);
/*
 * Writes the exit record when init does not, and closes. Returns the first error that any write
 * met.
 */
int record_close(struct record_writer *writer, int status);

/* A JSON string from any bytes: where they are not UTF-8, what is not ASCII becomes '?'. */
json_t *record_text(const char *text);

void record_plan(struct record_writer *writer, const char *suite, const char *const *names,
		 size_t count);
void record_probe(struct record_writer *writer, const struct probe_line *probe);
/* Takes over `fields`. */
void record_event(struct record_writer *writer, const char *test, const char *object,
		  const char *event, json_t *fields);
/* Part of a file of the guest's. */
struct file_record {
	const char *name, *error; /* error: or NULL */
	int64_t offset, size;	  /* size: -1: not known */
	const void *data;
	size_t len;
	bool last;
};

void record_file(struct record_writer *writer, const struct file_record *file);
/* One of a test program's own tests. */
void record_subtest(struct record_writer *writer, const struct subtest_line *subtest);
/* The first of its `details` is the reason. */
void record_test(struct record_writer *writer, const struct test_line *test);

#endif
