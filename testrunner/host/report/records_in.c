// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Records in: splits NDJSON into lines, checks each and their order, and keeps what the report
 * needs. */
#include "host/report/records_in.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"

/* A guest decides how much it writes: bytes of memory, about, for its events, and for everything
 * else. */
#define KEEP_EVENTS_MAX (16u * 1024 * 1024)
#define KEEP_MAX	(128u * 1024 * 1024)

struct reader {
	struct records *records;
	json_t *nonce; /* this run's; NULL until a runner's hello has brought it */
	size_t line;   /* 1-based */
	int64_t next_seq;
	size_t kept, kept_events; /* bytes of memory */
};

void records_set_problem(struct records *records, const char *fmt, ...)
{
	va_list args;

	if (records->problem[0])
		return;
	va_start(args, fmt);
	vsnprintf(records->problem, sizeof(records->problem), fmt, args);
	va_end(args);
}

/* The element is zeroed. NULL when out of memory. */
static void *array_push(void *array_pointer, size_t *count, size_t size)
{
	void **array = array_pointer;
	void *grown;

	if ((*count & (*count - 1)) == 0) {
		grown = reallocarray(*array, *count ? *count * 2 : 1, size);
		if (!grown)
			return NULL;
		*array = grown;
	}
	return memset((char *)*array + (*count)++ * size, 0, size);
}

static int keep_hello(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;

	if (records->has_hello) {
		records_set_problem(records, "line %zu: a second hello", reader->line);
		return 0;
	}
	records->has_hello = true;
	records->hello = line->hello;
	return 0;
}

static int keep_plan(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;
	const json_t *name;
	size_t i;

	if (records->has_plan) {
		records_set_problem(records, "line %zu: a second plan", reader->line);
		return 0;
	}
	json_array_foreach(line->plan.tests, i, name) {
		if (json_object_get(records->planned, json_string_value(name))) {
			records_set_problem(records, "line %zu: plan: \"%.64s\" is there twice",
					    reader->line, json_string_value(name));
			json_object_clear(records->planned);
			return 0;
		}
		if (json_object_set_new(records->planned, json_string_value(name),
					json_integer((json_int_t)i)))
			return -ENOMEM;
	}
	records->has_plan = true;
	records->plan = line->plan;
	return 0;
}

static int keep_command(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;

	(void)line;
	if (records->has_command)
		records_set_problem(records, "line %zu: a second command", reader->line);
	records->has_command = true;
	return 0;
}

static int keep_output(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;

	if (!records->has_command || records->has_output)
		records_set_problem(records, "line %zu: output of no command", reader->line);
	records->has_output = true;
	records->output = line->output;
	return 0;
}

/* One file after the other, each from its beginning. */
static int keep_file(struct reader *reader, const union record_line *line)
{
	const struct file_line *part = &line->file;
	struct records *records = reader->records;
	struct file_in *file = records->file_count ? &records->files[records->file_count - 1] :
						     NULL;

	if (!file || file->ended) {
		file = array_push(&records->files, &records->file_count, sizeof(*file));
		if (!file)
			return -ENOMEM;
		file->name = part->name;
	}
	if (part->bytes < 0 || strcmp(file->name, part->name) != 0 || part->offset != file->size)
		records_set_problem(records, "line %zu: file: not what comes next of \"%.64s\"",
				    reader->line, file->name);
	file->error = part->error;
	file->size += part->bytes > 0 ? part->bytes : 0;
	file->ended = part->last;
	return 0;
}

static bool is_planned(struct reader *reader, const char *what, const char *name)
{
	if (json_object_get(reader->records->planned, name))
		return true;
	records_set_problem(reader->records, "line %zu: %s: \"%.64s\" is not in the plan",
			    reader->line, what, name);
	return false;
}

/* In the form of a test, under the name "TEST: NAME". */
static int keep_subtest(struct reader *reader, const union record_line *line)
{
	const struct subtest_line *subtest = &line->subtest;
	struct records *records = reader->records;
	json_t *names, *name;
	struct test_line *item;

	if (!is_planned(reader, "subtest", subtest->test))
		return 0;
	names = json_object_get(records->subtests_of, subtest->test);
	if (json_object_get(records->finished, subtest->test) ||
	    json_object_get(names, subtest->name)) {
		records_set_problem(records, "line %zu: subtest: a second record of \"%.64s\"",
				    reader->line, subtest->name);
		return 0;
	}
	name = json_sprintf("%s: %s", subtest->test, subtest->name);
	item = array_push(&records->items, &records->item_count, sizeof(*item));
	if (!names && item)
		json_object_set_new(records->subtests_of, subtest->test, names = json_object());
	if (!item || json_array_append_new(records->kept, name) ||
	    json_object_set_new(names, subtest->name,
				json_integer((json_int_t)records->item_count - 1)))
		return -ENOMEM;
	*item = (struct test_line){ .json = subtest->json,
				    .name = json_string_value(name),
				    .reason = subtest->reason,
				    .outcome = subtest->outcome,
				    .details = subtest->details,
				    .duration_ms = subtest->duration_ms };
	return 0;
}

static size_t subtests_failed(const struct records *records, const char *test)
{
	json_t *subtests = json_object_get(records->subtests_of, test), *index;
	const char *name;
	size_t failed = 0;

	json_object_foreach(subtests, name, index)
		failed += records->items[json_integer_value(index)].outcome == TEST_FAIL;
	return failed;
}

static int keep_test(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;
	struct test_line *test;

	if (!is_planned(reader, "test", line->test.name))
		return 0;
	if (json_object_get(records->finished, line->test.name)) {
		records_set_problem(records, "line %zu: test: a second record of \"%.64s\"",
				    reader->line, line->test.name);
		return 0;
	}
	if (json_object_set_new(records->finished, line->test.name,
				json_integer((json_int_t)records->test_count)))
		return -ENOMEM;
	test = array_push(&records->tests, &records->test_count, sizeof(*test));
	if (!test)
		return -ENOMEM;
	*test = line->test;
	if (test->outcome == TEST_PASS && subtests_failed(records, test->name))
		records_set_problem(records,
				    "line %zu: test: \"%.64s\" passed, but not its subtests",
				    reader->line, test->name);
	if (!records_counts_itself(records, test))
		return 0;
	test = array_push(&records->items, &records->item_count, sizeof(*test));
	if (!test)
		return -ENOMEM;
	*test = line->test;
	return 0;
}

static int keep_probe(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;
	struct probe_line *probe =
		array_push(&records->probes, &records->probe_count, sizeof(*probe));

	if (!probe)
		return -ENOMEM;
	*probe = line->probe;
	return 0;
}

static int keep_event(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;
	struct event_line *event;
	json_t *indices;

	if (!is_planned(reader, "event", line->event.test))
		return 0;
	event = array_push(&records->events, &records->event_count, sizeof(*event));
	if (!event)
		return -ENOMEM;
	*event = line->event;
	indices = json_object_get(records->events_of, event->test);
	if (!indices) {
		indices = json_array();
		if (json_object_set_new(records->events_of, event->test, indices))
			return -ENOMEM;
	}
	return json_array_append_new(indices, json_integer((json_int_t)records->event_count - 1)) ?
		       -ENOMEM :
		       0;
}

static int keep_klog(struct reader *reader, const union record_line *line)
{
	struct records *records = reader->records;
	struct klog_line *klog = array_push(&records->klogs, &records->klog_count, sizeof(*klog));

	if (!klog)
		return -ENOMEM;
	*klog = line->klog;
	return 0;
}

static int keep_exit(struct reader *reader, const union record_line *line)
{
	reader->records->has_exit = true;
	reader->records->exit = line->exit;
	return 0;
}

static int (*const handlers[])(struct reader *reader, const union record_line *line) = {
	[RECORD_HELLO] = keep_hello,   [RECORD_PLAN] = keep_plan,
	[RECORD_PROBE] = keep_probe,   [RECORD_COMMAND] = keep_command,
	[RECORD_OUTPUT] = keep_output, [RECORD_EVENT] = keep_event,
	[RECORD_FILE] = keep_file,     [RECORD_SUBTEST] = keep_subtest,
	[RECORD_TEST] = keep_test,     [RECORD_KLOG] = keep_klog,
	[RECORD_EXIT] = keep_exit,
};

/* Is the line this run's? The nonce is the only thing that tells; without run.json it is the first
 * runner's. */
static bool nonce_is_ours(struct reader *reader, const struct stamp *stamp, json_t *nonce)
{
	if (!reader->nonce && stamp->from == FROM_RUNNER)
		reader->nonce = json_incref(nonce);
	if (reader->nonce && json_equal(reader->nonce, nonce))
		return true;
	reader->records->other_runs++;
	records_set_problem(reader->records, "line %zu: of another run (nonce %.32s)", reader->line,
			    stamp->nonce);
	return false;
}

static void check_order(struct reader *reader, const struct stamp *stamp, enum record_kind type)
{
	struct records *records = reader->records;

	if (records->lines == 0)
		records->from_runner = stamp->from == FROM_RUNNER;
	else if (records->from_runner != (stamp->from == FROM_RUNNER))
		records_set_problem(records, "line %zu: from %s, unlike those before", reader->line,
				    record_from_name((enum record_from)stamp->from));
	/* A line that could not be read took a number, but is the first problem already. */
	if (stamp->seq != reader->next_seq)
		records_set_problem(records, "line %zu: seq %lld where %lld was due", reader->line,
				    (long long)stamp->seq, (long long)reader->next_seq);
	reader->next_seq = stamp->seq < INT64_MAX ? stamp->seq + 1 : 0;
	if (records->has_exit)
		records_set_problem(records, "line %zu: %s after exit", reader->line,
				    record_rules[type].name);
	if (!records->has_hello && type != RECORD_HELLO && type != RECORD_KLOG &&
	    type != RECORD_EXIT)
		records_set_problem(records, "line %zu: %s before hello", reader->line,
				    record_rules[type].name);
}

/* Roughly the memory that it takes: "[[],[],[]...]" is 40 times its text. jansson bounds the depth.
 */
static size_t json_weight(const json_t *json)
{
	size_t weight = 64, i;
	const json_t *item;
	const char *key;

	if (json_is_string(json))
		weight += json_string_length(json);
	json_array_foreach(json, i, item)
		weight += json_weight(item);
	json_object_foreach((json_t *)json, key, item)
		weight += 64 + strlen(key) + json_weight(item);
	return weight;
}

/* False: over the limit, not kept. */
static bool has_room(struct reader *reader, enum record_kind type, const json_t *record)
{
	bool is_event = type == RECORD_EVENT;
	size_t *kept = is_event ? &reader->kept_events : &reader->kept;
	size_t weight = json_weight(record), limit = is_event ? KEEP_EVENTS_MAX : KEEP_MAX;

	if (weight <= limit - *kept) {
		*kept += weight;
		return true;
	}
	if (is_event)
		reader->records->events_left_out++;
	else
		records_set_problem(reader->records, "line %zu: too many records to keep",
				    reader->line);
	return false;
}

/* A file's bytes are files_in.c's business. */
static void data_drop(json_t *record, struct file_line *file)
{
	file->bytes = base64_decode(file->data, strlen(file->data), NULL);
	file->data = NULL;
	json_object_del(record, "data");
}

static int record_take(struct reader *reader, json_t *record)
{
	union record_line line;
	enum record_kind type;
	struct stamp stamp;
	json_t *nonce;
	char why[224];
	bool ours;

	if (record_rules_read(record, &stamp, &nonce, &type, &line, why, sizeof(why))) {
		records_set_problem(reader->records, "line %zu: %s", reader->line, why);
		return 0;
	}
	ours = nonce_is_ours(reader, &stamp, nonce);
	json_decref(nonce);
	if (!ours)
		return 0;
	check_order(reader, &stamp, type);
	reader->records->lines++;
	reader->records->payload += stamp.from == FROM_PAYLOAD;
	if (type == RECORD_FILE)
		data_drop(record, &line.file);
	if (reader->records->has_exit || !has_room(reader, type, record))
		return 0;
	if (json_array_append(reader->records->kept, record))
		return -ENOMEM;
	return handlers[type](reader, &line);
}

static int line_take(struct reader *reader, const char *line, size_t len)
{
	json_error_t error;
	json_t *record;
	int err;

	if (len > RECORD_LINE_MAX) {
		records_set_problem(reader->records, "line %zu: longer than %u bytes", reader->line,
				    RECORD_LINE_MAX);
		return 0;
	}
	record = json_loadb(line, len, JSON_REJECT_DUPLICATES, &error);
	if (!record) {
		if (json_error_code(&error) == json_error_out_of_memory)
			return -ENOMEM;
		records_set_problem(reader->records, "line %zu: not JSON: %s", reader->line,
				    error.text);
		return 0;
	}
	err = record_take(reader, record);
	json_decref(record);
	return err;
}

int records_parse(const char *data, size_t len, const char *nonce, struct records *records)
{
	struct reader reader = { .records = records };
	const char *at = data, *end = data + len, *newline;
	int err = -ENOMEM;

	memset(records, 0, sizeof(*records));
	records->planned = json_object();
	records->finished = json_object();
	records->events_of = json_object();
	records->subtests_of = json_object();
	records->kept = json_array();
	if (!records->planned || !records->finished || !records->events_of ||
	    !records->subtests_of || !records->kept)
		goto out;
	if (nonce && !(reader.nonce = json_string(nonce)))
		goto out;
	for (err = 0; !err && at < end; at = newline + 1) {
		newline = memchr(at, '\n', (size_t)(end - at));
		reader.line++;
		if (!newline) {
			records->cut_short = true;
			break;
		}
		err = line_take(&reader, at, (size_t)(newline - at));
	}
out:
	json_decref(reader.nonce);
	return err;
}

void records_free(struct records *records)
{
	free(records->tests);
	free(records->items);
	free(records->probes);
	free(records->klogs);
	free(records->files);
	free(records->events);
	json_decref(records->planned);
	json_decref(records->finished);
	json_decref(records->events_of);
	json_decref(records->subtests_of);
	json_decref(records->kept);
	memset(records, 0, sizeof(*records));
}

size_t records_planned(const struct records *records)
{
	return json_array_size(records->plan.tests);
}

const char *records_planned_name(const struct records *records, size_t index)
{
	return json_string_value(json_array_get(records->plan.tests, index));
}

const struct test_line *records_test(const struct records *records, const char *name)
{
	const json_t *index = json_object_get(records->finished, name);

	return index ? &records->tests[json_integer_value(index)] : NULL;
}

size_t records_events(const struct records *records, const char *test)
{
	return json_array_size(json_object_get(records->events_of, test));
}

const struct event_line *records_event(const struct records *records, const char *test,
				       size_t index)
{
	const json_t *at = json_array_get(json_object_get(records->events_of, test), index);

	return at ? &records->events[json_integer_value(at)] : NULL;
}

const struct test_line *records_subtest(const struct records *records, const char *test,
					const char *name)
{
	const json_t *index = json_object_get(json_object_get(records->subtests_of, test), name);

	return index ? &records->items[json_integer_value(index)] : NULL;
}

size_t records_subtests(const struct records *records, const char *test)
{
	return json_object_size(json_object_get(records->subtests_of, test));
}

bool records_counts_itself(const struct records *records, const struct test_line *test)
{
	return records_subtests(records, test->name) == 0 ||
	       (test->outcome == TEST_FAIL &&
		(json_array_size(test->details) > 0 || !subtests_failed(records, test->name)));
}

size_t records_first_detail(const struct test_line *test)
{
	const char *first = json_string_value(json_array_get(test->details, 0));

	return first && test->reason && !strcmp(first, test->reason);
}

size_t records_count(const struct records *records, enum test_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < records->item_count; i++)
		count += records->items[i].outcome == (int)outcome;
	return count;
}

const char *records_running(const struct records *records)
{
	size_t i = 0, planned = records_planned(records);

	if (records->test_count) {
		const char *last = records->tests[records->test_count - 1].name;

		i = (size_t)json_integer_value(json_object_get(records->planned, last)) + 1;
	}
	while (i < planned && records_test(records, records_planned_name(records, i)))
		i++;
	return records_planned_name(records, i);
}
