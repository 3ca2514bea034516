// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The summary on the terminal. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/report/render.h"
#include "host/report/skips.h"
#include "record/verifier_log.h"

#define COUNT(array)   (sizeof(array) / sizeof((array)[0]))
#define LINE_MAX_CHARS 300
#define NAME_MAX_CHARS (2 * NAME_MAX + 1)
#define DETAILS_MAX    8
#define TESTS_MAX      40
#define SKIPS_MAX      40
#define PROBES_MAX     6
#define LOG_LINES_MAX  5

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void write_head(FILE *out, const struct report *report)
{
	const char *accel = NULL;
	bool mixed = false;

	for (size_t i = 0; i < report->count; i++) {
		const struct kernel_run *run = &report->runs[i];

		if (!run->has_run || !run->run.accel)
			continue;
		mixed |= accel && strcmp(accel, run->run.accel);
		accel = run->run.accel;
	}
	fprintf(out, "bpfcheck  %zu kernel%s", report->count, plural(report->count));
	if (report->jobs > 0)
		fprintf(out, "  %ld job%s", report->jobs, plural((size_t)report->jobs));
	if (accel) {
		fputs("  ", out);
		text_line(out, mixed ? "kvm and tcg" : accel, 16);
	}
	fputc('\n', out);
}

struct layout {
	size_t label; /* columns of "[PASS] debian/6.1..." */
	int passed;   /* digits */
};

static size_t label_width(const struct kernel_run *run)
{
	return strlen("[] ") + strlen(outcome_name(run->verdict.outcome)) +
	       text_width(run->name, NAME_MAX_CHARS);
}

static void layout_measure(const struct report *report, struct layout *layout)
{
	memset(layout, 0, sizeof(*layout));
	for (size_t i = 0; i < report->count; i++) {
		const struct kernel_run *run = &report->runs[i];
		int digits = snprintf(NULL, 0, "%zu", records_count(&run->records, TEST_PASS));

		if (label_width(run) > layout->label)
			layout->label = label_width(run);
		if (digits > layout->passed)
			layout->passed = digits;
	}
}

static void write_row(FILE *out, const struct kernel_run *run, const struct layout *layout)
{
	const struct records *records = &run->records;
	const struct {
		const char *title;
		size_t count;
	} counts[] = {
		{ "failed", records_count(records, TEST_FAIL) },
		{ "not run", kernel_run_missing(run) },
		{ "skipped", records_count(records, TEST_SKIP) },
	};
	int gap = (int)(layout->label - label_width(run)) + 4;
	char end[64];

	fprintf(out, "[%s] ", outcome_name(run->verdict.outcome));
	text_line(out, run->name, NAME_MAX_CHARS);
	/* Without a plan there is nothing to count. */
	if (records->has_plan) {
		fprintf(out, "%*s%*zu passed", gap, "", layout->passed,
			records_count(records, TEST_PASS));
		gap = 3;
	}
	if (command_end(records, end, sizeof(end))) {
		fprintf(out, "%*s%s", gap, "", end);
		gap = 3;
	}
	for (size_t i = 0; i < COUNT(counts); i++)
		if (counts[i].count)
			fprintf(out, "%*s%zu %s", gap, "", counts[i].count, counts[i].title);
	if (run->has_run && run->run.wall_ms >= 0)
		fprintf(out, "%*s%.1f s", gap, "", (double)run->run.wall_ms / 1000);
	fputc('\n', out);
}

static void write_indented(FILE *out, int indent, const char *text)
{
	fprintf(out, "%*s", indent, "");
	text_line(out, text, LINE_MAX_CHARS);
	fputc('\n', out);
}

static void write_failed_test(FILE *out, const struct kernel_run *run, const struct test_line *test)
{
	const char *reason = test->reason ? test->reason : "no reason given";
	size_t count = json_array_size(test->details), first = records_first_detail(test);

	fprintf(out, "%*s", 7, "");
	text_line(out, test->name, LINE_MAX_CHARS);
	fputs(": ", out);
	text_line(out, reason, LINE_MAX_CHARS);
	fputc('\n', out);
	for (size_t i = first; i < count && i < first + DETAILS_MAX; i++)
		write_indented(out, 11, json_string_value(json_array_get(test->details, i)));
	if (count > first + DETAILS_MAX) {
		fprintf(out, "%*s(%zu more lines in ", 11, "", count - first - DETAILS_MAX);
		text_line(out, run->path, LINE_MAX_CHARS);
		fputs("/junit.xml)\n", out);
	}
}

/* Show the verifier's reason; leave out its statistics. */
static void write_log_end(FILE *out, const char *log)
{
	const char *reason = verifier_log_reason(log), *at, *line_end;
	const char *end = *reason ? strchrnul(reason, '\n') : strchr(log, '\0');
	size_t lines = 0;

	for (at = end; at > log && lines < LOG_LINES_MAX;) {
		at--;
		if (at == log || at[-1] == '\n')
			lines++;
	}
	for (; at < end; at = line_end + 1) {
		char *line;

		line_end = strchrnul(at, '\n');
		line = strndup(at, (size_t)(line_end - at));
		if (line && line[0])
			write_indented(out, 11, line);
		free(line);
	}
}

static void write_failed_probes(FILE *out, const struct kernel_run *run)
{
	size_t shown = 0, failed = 0;

	for (size_t i = 0; i < run->records.probe_count; i++) {
		const struct probe_line *probe = &run->records.probes[i];

		if (!probe->error || (probe->loaded && probe->attached) || failed++ >= PROBES_MAX)
			continue;
		shown++;
		fprintf(out, "%*sprobe ", 7, "");
		text_line(out, probe->object, LINE_MAX_CHARS);
		fputc(' ', out);
		text_line(out, probe->program, LINE_MAX_CHARS);
		fprintf(out, " does not %s: ", probe->loaded ? "attach" : "load");
		text_line(out, probe->error, LINE_MAX_CHARS);
		fputc('\n', out);
		if (probe->log)
			write_log_end(out, probe->log);
	}
	if (failed > shown)
		fprintf(out, "%*s(%zu more probes)\n", 7, "", failed - shown);
}

static void write_failed_tests(FILE *out, const struct kernel_run *run)
{
	const struct records *records = &run->records;
	size_t failed = 0;

	for (size_t i = 0; i < records->item_count; i++)
		if (records->items[i].outcome == TEST_FAIL && failed++ < TESTS_MAX)
			write_failed_test(out, run, &records->items[i]);
	if (failed > TESTS_MAX) {
		fprintf(out, "%*s(%zu more failed tests in ", 7, "", failed - TESTS_MAX);
		text_line(out, run->path, LINE_MAX_CHARS);
		fputs("/junit.xml)\n", out);
	}
}

static void write_drops(FILE *out, const struct records *records)
{
	size_t tests = 0;

	for (size_t i = 0; i < records->item_count; i++) {
		const struct test_line *test = &records->items[i];

		/* A test that passed with drops is about drops. */
		if (!test->dropped || test->outcome == TEST_PASS || tests++ >= TESTS_MAX)
			continue;
		fprintf(out, "%*s", 7, "");
		text_line(out, test->name, LINE_MAX_CHARS);
		fprintf(out, ": %lld event%s dropped\n", (long long)test->dropped,
			plural((size_t)test->dropped));
	}
	if (tests > TESTS_MAX)
		fprintf(out, "%*s(%zu more tests with events dropped)\n", 7, "", tests - TESTS_MAX);
}

/* Of tests that passed: what people should know of how. */
static void write_notes(FILE *out, const struct records *records)
{
	size_t tests = 0;

	for (size_t i = 0; i < records->item_count; i++) {
		const struct test_line *test = &records->items[i];
		const char *note = json_string_value(json_array_get(test->details, 0));

		if (test->outcome != TEST_PASS || !note || tests++ >= TESTS_MAX)
			continue;
		fprintf(out, "%*s", 7, "");
		text_line(out, test->name, LINE_MAX_CHARS);
		fputs(": ", out);
		text_line(out, note, LINE_MAX_CHARS);
		fputc('\n', out);
	}
	if (tests > TESTS_MAX)
		fprintf(out, "%*s(%zu more tests with notes)\n", 7, "", tests - TESTS_MAX);
}

static void write_files(FILE *out, const struct kernel_run *run)
{
	const struct records *records = &run->records;
	size_t whole = 0, broken = 0;

	for (size_t i = 0; i < records->file_count; i++)
		whole += records->files[i].ended && !records->files[i].error;
	if (whole) {
		fprintf(out, "%*s%zu file%s in ", 7, "", whole, plural(whole));
		text_line(out, run->path, LINE_MAX_CHARS);
		fputs("/collected\n", out);
	}
	for (size_t i = 0; i < records->file_count; i++) {
		const struct file_in *file = &records->files[i];

		if ((file->ended && !file->error) || broken++ >= SKIPS_MAX)
			continue;
		fprintf(out, "%*scollected %lld bytes of ", 7, "", (long long)file->size);
		text_line(out, file->name, LINE_MAX_CHARS);
		fputs(": ", out);
		text_line(out, file->error ? file->error : "the rest did not come", LINE_MAX_CHARS);
		fputc('\n', out);
	}
	if (broken > SKIPS_MAX)
		fprintf(out, "%*s(%zu more files that are not whole)\n", 7, "", broken - SKIPS_MAX);
}

static void write_why(FILE *out, const struct kernel_run *run)
{
	const struct records *records = &run->records;
	char end[64];

	/*
	 * The tests that failed are listed below, the row says how a command ended: a reason that
	 * only says so would be said twice.
	 */
	if (run->verdict.outcome != OUTCOME_PASS &&
	    (run->verdict.outcome != OUTCOME_FAIL ||
	     (!records_count(records, TEST_FAIL) && !command_end(records, end, sizeof(end))) ||
	     records->exit.status == 0))
		write_indented(out, 7, run->verdict.reason);
	if (run->verdict.outcome > OUTCOME_FAIL && run->console.shown_len) {
		fprintf(out, "%*ssee ", 7, "");
		text_line(out, run->path, LINE_MAX_CHARS);
		fputs("/console.log\n", out);
	}
	write_failed_tests(out, run);
	write_drops(out, records);
	write_notes(out, records);
	write_failed_probes(out, run);
	write_files(out, run);
}

static void write_skip_group(FILE *out, const struct report *report, const struct skip_group *group)
{
	bool everywhere = group->run_count == report->count;

	fputs("  ", out);
	text_line(out, group->reason, LINE_MAX_CHARS);
	fputs(everywhere && report->count > 1 ? ", on every kernel\n" : "\n", out);
	for (size_t i = 0; i < group->test_count && i < TESTS_MAX; i++)
		write_indented(out, 6, group->tests[i]);
	if (group->test_count > TESTS_MAX)
		fprintf(out, "%*s(%zu more tests)\n", 6, "", group->test_count - TESTS_MAX);
	for (size_t i = 0; i < group->run_count && !everywhere; i++) {
		fprintf(out, "%*son ", 6, "");
		text_line(out, group->runs[i]->name, LINE_MAX_CHARS);
		fputc('\n', out);
	}
}

static void write_skips(FILE *out, const struct report *report, const struct skip_group *groups,
			size_t count)
{
	if (count)
		fputs("\nSkipped:\n", out);
	for (size_t i = 0; i < count && i < SKIPS_MAX; i++)
		write_skip_group(out, report, &groups[i]);
	if (count > SKIPS_MAX)
		fprintf(out, "  (%zu more reasons)\n", count - SKIPS_MAX);
}

/* "PANIC: 1 of 3 kernels passed, 1 FAIL, 1 PANIC" */
static void write_end(FILE *out, const struct report *report)
{
	size_t counts[OUTCOME_INFRA + 1] = { 0 };

	for (size_t i = 0; i < report->count; i++)
		counts[report->runs[i].verdict.outcome]++;
	fprintf(out, "\n%s: %zu of %zu kernel%s passed", outcome_name(report_outcome(report)),
		counts[OUTCOME_PASS], report->count, plural(report->count));
	for (int outcome = OUTCOME_NOTRUN; outcome <= OUTCOME_INFRA; outcome++)
		if (counts[outcome])
			fprintf(out, ", %zu %s", counts[outcome],
				outcome_name((enum outcome)outcome));
	fputc('\n', out);
}

int summary_write(FILE *out, const struct report *report)
{
	struct skip_group *groups;
	struct layout layout;
	size_t count;
	int err = skips_group(report, &groups, &count);

	if (err)
		return err;
	layout_measure(report, &layout);
	write_head(out, report);
	for (size_t i = 0; i < report->count; i++) {
		write_row(out, &report->runs[i], &layout);
		write_why(out, &report->runs[i]);
	}
	write_skips(out, report, groups, count);
	write_end(out, report);
	skips_free(groups, count);
	return 0;
}
