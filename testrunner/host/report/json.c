// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* One JSON document with everything that is known. In ASCII, so that it can be shown on any
 * terminal. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "host/report/render.h"

/* NULL, "" -> null; the reason may quote bytes of the console that are no UTF-8. */
static json_t *text_json(const char *text)
{
	json_t *json;
	char *utf8;

	if (!text || !text[0])
		return json_null();
	utf8 = text_utf8(text, strlen(text));
	json = utf8 ? json_string(utf8) : NULL;
	free(utf8);
	return json;
}

/* New reference to what the records own. */
static json_t *share(const json_t *json)
{
	return json ? json_incref((json_t *)json) : json_null();
}

static json_t *time_json(int64_t now)
{
	time_t time = (time_t)now;
	char text[32];
	struct tm tm;

	gmtime_r(&time, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

/* Tests as recorded, then those that have no record. */
static json_t *tests_json(const struct kernel_run *run)
{
	json_t *tests = json_array();
	const char *name;
	int err = 0;

	for (size_t i = 0; i < run->records.test_count; i++)
		err |= json_array_append_new(tests, share(run->records.tests[i].json));
	for (size_t i = 0; (name = records_planned_name(&run->records, i)); i++)
		if (!records_test(&run->records, name))
			err |= json_array_append_new(tests,
						     json_pack("{s:s, s:s, s:n, s:[]}", "name",
							       name, "outcome", "not run", "reason",
							       "details"));
	if (!err)
		return tests;
	json_decref(tests);
	return NULL;
}

static json_t *subtests_json(const struct records *records)
{
	json_t *subtests = json_array();
	int err = 0;

	for (size_t i = 0; i < records->item_count; i++)
		if (json_object_get(records->items[i].json, "test"))
			err |= json_array_append_new(subtests, share(records->items[i].json));
	if (!err)
		return subtests;
	json_decref(subtests);
	return NULL;
}

static json_t *probes_json(const struct records *records)
{
	json_t *probes = json_array();
	int err = 0;

	for (size_t i = 0; i < records->probe_count; i++)
		err |= json_array_append_new(probes, share(records->probes[i].json));
	if (!err)
		return probes;
	json_decref(probes);
	return NULL;
}

static json_t *events_json(const struct records *records)
{
	json_t *events = json_array();
	int err = 0;

	for (size_t i = 0; i < records->event_count; i++)
		err |= json_array_append_new(events, share(records->events[i].json));
	if (!err)
		return events;
	json_decref(events);
	return NULL;
}

static json_t *klogs_json(const struct records *records)
{
	json_t *klogs = json_array();
	int err = 0;

	for (size_t i = 0; i < records->klog_count; i++)
		err |= json_array_append_new(klogs, share(records->klogs[i].json));
	if (!err)
		return klogs;
	json_decref(klogs);
	return NULL;
}

static json_t *counts_json(const struct kernel_run *run)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "planned",
			 (json_int_t)records_planned(&run->records), "passed",
			 (json_int_t)records_count(&run->records, TEST_PASS), "failed",
			 (json_int_t)records_count(&run->records, TEST_FAIL), "skipped",
			 (json_int_t)records_count(&run->records, TEST_SKIP), "not_run",
			 (json_int_t)kernel_run_missing(run));
}

/* A member that could not be made (NULL) makes json_pack fail as a whole, and frees the others. */
static json_t *kernel_json(const struct kernel_run *run)
{
	const struct records *records = &run->records;
	const char *running = records->has_exit ? NULL : records_running(records);

	return json_pack(
		"{s:o, s:o, s:o, s:s, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I}",
		"name", text_json(run->name), "distro", text_json(run->distro), "version",
		text_json(run->version), "outcome", outcome_name(run->verdict.outcome), "exit_code",
		outcome_exit_code(run->verdict.outcome), "reason", text_json(run->verdict.reason),
		"running", text_json(running), "machine_end", text_json(run->machine.reason),
		"counts", counts_json(run), "run", share(run->has_run ? run->run_json : NULL),
		"hello", share(records->has_hello ? records->hello.json : NULL), "exit",
		share(records->has_exit ? records->exit.json : NULL), "tests", tests_json(run),
		"subtests", subtests_json(records), "probes", probes_json(records), "klog",
		klogs_json(records), "events", events_json(records), "events_left_out",
		(json_int_t)records->events_left_out);
}

int json_write(FILE *out, const struct report *report)
{
	enum outcome outcome = report_outcome(report);
	json_t *kernels = json_array(), *document;
	int err = kernels ? 0 : -ENOMEM;

	for (size_t i = 0; i < report->count && !err; i++)
		if (json_array_append_new(kernels, kernel_json(&report->runs[i])))
			err = -ENOMEM;
	document = json_pack("{s:s, s:i, s:o, s:s, s:i, s:o}", "format", "bpfcheck-report",
			     "version", 1, "time", time_json(report->now), "outcome",
			     outcome_name(outcome), "exit_code", outcome_exit_code(outcome),
			     "kernels", kernels);
	if (!document)
		err = -ENOMEM;
	if (!err && json_dumpf(document, out, JSON_INDENT(2) | JSON_ENSURE_ASCII))
		err = -ENOMEM;
	if (!err)
		fputc('\n', out);
	json_decref(document);
	return err;
}
