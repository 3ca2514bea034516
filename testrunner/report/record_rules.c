// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The one table of what a record may hold, and the code that holds untrusted JSON against it. */
#include "report/record_rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "failure_class.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

static const char *const from_words[] = {
	[FROM_INIT] = "init", [FROM_PAYLOAD] = "payload", [FROM_RUNNER] = "runner", NULL
};
static const char *const outcome_words[] = {
	[TEST_PASS] = "pass", [TEST_FAIL] = "fail", [TEST_SKIP] = "skip", NULL
};
static const char *const reason_words[] = { [EXIT_EXITED] = "exited",
					    [EXIT_SIGNALED] = "signaled",
					    [EXIT_DEADLINE] = "deadline",
					    [EXIT_FAILED] = "failed",
					    NULL };
static const char *const channel_words[] = { "virtio", "9p", "serial", "file", NULL };

#define AT(member) .offset = offsetof(STRUCT, member)

#define STRUCT struct stamp
static const struct field_rule stamp_fields[] = {
	{ "nonce", KIND_STRING, 0, AT(nonce) },
	{ "seq", KIND_INTEGER, 0, AT(seq) },
	{ "from", KIND_WORD, 0, AT(from), .words = from_words },
};
#undef STRUCT

struct failed_step {
	const char *step, *name, *error;
};

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

#define GUEST_SIDE   ((1u << FROM_INIT) | (1u << FROM_RUNNER))
#define PAYLOAD_SIDE ((1u << FROM_PAYLOAD) | (1u << FROM_RUNNER))

static const struct record_rule {
	const char *name;
	unsigned int from; /* bits of enum record_from */
	const struct field_rule *fields;
	size_t count;
} record_rules[] = {
	[RECORD_HELLO] = { "hello", GUEST_SIDE, hello_fields, COUNT(hello_fields) },
	[RECORD_PLAN] = { "plan", PAYLOAD_SIDE, plan_fields, COUNT(plan_fields) },
	[RECORD_COMMAND] = { "command", GUEST_SIDE, command_fields, COUNT(command_fields) },
	[RECORD_OUTPUT] = { "output", GUEST_SIDE, output_fields, COUNT(output_fields) },
	[RECORD_FILE] = { "file", PAYLOAD_SIDE, file_fields, COUNT(file_fields) },
	[RECORD_PROBE] = { "probe", PAYLOAD_SIDE, probe_fields, COUNT(probe_fields) },
	[RECORD_EVENT] = { "event", PAYLOAD_SIDE, event_fields, COUNT(event_fields) },
	[RECORD_SUBTEST] = { "subtest", PAYLOAD_SIDE, subtest_fields, COUNT(subtest_fields) },
	[RECORD_TEST] = { "test", PAYLOAD_SIDE, test_fields, COUNT(test_fields) },
	[RECORD_KLOG] = { "klog", GUEST_SIDE, klog_fields, COUNT(klog_fields) },
	[RECORD_EXIT] = { "exit", GUEST_SIDE, exit_fields, COUNT(exit_fields) },
};

static int word_index(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	return -1;
}

static bool all_strings(const json_t *array)
{
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
		if (!json_is_string(item))
			return false;
	return true;
}

/* Absent and null read the same. */
static void field_clear(const struct field_rule *rule, void *at)
{
	switch (rule->kind) {
	case KIND_INTEGER:
		*(int64_t *)at = -1;
		break;
	case KIND_WORD:
		*(int *)at = -1;
		break;
	case KIND_BOOL:
		*(bool *)at = false;
		break;
	case KIND_STRING:
		*(const char **)at = NULL;
		break;
	case KIND_STRINGS:
	case KIND_ROWS:
	case KIND_OBJECT:
		*(const json_t **)at = NULL;
		break;
	}
}

/* Returns what the value should have been, or NULL when it is right and stored. */
static const char *scalar_read(const struct field_rule *rule, const json_t *value, void *at)
{
	switch (rule->kind) {
	case KIND_STRING:
		if (!json_is_string(value))
			return "a string";
		*(const char **)at = json_string_value(value);
		return NULL;
	case KIND_WORD:
		if (!json_is_string(value))
			return "a string";
		*(int *)at = word_index(rule->words, json_string_value(value));
		return *(int *)at < 0 ? "one of the words it may be" : NULL;
	case KIND_INTEGER:
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return "an integer from 0 up";
		if (rule->max && json_integer_value(value) > rule->max)
			return "a smaller number";
		*(int64_t *)at = json_integer_value(value);
		return NULL;
	case KIND_BOOL:
		if (!json_is_boolean(value))
			return "true or false";
		*(bool *)at = json_is_true(value);
		return NULL;
	default:
		return "a scalar";
	}
}

static int fields_read(const json_t *object, const struct field_rule *rules, size_t count,
		       bool strict, void *out, char *error, size_t error_size);

static const char *rows_check(const struct field_rule *rule, const json_t *value)
{
	struct failed_step row;
	char inner[128];
	const json_t *item;
	size_t i;

	if (!json_is_array(value))
		return "an array of objects";
	json_array_foreach(value, i, item)
		if (fields_read(item, rule->rows, rule->row_count, true, &row, inner,
				sizeof(inner)))
			return "an array of objects of the schema's form";
	return NULL;
}

static const char *field_read_json(const struct field_rule *rule, const json_t *value, void *at)
{
	const char *want = NULL;

	switch (rule->kind) {
	case KIND_STRINGS:
		if (!json_is_array(value) || !all_strings(value))
			want = "an array of strings";
		break;
	case KIND_ROWS:
		want = rows_check(rule, value);
		break;
	case KIND_OBJECT:
		if (!json_is_object(value))
			want = "an object";
		break;
	default:
		return scalar_read(rule, value, at);
	}
	if (!want)
		*(const json_t **)at = value;
	return want;
}

static bool has_rule(const struct field_rule *rules, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rules[i].name, name))
			return true;
	return false;
}

/* The table holds `out` too: each rule's offset is where its value goes. */
static int fields_read(const json_t *object, const struct field_rule *rules, size_t count,
		       bool strict, void *out, char *error, size_t error_size)
{
	const char *key, *want;
	const json_t *value;

	if (!json_is_object(object)) {
		snprintf(error, error_size, "not an object");
		return -EINVAL;
	}
	for (const struct field_rule *rule = rules; rule < rules + count; rule++) {
		void *at = (char *)out + rule->offset;

		value = json_object_get(object, rule->name);
		field_clear(rule, at);
		if (!value && !(rule->flags & OPTIONAL)) {
			snprintf(error, error_size, "field \"%s\" is missing", rule->name);
			return -EINVAL;
		}
		if (!value || (json_is_null(value) && (rule->flags & NULLABLE)))
			continue;
		want = field_read_json(rule, value, at);
		if (want) {
			snprintf(error, error_size, "field \"%s\" is not %s", rule->name, want);
			return -EINVAL;
		}
	}
	if (!strict)
		return 0;
	json_object_foreach((json_t *)object, key, value) {
		if (!has_rule(rules, count, key)) {
			snprintf(error, error_size, "unknown field \"%.64s\"", key);
			return -EINVAL;
		}
	}
	return 0;
}

static const struct record_rule *rule_find(const json_t *record, char *error, size_t error_size)
{
	const char *name = json_string_value(json_object_get(record, "type"));

	if (!name) {
		snprintf(error, error_size, "field \"type\" is missing or not a string");
		return NULL;
	}
	for (size_t i = 0; i < COUNT(record_rules); i++)
		if (!strcmp(record_rules[i].name, name))
			return &record_rules[i];
	snprintf(error, error_size, "unknown record type \"%.64s\"", name);
	return NULL;
}

int record_rules_read(json_t *record, struct stamp *stamp, json_t **nonce, enum record_type *type,
		      union record_line *line, char *error, size_t error_size)
{
	const struct record_rule *rule;
	char why[160];

	*nonce = NULL;
	if (fields_read(record, stamp_fields, COUNT(stamp_fields), false, stamp, error, error_size))
		return -EINVAL;
	rule = rule_find(record, error, error_size);
	if (!rule)
		return -EINVAL;
	if (!(rule->from & (1u << stamp->from))) {
		snprintf(error, error_size, "%s: may not come from %s", rule->name,
			 from_words[stamp->from]);
		return -EINVAL;
	}
	*nonce = json_incref(json_object_get(record, "nonce"));
	for (size_t i = 0; i < COUNT(stamp_fields); i++)
		json_object_del(record, stamp_fields[i].name);
	json_object_del(record, "type");
	if (fields_read(record, rule->fields, rule->count, true, line, why, sizeof(why))) {
		snprintf(error, error_size, "%s: %s", rule->name, why);
		json_decref(*nonce);
		*nonce = NULL;
		return -EINVAL;
	}
	line->json = record;
	*type = (enum record_type)(rule - record_rules);
	return 0;
}

int record_rules_read_run(const json_t *object, struct run_line *run, char *error,
			  size_t error_size)
{
	return fields_read(object, run_fields, COUNT(run_fields), false, run, error, error_size);
}

const char *record_type_name(enum record_type type)
{
	return record_rules[type].name;
}

const char *record_from_name(enum record_from from)
{
	return from_words[from];
}

const char *test_outcome_name(enum test_outcome outcome)
{
	return outcome_words[outcome];
}
