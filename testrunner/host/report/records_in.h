/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records in: the bytes of records.ndjson, which a guest wrote, to checked structs. Pure: no files.
 */
#ifndef HOST_REPORT_RECORDS_IN_H
#define HOST_REPORT_RECORDS_IN_H

#include "record/rules.h"

/* One line's bytes: what init lets through, and room for its stamp. */
#define RECORD_LINE_MAX (4u * 1024 * 1024 + 256)

/* A file that the guest sent. */
struct file_in {
	const char *name, *error; /* error: why it did not come whole; or NULL */
	int64_t size;		  /* bytes that came */
	bool ended;		  /* no more of it will come */
};

struct records {
	/* The first thing that is wrong with them, "line 12: test: unknown field "x""; "" when all
	 * is well. */
	char problem[256];
	bool cut_short; /* the last line has no end: the guest died writing it; it counts as absent
			 */
	bool from_runner;  /* no init: the runner stamped by itself */
	size_t lines;	   /* whole lines with this run's nonce */
	size_t other_runs; /* lines of another run */
	size_t payload;	   /* lines relayed from the payload */
	bool has_hello, has_plan, has_command, has_output, has_exit;
	struct hello_line hello;
	struct plan_line plan;
	struct output_line output; /* of the command */
	struct exit_line exit;
	struct test_line *tests;
	size_t test_count;
	struct test_line *items; /* what reports list and count, see records.md */
	size_t item_count;
	struct probe_line *probes;
	size_t probe_count;
	struct klog_line *klogs;
	size_t klog_count;
	struct event_line *events;
	size_t event_count;
	struct file_in *files;
	size_t file_count;
	size_t events_left_out; /* seen, but too many to keep */
	json_t *planned;	/* set of the plan's names: name -> index */
	json_t *finished;	/* set of the names that have a test record */
	json_t *events_of;	/* test name -> array of indices into `events` */
	json_t *subtests_of;	/* test name -> name -> index into `items` */
	json_t *kept;		/* owns what all the above borrow from */
};

/*
 * Read `len` bytes of any content. `nonce`: this run's, in UTF-8; NULL (no run.json): the one that
 * a runner's hello brings. A problem of the records is in records->problem, not in the return
 * value. Errors: -ENOMEM. records_free() in either case.
 */
int records_parse(const char *data, size_t len, const char *nonce, struct records *records);
void records_free(struct records *records); /* leaves an empty, valid struct */

/* For what the caller finds wrong with the file itself. Only the first problem is kept. */
void records_set_problem(struct records *records, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

size_t records_planned(const struct records *records);
/* The index-th planned test's name; NULL past the end. */
const char *records_planned_name(const struct records *records, size_t index);
/* The record of that test, or NULL. */
const struct test_line *records_test(const struct records *records, const char *name);
/* The events kept for one test. */
size_t records_events(const struct records *records, const char *test);
const struct event_line *records_event(const struct records *records, const char *test,
				       size_t index);
/* The item of a test's subtest, or NULL. */
const struct test_line *records_subtest(const struct records *records, const char *test,
					const char *name);
/* The subtests of one test. */
size_t records_subtests(const struct records *records, const char *test);
/* Is the test counted itself, besides its subtests? */
bool records_counts_itself(const struct records *records, const struct test_line *test);
/* Index of the first detail that does not just repeat the reason. */
size_t records_first_detail(const struct test_line *test);
/* How many items have that outcome. */
size_t records_count(const struct records *records, enum test_outcome outcome);
/* The planned test that was running when records ended: the first without a record after the last
 * that has one. */
const char *records_running(const struct records *records);

#endif
