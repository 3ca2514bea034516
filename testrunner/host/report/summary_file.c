// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpf-check-summary.txt, in the layout that DESIGN.md fixes. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "host/report/find.h"
#include "host/report/render.h"

#define LINE_MAX_CHARS 500
#define NAME_COLUMNS   48 /* of "[PASS] 6.1.0-56-cloud-amd64", blanks included */

/* As date(1) prints it, whatever the locale. */
static void write_date(FILE *out, int64_t now)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t time = (time_t)now;
	struct tm tm;

	gmtime_r(&time, &tm);
	fprintf(out, "%s %s %2d %02d:%02d:%02d UTC %d", days[tm.tm_wday], months[tm.tm_mon],
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_year + 1900);
}

static const char *separator(const char **next)
{
	const char *now = *next;

	*next = ", ";
	return now;
}

/* "13 passed, 1 failed, 1.9 s" */
static void write_counts(FILE *out, const struct kernel_run *run)
{
	const struct {
		const char *title;
		size_t count;
	} counts[] = {
		{ "passed", records_count(&run->records, TEST_PASS) },
		{ "failed", records_count(&run->records, TEST_FAIL) },
		{ "skipped", records_count(&run->records, TEST_SKIP) },
	};
	const char *next = "";

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i].count || i == 0)
			fprintf(out, "%s%zu %s", separator(&next), counts[i].count,
				counts[i].title);
	if (run->has_run && run->run.wall_ms >= 0)
		fprintf(out, "%s%.1f s", separator(&next), (double)run->run.wall_ms / 1000);
}

static void write_kernel(FILE *out, const struct kernel_run *run)
{
	const struct records *records = &run->records;
	enum outcome outcome = run->verdict.outcome;
	const char *name = outcome_name(outcome);
	size_t width = strlen(name) + 3 + text_width(run->version, NAME_MAX);

	fprintf(out, "[%s] ", name);
	text_line(out, run->version, NAME_MAX);
	fprintf(out, "%*s", width + 2 <= NAME_COLUMNS ? (int)(NAME_COLUMNS - width) : 2, "");
	if (outcome == OUTCOME_PASS || outcome == OUTCOME_FAIL)
		write_counts(out, run);
	else
		text_line(out, run->verdict.reason, LINE_MAX_CHARS);
	fputc('\n', out);
	if (outcome == OUTCOME_FAIL && !records_count(records, TEST_FAIL)) {
		fprintf(out, "%*s", 7, "");
		text_line(out, run->verdict.reason, LINE_MAX_CHARS);
		fputc('\n', out);
	}
	for (size_t i = 0; i < records->item_count; i++) {
		const struct test_line *test = &records->items[i];

		if (test->outcome != TEST_FAIL)
			continue;
		fprintf(out, "%*s", 7, "");
		text_line(out, test->name, LINE_MAX_CHARS);
		fputs(": ", out);
		text_line(out, test->reason ? test->reason : "no reason given", LINE_MAX_CHARS);
		fputc('\n', out);
	}
}

static int run_compare(const void *a, const void *b)
{
	const struct kernel_run *const *left = a, *const *right = b;
	int distro = strcmp((*left)->distro, (*right)->distro);

	return distro ? distro : version_compare((*left)->version, (*right)->version);
}

int summary_file_write(FILE *out, const struct report *report)
{
	const struct kernel_run **runs =
		calloc(report->count + 1, sizeof(const struct kernel_run *));
	size_t end;

	if (!runs)
		return -ENOMEM;
	for (size_t i = 0; i < report->count; i++)
		runs[i] = &report->runs[i];
	qsort(runs, report->count, sizeof(*runs), run_compare);

	fputs("BPF check run at ", out);
	write_date(out, report->now);
	fputc('\n', out);
	for (size_t i = 0; i < report->count; i = end) {
		for (end = i; end < report->count && !strcmp(runs[end]->distro, runs[i]->distro);
		     end++)
			;
		fputc('\n', out);
		text_line(out, runs[i]->distro, NAME_MAX);
		fprintf(out, " (%zu kernel(s) to test)\n", end - i);
		for (size_t k = i; k < end; k++)
			write_kernel(out, runs[k]);
	}
	free(runs);
	return 0;
}
