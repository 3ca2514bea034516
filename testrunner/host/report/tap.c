// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* TAP version 14: a test point for every test on every kernel, and one for each kernel itself. */
#include <string.h>

#include "base/text.h"
#include "host/report/render.h"

struct tap {
	FILE *out;
	size_t number;
};

static void point_write(struct tap *tap, bool ok, const struct kernel_run *run, const char *what)
{
	fprintf(tap->out, "%sok %zu - ", ok ? "" : "not ", ++tap->number);
	text_tap(tap->out, run->name);
	if (what) {
		fputc(' ', tap->out);
		text_tap(tap->out, what);
	}
}

static void yaml_start(struct tap *tap, const char *outcome, const char *reason)
{
	fprintf(tap->out, "  ---\n  outcome: %s\n  reason: ", outcome);
	text_quoted(tap->out, reason);
	fputc('\n', tap->out);
}

static void yaml_end(struct tap *tap)
{
	fputs("  ...\n", tap->out);
}

static void test_write(struct tap *tap, const struct kernel_run *run, const struct test_line *test)
{
	const char *reason = test->reason ? test->reason : "no reason given";
	const json_t *detail;
	size_t i;

	point_write(tap, test->outcome != TEST_FAIL, run, test->name);
	if (test->outcome == TEST_SKIP) {
		fputs(" # SKIP ", tap->out);
		text_tap(tap->out, reason);
	}
	fputc('\n', tap->out);
	if (test->outcome != TEST_FAIL)
		return;
	yaml_start(tap, "fail", reason);
	if (test->duration_ms >= 0)
		fprintf(tap->out, "  duration_ms: %lld\n", (long long)test->duration_ms);
	if (test->dropped)
		fprintf(tap->out, "  events_dropped: %lld\n", (long long)test->dropped);
	if (json_array_size(test->details))
		fputs("  details:\n", tap->out);
	json_array_foreach(test->details, i, detail) {
		fputs("    - ", tap->out);
		text_quoted(tap->out, json_string_value(detail));
		fputc('\n', tap->out);
	}
	yaml_end(tap);
}

static void missing_write(struct tap *tap, const struct kernel_run *run)
{
	const char *running = records_running(&run->records), *name;

	for (size_t i = 0; (name = records_planned_name(&run->records, i)); i++) {
		bool died = running && !strcmp(name, running);

		if (records_test(&run->records, name))
			continue;
		point_write(tap, false, run, name);
		fputc('\n', tap->out);
		yaml_start(tap, died ? outcome_name(run->verdict.outcome) : "not run",
			   died ? run->verdict.reason : "not run");
		yaml_end(tap);
	}
}

static void verdict_write(struct tap *tap, const struct kernel_run *run)
{
	bool passed = run->verdict.outcome == OUTCOME_PASS;

	point_write(tap, passed, run, NULL);
	fputc('\n', tap->out);
	if (passed)
		return;
	yaml_start(tap, outcome_name(run->verdict.outcome), run->verdict.reason);
	yaml_end(tap);
}

int tap_write(FILE *out, const struct report *report)
{
	struct tap tap = { .out = out };
	size_t points = 0;

	for (size_t i = 0; i < report->count; i++)
		points += report->runs[i].records.item_count +
			  kernel_run_missing(&report->runs[i]) + 1;
	fprintf(out, "TAP version 14\n1..%zu\n", points);
	for (size_t i = 0; i < report->count; i++) {
		const struct kernel_run *run = &report->runs[i];

		for (size_t t = 0; t < run->records.item_count; t++)
			test_write(&tap, run, &run->records.items[t]);
		missing_write(&tap, run);
		verdict_write(&tap, run);
	}
	return 0;
}
