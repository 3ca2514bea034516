/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The schema of records.md on the reading side: which fields a record has, and the structs that
 * they are read into. */
#ifndef RECORD_RULES_H
#define RECORD_RULES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * In all of these: strings and lists are borrowed from the JSON that they were read from; a string
 * or list that is null or absent is NULL; an integer that is null or absent is -1 (no field of ours
 * is negative).
 */
enum record_type {
	RECORD_HELLO,
	RECORD_PLAN,
	RECORD_COMMAND,
	RECORD_OUTPUT,
	RECORD_FILE,
	RECORD_PROBE,
	RECORD_EVENT,
	RECORD_SUBTEST,
	RECORD_TEST,
	RECORD_KLOG,
	RECORD_EXIT
};
enum record_from { FROM_INIT, FROM_PAYLOAD, FROM_RUNNER };
enum test_outcome { TEST_PASS, TEST_FAIL, TEST_SKIP };
enum exit_reason { EXIT_EXITED, EXIT_SIGNALED, EXIT_DEADLINE, EXIT_FAILED };

struct stamp {
	const char *nonce;
	int64_t seq;
	int from; /* enum record_from */
};

/* In each: the record itself, without its stamp and type. */
struct hello_line {
	const json_t *json;
	const char *release, *version, *machine;
	int64_t cpus, memory_kb, boot_ms, taint;
	int channel;
	const json_t *failed; /* array of { step, name, error } */
};

struct plan_line {
	const json_t *json;
	const char *suite;
	const json_t *tests; /* array of strings */
};

struct command_line {
	const json_t *json;
	const json_t *args; /* array of strings */
};

struct output_line {
	const json_t *json;
	int64_t out_bytes, err_bytes;
};

struct file_line {
	const json_t *json;
	const char *name, *data, *error; /* data: base64; or NULL, when it is not kept */
	int64_t offset, size;
	int64_t bytes; /* then how many it was, negative: no base64 */
	bool last;
};

struct probe_line {
	const json_t *json;
	const char *object, *program, *section, *error, *log;
	bool loaded, attached;
	int class; /* enum failure_class; -1: none */
	int64_t insns, states, peak_states, stack, verify_us, jited, load_ms;
};

struct event_line {
	const json_t *json;
	const char *test, *object, *event;
	const json_t *fields;
};

struct subtest_line {
	const json_t *json;
	const char *test, *name, *reason;
	int outcome;	       /* enum test_outcome */
	const json_t *details; /* array of strings */
	int64_t duration_ms;
};

struct test_line {
	const json_t *json;
	const char *name, *reason;
	int outcome;	       /* enum test_outcome */
	const json_t *details; /* array of strings */
	int64_t duration_ms, dropped;
};

struct klog_line {
	const json_t *json;
	int64_t level, ts_us, taint;
	const char *text;
};

struct exit_line {
	const json_t *json;
	int reason; /* enum exit_reason */
	int64_t status, signal, records, dropped_lines, taint;
	const char *error;
};

union record_line {
	const json_t *json; /* first in all of them */
	struct hello_line hello;
	struct plan_line plan;
	struct command_line command;
	struct output_line output;
	struct file_line file;
	struct probe_line probe;
	struct event_line event;
	struct subtest_line subtest;
	struct test_line test;
	struct klog_line klog;
	struct exit_line exit;
};

/* run.json: the host's own account of one run. */
struct run_line {
	const char *distro, *kernel, *spec, *nonce, *accel, *infra, *not_run;
	const char *
		function; /* that the processor was in when the host's deadline passed; may be "" */
	int64_t wall_ms, qemu_status;
	bool timed_out;
};

/*
 * Take the stamp (nonce, seq, from, type) off `record`, check what is left against the schema, and
 * read it. stamp->nonce stays borrowed from *nonce, a new reference. Errors: -EINVAL with `error`
 * naming the field.
 */
int record_rules_read(json_t *record, struct stamp *stamp, json_t **nonce, enum record_type *type,
		      union record_line *line, char *error, size_t error_size);

/* Fields that run.json has beyond ours are let be: the host wrote it. Errors: -EINVAL with `error`.
 */
int record_rules_read_run(const json_t *object, struct run_line *run, char *error,
			  size_t error_size);

const char *record_type_name(enum record_type type);
const char *record_from_name(enum record_from from);
const char *test_outcome_name(enum test_outcome outcome);

#endif
