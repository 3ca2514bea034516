// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The one table of what each record holds. */
#include "record/schema.h"

#include "record/failure_class.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const from_words[] = {
	[FROM_INIT] = "init", [FROM_PAYLOAD] = "payload", [FROM_RUNNER] = "runner", NULL
};
static const char *const outcome_words[] = {
	[TEST_PASS] = "pass", [TEST_FAIL] = "fail", [TEST_SKIP] = "skip", NULL
};
static const char *const reason_words[] = { [REASON_EXITED] = "exited",
					    [REASON_SIGNALED] = "signaled",
					    [REASON_DEADLINE] = "deadline",
					    [REASON_FAILED] = "failed",
					    NULL };
static const char *const channel_words[] = { [CHANNEL_VIRTIO] = "virtio",
					     [CHANNEL_9P] = "9p",
					     [CHANNEL_SERIAL] = "serial",
					     [CHANNEL_FILE] = "file",
					     NULL };

#define AT(member) .offset = offsetof(STRUCT, member)

#define STRUCT struct stamp
static const struct field_rule stamp_fields[] = {
	{ "nonce", KIND_STRING, 0, AT(nonce) },
	{ "seq", KIND_INTEGER, 0, AT(seq) },
	{ "from", KIND_WORD, 0, AT(from), .words = from_words },
};
#undef STRUCT

#define STRUCT struct failed_step
static const struct field_rule failed_fields[] = {
	{ "step", KIND_STRING, 0, AT(step) },
	{ "name", KIND_STRING, 0, AT(name) },
	{ "error", KIND_STRING, 0, AT(error) },
};
#undef STRUCT

#define STRUCT struct hello_line
static const struct field_rule hello_fields[] = {
	{ "release", KIND_STRING, 0, AT(release) },
	{ "version", KIND_STRING, 0, AT(version) },
	{ "machine", KIND_STRING, 0, AT(machine) },
	{ "cpus", KIND_INTEGER, 0, AT(cpus) },
	{ "memory_kb", KIND_INTEGER, 0, AT(memory_kb) },
	{ "channel", KIND_WORD, 0, AT(channel), .words = channel_words },
	{ "boot_ms", KIND_INTEGER, 0, AT(boot_ms) },
	{ "taint", KIND_INTEGER, 0, AT(taint) },
	{ "failed", KIND_ROWS, 0, AT(failed), .rows = failed_fields,
	  .row_count = COUNT(failed_fields) },
};
#undef STRUCT

#define STRUCT struct plan_line
static const struct field_rule plan_fields[] = {
	{ "suite", KIND_STRING, 0, AT(suite) },
	{ "tests", KIND_STRINGS, 0, AT(tests) },
};
#undef STRUCT

#define STRUCT struct command_line
static const struct field_rule command_fields[] = {
	{ "args", KIND_STRINGS, 0, AT(args) },
};
#undef STRUCT

#define STRUCT struct output_line
static const struct field_rule output_fields[] = {
	{ "stdout", KIND_INTEGER, 0, AT(out_bytes) },
	{ "stderr", KIND_INTEGER, 0, AT(err_bytes) },
};
#undef STRUCT

#define STRUCT struct file_line
static const struct field_rule file_fields[] = {
	{ "name", KIND_STRING, 0, AT(name) },	      { "offset", KIND_INTEGER, 0, AT(offset) },
	{ "size", KIND_INTEGER, NULLABLE, AT(size) }, { "data", KIND_STRING, 0, AT(data) },
	{ "last", KIND_BOOL, 0, AT(last) },	      { "error", KIND_STRING, NULLABLE, AT(error) },
};
#undef STRUCT

#define STRUCT struct probe_line
static const struct field_rule probe_fields[] = {
	{ "object", KIND_STRING, 0, AT(object) },
	{ "program", KIND_STRING, 0, AT(program) },
	{ "section", KIND_STRING, 0, AT(section) },
	{ "loaded", KIND_BOOL, 0, AT(loaded) },
	{ "attached", KIND_BOOL, 0, AT(attached) },
	{ "error", KIND_STRING, NULLABLE, AT(error) },
	{ "class", KIND_WORD, NULLABLE, AT(class), .words = failure_class_names },
	{ "log", KIND_STRING, NULLABLE, AT(log) },
	{ "insns", KIND_INTEGER, NULLABLE, AT(insns) },
	{ "states", KIND_INTEGER, NULLABLE, AT(states) },
	{ "peak_states", KIND_INTEGER, NULLABLE, AT(peak_states) },
	{ "stack", KIND_INTEGER, NULLABLE, AT(stack) },
	{ "verify_us", KIND_INTEGER, NULLABLE, AT(verify_us) },
	{ "jited", KIND_INTEGER, NULLABLE, AT(jited) },
	{ "load_ms", KIND_INTEGER, NULLABLE, AT(load_ms) },
};
#undef STRUCT

#define STRUCT struct event_line
static const struct field_rule event_fields[] = {
	{ "test", KIND_STRING, 0, AT(test) },
	{ "object", KIND_STRING, 0, AT(object) },
	{ "event", KIND_STRING, 0, AT(event) },
	{ "fields", KIND_OBJECT, 0, AT(fields) },
};
#undef STRUCT

#define STRUCT struct subtest_line
static const struct field_rule subtest_fields[] = {
	{ "test", KIND_STRING, 0, AT(test) },
	{ "name", KIND_STRING, 0, AT(name) },
	{ "outcome", KIND_WORD, 0, AT(outcome), .words = outcome_words },
	{ "reason", KIND_STRING, NULLABLE, AT(reason) },
	{ "details", KIND_STRINGS, 0, AT(details) },
	{ "duration_ms", KIND_INTEGER, NULLABLE, AT(duration_ms) },
};
#undef STRUCT

#define STRUCT struct test_line
static const struct field_rule test_fields[] = {
	{ "name", KIND_STRING, 0, AT(name) },
	{ "outcome", KIND_WORD, 0, AT(outcome), .words = outcome_words },
	{ "reason", KIND_STRING, NULLABLE, AT(reason) },
	{ "details", KIND_STRINGS, 0, AT(details) },
	{ "duration_ms", KIND_INTEGER, 0, AT(duration_ms) },
	{ "dropped", KIND_INTEGER, 0, AT(dropped) },
};
#undef STRUCT

#define STRUCT struct klog_line
static const struct field_rule klog_fields[] = {
	{ "level", KIND_INTEGER, 0, AT(level), .max = 4 },
	{ "text", KIND_STRING, 0, AT(text) },
	{ "ts_us", KIND_INTEGER, 0, AT(ts_us) },
	{ "taint", KIND_INTEGER, NULLABLE, AT(taint) },
};
#undef STRUCT

#define STRUCT struct exit_line
static const struct field_rule exit_fields[] = {
	{ "reason", KIND_WORD, 0, AT(reason), .words = reason_words },
	{ "status", KIND_INTEGER, NULLABLE, AT(status), .max = 255 },
	{ "signal", KIND_INTEGER, NULLABLE, AT(signal), .max = 127 },
	{ "error", KIND_STRING, NULLABLE, AT(error) },
	{ "records", KIND_INTEGER, 0, AT(records) },
	{ "dropped_lines", KIND_INTEGER, 0, AT(dropped_lines) },
	{ "taint", KIND_INTEGER, 0, AT(taint) },
};
#undef STRUCT

/* run-kernel may have given up before it knew much: only what it does say is checked. */
#define STRUCT struct run_line
static const struct field_rule run_fields[] = {
	{ "distro", KIND_STRING, NULLABLE | OPTIONAL, AT(distro) },
	{ "kernel", KIND_STRING, NULLABLE | OPTIONAL, AT(kernel) },
	{ "spec", KIND_STRING, NULLABLE | OPTIONAL, AT(spec) },
	{ "nonce", KIND_STRING, NULLABLE | OPTIONAL, AT(nonce) },
	{ "accel", KIND_STRING, NULLABLE | OPTIONAL, AT(accel) },
	{ "wall_ms", KIND_INTEGER, NULLABLE | OPTIONAL, AT(wall_ms) },
	{ "qemu_status", KIND_INTEGER, NULLABLE | OPTIONAL, AT(qemu_status) },
	{ "timed_out", KIND_BOOL, OPTIONAL, AT(timed_out) },
	{ "function", KIND_STRING, NULLABLE | OPTIONAL, AT(function) },
	{ "infra", KIND_STRING, NULLABLE | OPTIONAL, AT(infra) },
	{ "not_run", KIND_STRING, NULLABLE | OPTIONAL, AT(not_run) },
};
#undef STRUCT

#define RULES(fields)                 \
	{                             \
		fields, COUNT(fields) \
	}

const struct field_rules stamp_rules = RULES(stamp_fields), run_rules = RULES(run_fields);

#define GUEST_SIDE   ((1u << FROM_INIT) | (1u << FROM_RUNNER))
#define PAYLOAD_SIDE ((1u << FROM_PAYLOAD) | (1u << FROM_RUNNER))

const struct record_rule record_rules[RECORD_KINDS] = {
	[RECORD_HELLO] = { "hello", GUEST_SIDE, RULES(hello_fields) },
	[RECORD_PLAN] = { "plan", PAYLOAD_SIDE, RULES(plan_fields) },
	[RECORD_COMMAND] = { "command", GUEST_SIDE, RULES(command_fields) },
	[RECORD_OUTPUT] = { "output", GUEST_SIDE, RULES(output_fields) },
	[RECORD_FILE] = { "file", PAYLOAD_SIDE, RULES(file_fields) },
	[RECORD_PROBE] = { "probe", PAYLOAD_SIDE, RULES(probe_fields) },
	[RECORD_EVENT] = { "event", PAYLOAD_SIDE, RULES(event_fields) },
	[RECORD_SUBTEST] = { "subtest", PAYLOAD_SIDE, RULES(subtest_fields) },
	[RECORD_TEST] = { "test", PAYLOAD_SIDE, RULES(test_fields) },
	[RECORD_KLOG] = { "klog", GUEST_SIDE, RULES(klog_fields) },
	[RECORD_EXIT] = { "exit", GUEST_SIDE, RULES(exit_fields) },
};

const char *record_from_name(enum record_from from)
{
	return from_words[from];
}

const char *test_outcome_name(enum test_outcome outcome)
{
	return outcome_words[outcome];
}
