/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Records out: NDJSON, described in records.md. The one place on the writing side that knows the
 * schema.
 */
#ifndef RECORD_H
#define RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "verifier_log.h"

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

struct probe_record {
	const char *object, *program, *section;
	bool loaded, attached;
	const char *error, *class, *log; /* or NULL; of failure_class_names */
	struct verifier_statistics statistics;
	long jited, load_ms; /* -1: not known */
};

void record_plan(struct record_writer *writer, const char *suite, const char *const *names,
		 size_t count);
void record_probe(struct record_writer *writer, const struct probe_record *probe);
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
/* One of a test program's own tests. `reason` may be NULL, `details` is borrowed; duration -1: not known. */
void record_subtest(struct record_writer *writer, const char *test, const char *name,
		    const char *outcome, const char *reason, json_t *details, int64_t duration_ms);
/* `details`: JSON array of strings, borrowed, or NULL; the first is the reason. */
void record_test(struct record_writer *writer, const char *name, const char *outcome,
		 const char *reason, json_t *details, uint64_t duration_ms, uint64_t dropped);

#endif
