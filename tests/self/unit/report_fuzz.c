// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Any bytes as the files of a run: the report must judge and show them, and never call them a pass
 * lightly. The input is run.json, records.ndjson, machine.ndjson and console.log, with a line "%%"
 * between them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/render.h"

#define SEPARATOR "%%\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

/* The line "%%" that comes first, or NULL. */
static const char *separator_find(const char *data, size_t size)
{
	const char *found = data;

	while ((found = memmem(found, size - (size_t)(found - data), SEPARATOR,
			       strlen(SEPARATOR)))) {
		if (found == data || found[-1] == '\n')
			return found;
		found++;
	}
	return NULL;
}

/* In a block of its own size each, so that ASan sees whoever reads on. */
static void files_split(struct kernel_run *run, const char *data, size_t size)
{
	for (enum run_file file = 0; file < FILE_COUNT; file++) {
		size_t len = size;
		const char *end;

		if (!data) {
			run->files[file].err = -ENOENT;
			continue;
		}
		end = file + 1 < FILE_COUNT ? separator_find(data, size) : NULL;
		if (end)
			len = (size_t)(end - data);
		run->files[file].data = malloc(len ? len : 1);
		require(run->files[file].data, "memory");
		memcpy(run->files[file].data, data, len);
		run->files[file].len = len;
		size -= len + (end ? strlen(SEPARATOR) : 0);
		data = end ? end + strlen(SEPARATOR) : NULL;
	}
}

static char *render(int (*write)(FILE *out, const struct report *report),
		    const struct report *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	require(out && write(out, report) == 0, "it can be written");
	fclose(out);
	require(strlen(text) == size, "no NUL is written");
	return text;
}

static void check_controls(const char *text)
{
	for (const char *c = text; *c; c++)
		require((unsigned char)*c >= 0x20 || *c == '\n' || *c == '\t',
			"no control character is written");
}

static size_t count_lines(const char *text, const char *start)
{
	size_t count = 0;

	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		count += strncmp(line, start, strlen(start)) == 0;
	}
	return count;
}

static void check_verdict(const struct kernel_run *run)
{
	const struct records *records = &run->records;

	require((run->verdict.outcome == OUTCOME_PASS) == !run->verdict.reason[0],
		"all but a pass has a reason");
	if (run->verdict.outcome != OUTCOME_PASS)
		return;
	require(!records->problem[0] && records->has_hello && records->has_plan &&
			records->has_exit,
		"a pass has whole records");
	require(records->exit.reason == REASON_EXITED && records->exit.status == 0,
		"a pass has status 0");
	require(records_count(records, TEST_PASS) > 0 && records_count(records, TEST_FAIL) == 0,
		"a pass has passed tests and no failed one");
	require(kernel_run_missing(run) == 0, "a pass has all tests");
	require(run->has_run || records->from_runner, "a pass has run.json");
}

static void check_forms(const struct report *report)
{
	static int (*const forms[])(FILE * out, const struct report *report) = {
		summary_write, summary_file_write, tap_write, json_write, html_write, junit_write,
	};
	size_t points = 0,
	       tests = report->runs[0].records.item_count + kernel_run_missing(report->runs) + 1;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		char *text = render(forms[i], report);

		check_controls(text);
		if (forms[i] == tap_write)
			points = count_lines(text, "ok ") + count_lines(text, "not ok ");
		if (forms[i] == junit_write)
			require(count_lines(text, "\t\t<testcase ") == tests,
				"JUnit has every test");
		if (forms[i] == json_write) {
			json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

			require(document, "the JSON report is JSON");
			json_decref(document);
		}
		free(text);
	}
	require(points == tests, "TAP has every test");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kernel_run run = { .exists = true, .path = strdup("results/a/1") };
	struct report report = { .runs = &run, .count = 1, .now = 1 };

	files_split(&run, (const char *)data, size);
	require(kernel_run_judge(&run, "a/1") == 0, "it can be judged");
	check_verdict(&run);
	check_forms(&report);
	kernel_run_free(&run);
	return 0;
}
