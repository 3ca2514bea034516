/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The schema of records.md: which fields a record has, from whom it may come, and the structs that
 * its fields are read into and written from. record.c writes by it, rules.c checks by it.
 */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * In all of these: strings and lists are borrowed from the JSON that they were read from; a string
 * or list that is null or absent is NULL; an integer that is null or absent is -1 (no field of ours
 * is negative).
 */
enum record_kind {
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
	RECORD_EXIT,
	RECORD_KINDS
};
enum record_from { FROM_INIT, FROM_PAYLOAD, FROM_RUNNER };
enum test_outcome { TEST_PASS, TEST_FAIL, TEST_SKIP };
enum exit_reason { REASON_EXITED, REASON_SIGNALED, REASON_DEADLINE, REASON_FAILED };

enum record_channel { CHANNEL_VIRTIO, CHANNEL_9P, CHANNEL_SERIAL, CHANNEL_FILE };

struct stamp {
	const char *nonce;
	int64_t seq;
	int from; /* enum record_from */
};

/* Of hello.failed. */
struct failed_step {
	const char *step, *name, *error;
};

/* In each: the record itself, without its stamp and type. */
struct hello_line {
	const json_t *json;
	const char *release, *version, *machine;
	int64_t cpus, memory_kb, boot_ms, taint;
	int channel;	      /* enum record_channel */
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

enum json_kind {
	KIND_STRING,
	KIND_WORD,    /* one of a few strings -> its index */
	KIND_INTEGER, /* 0 and up */
	KIND_BOOL,
	KIND_STRINGS, /* array of strings */
	KIND_ROWS,    /* array of objects that have rules of their own */
	KIND_OBJECT,  /* anything inside: the event's own fields */
};

enum { NULLABLE = 1, OPTIONAL = 2 };

struct field_rule {
	const char *name;
	enum json_kind kind;
	unsigned int flags;
	size_t offset;
	int64_t max;		  /* KIND_INTEGER: 0 is no limit */
	const char *const *words; /* KIND_WORD: ends with NULL */
	const struct field_rule *rows;
	size_t row_count;
};

struct field_rules {
	const struct field_rule *rules;
	size_t count;
};

extern const struct field_rules stamp_rules, run_rules; /* of struct stamp, struct run_line */

struct record_rule {
	const char *name;
	unsigned int from; /* bits of enum record_from */
	struct field_rules fields;
};

extern const struct record_rule record_rules[RECORD_KINDS];

const char *record_from_name(enum record_from from);
const char *test_outcome_name(enum test_outcome outcome);

#endif
