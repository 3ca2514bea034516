// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* JUnit XML, in the dialect that Jenkins and GitLab have in common: one testsuite a kernel. */
#include <string.h>

#include "base/text.h"
#include "host/report/render.h"

struct totals {
	size_t tests, failures, errors, skipped;
	int64_t ms;
};

/* The tests are blameless, or there are none: what happened happened to the kernel. */
static bool kernel_is_error(const struct kernel_run *run)
{
	enum outcome outcome = run->verdict.outcome;

	return outcome != OUTCOME_PASS &&
	       (outcome != OUTCOME_FAIL || !records_count(&run->records, TEST_FAIL));
}

/* Where run.json does not know the time, the tests' own is the best there is. */
static int64_t run_ms(const struct kernel_run *run)
{
	int64_t ms = 0;

	if (run->has_run && run->run.wall_ms >= 0)
		return run->run.wall_ms;
	for (size_t i = 0; i < run->records.test_count; i++)
		if (run->records.tests[i].duration_ms < INT64_MAX - ms)
			ms += run->records.tests[i].duration_ms;
	return ms;
}

/* Every kernel has one test case more than tests: its own verdict. */
static void totals_add(struct totals *totals, const struct kernel_run *run)
{
	size_t missing = kernel_run_missing(run);
	int64_t ms = run_ms(run);

	totals->tests += run->records.item_count + missing + 1;
	totals->failures += records_count(&run->records, TEST_FAIL);
	totals->errors += missing + kernel_is_error(run);
	totals->skipped += records_count(&run->records, TEST_SKIP);
	if (ms < INT64_MAX - totals->ms)
		totals->ms += ms;
}

static void write_attribute(FILE *out, const char *name, const char *value)
{
	fprintf(out, " %s=\"", name);
	text_attribute(out, value);
	fputc('"', out);
}

static void write_time(FILE *out, int64_t ms)
{
	fprintf(out, " time=\"%lld.%03lld\"", (long long)(ms / 1000), (long long)(ms % 1000));
}

/* Jenkins makes a package of what stands before the last dot: "debian", "6_1_0-56-cloud-amd64". */
static void write_case_start(FILE *out, const struct kernel_run *run, const char *name, int64_t ms)
{
	fputs("\t\t<testcase", out);
	write_attribute(out, "name", name);
	fputs(" classname=\"", out);
	text_attribute(out, run->distro);
	fputc('.', out);
	for (const char *c = run->version; *c; c++) {
		if (*c == '.')
			fputc('_', out);
		else if ((unsigned char)*c > 0x20 && (unsigned char)*c < 0x7f &&
			 !strchr("\"&<>'", *c))
			fputc(*c, out);
	}
	fputc('"', out);
	write_time(out, ms);
}

static void write_element_start(FILE *out, const char *element, const char *type,
				const char *message)
{
	fprintf(out, "\t\t\t<%s", element);
	write_attribute(out, "message", message);
	if (type)
		write_attribute(out, "type", type);
}

static void write_failure(FILE *out, const struct test_line *test)
{
	const json_t *detail;
	size_t i;

	write_element_start(out, "failure", "FAIL",
			    test->reason ? test->reason : "no reason given");
	fputc('>', out);
	json_array_foreach(test->details, i, detail) {
		text_xml(out, json_string_value(detail), json_string_length(detail));
		fputc('\n', out);
	}
	if (test->dropped)
		fprintf(out, "%lld events dropped\n", (long long)test->dropped);
	fputs("</failure>\n", out);
}

static void write_test(FILE *out, const struct kernel_run *run, const struct test_line *test)
{
	write_case_start(out, run, test->name, test->duration_ms < 0 ? 0 : test->duration_ms);
	if (test->outcome == TEST_PASS) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	if (test->outcome == TEST_FAIL) {
		write_failure(out, test);
	} else {
		write_element_start(out, "skipped", NULL,
				    test->reason ? test->reason : "no reason given");
		fputs("/>\n", out);
	}
	fputs("\t\t</testcase>\n", out);
}

/* Planned, without a record: the one that was running when the records ended, and those that never
 * began. */
static void write_missing(FILE *out, const struct kernel_run *run)
{
	const char *running = records_running(&run->records), *name;

	for (size_t i = 0; (name = records_planned_name(&run->records, i)); i++) {
		if (records_test(&run->records, name))
			continue;
		write_case_start(out, run, name, 0);
		fputs(">\n", out);
		if (running && !strcmp(name, running))
			write_element_start(out, "error", outcome_name(run->verdict.outcome),
					    run->verdict.reason);
		else
			write_element_start(out, "error", "not run", "not run");
		fputs("/>\n\t\t</testcase>\n", out);
	}
}

static void write_verdict(FILE *out, const struct kernel_run *run)
{
	write_case_start(out, run, "kernel", 0);
	if (!kernel_is_error(run)) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	write_element_start(out, "error", outcome_name(run->verdict.outcome), run->verdict.reason);
	fputs("/>\n\t\t</testcase>\n", out);
}

static void write_property(FILE *out, const char *name, const char *value)
{
	if (!value)
		return;
	fputs("\t\t\t<property", out);
	write_attribute(out, "name", name);
	write_attribute(out, "value", value);
	fputs("/>\n", out);
}

static void write_totals(FILE *out, const struct totals *totals)
{
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", totals->tests,
		totals->failures, totals->errors);
	write_time(out, totals->ms);
}

static void write_suite(FILE *out, const struct kernel_run *run)
{
	struct totals totals = { 0 };

	totals_add(&totals, run);
	fputs("\t<testsuite", out);
	write_attribute(out, "name", run->name);
	write_totals(out, &totals);
	fprintf(out, " skipped=\"%zu\"", totals.skipped);
	write_attribute(out, "hostname", run->version);
	fputs(">\n\t\t<properties>\n", out);
	write_property(out, "outcome", outcome_name(run->verdict.outcome));
	write_property(out, "release", run->records.has_hello ? run->records.hello.release : NULL);
	write_property(out, "machine", run->records.has_hello ? run->records.hello.machine : NULL);
	write_property(out, "accel", run->has_run ? run->run.accel : NULL);
	fputs("\t\t</properties>\n", out);
	for (size_t i = 0; i < run->records.item_count; i++)
		write_test(out, run, &run->records.items[i]);
	write_missing(out, run);
	write_verdict(out, run);
	if (run->verdict.outcome != OUTCOME_PASS && run->console.shown_len) {
		fputs("\t\t<system-out>", out);
		text_xml(out, run->console.shown, run->console.shown_len);
		fputs("</system-out>\n", out);
	}
	fputs("\t</testsuite>\n", out);
}

int junit_write(FILE *out, const struct report *report)
{
	struct totals totals = { 0 };

	for (size_t i = 0; i < report->count; i++)
		totals_add(&totals, &report->runs[i]);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"bpfcheck\"", out);
	write_totals(out, &totals);
	fputs(">\n", out);
	for (size_t i = 0; i < report->count; i++)
		write_suite(out, &report->runs[i]);
	fputs("</testsuites>\n", out);
	return 0;
}
