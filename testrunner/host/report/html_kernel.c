// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* One kernel in the HTML report: why, its tests, probes, kernel lines and console, each behind a
 * fold. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/report/html.h"

/* A page that a browser can no longer show helps nobody; the JSON report has everything. */
#define EVENTS_MAX 20
#define ROWS_MAX   500

static void fold_start(FILE *out, const char *title, size_t count)
{
	fprintf(out, "<details><summary>%s", title);
	if (count)
		fprintf(out, " <span class=\"soft\">(%zu)</span>", count);
	fputs("</summary><div class=\"inside\">\n", out);
}

static void fold_end(FILE *out)
{
	fputs("</div></details>\n", out);
}

static void more_write(FILE *out, size_t count, size_t shown)
{
	if (count > shown)
		fprintf(out, "<p class=\"soft\">%zu more are in the JSON report.</p>\n",
			count - shown);
}

static void reason_write(FILE *out, const char *reason)
{
	fputs("<div class=\"reason\">", out);
	html_text(out, reason);
	fputs("</div>\n", out);
}

static void events_write(FILE *out, const struct records *records, const char *test)
{
	size_t count = records_events(records, test);

	for (size_t i = 0; i < count && i < EVENTS_MAX; i++) {
		const struct event_line *event = records_event(records, test, i);
		char *text;

		text = json_dumps(event->fields, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		fputs("<details><summary>event ", out);
		html_text(out, event->event);
		fputs(" <span class=\"soft\">", out);
		html_text(out, event->object);
		fputs("</span></summary><div class=\"inside\"><pre>", out);
		html_text(out, text ? text : "(out of memory)");
		fputs("</pre></div></details>\n", out);
		free(text);
	}
	more_write(out, count, EVENTS_MAX);
}

static const char *test_class(int outcome)
{
	static const char *const classes[] = {
		[TEST_PASS] = "pass", [TEST_FAIL] = "fail", [TEST_SKIP] = "skip"
	};

	return classes[outcome];
}

static void test_body_write(FILE *out, const struct records *records, const struct test_line *test)
{
	size_t first = records_first_detail(test), count = json_array_size(test->details);

	if (test->reason)
		reason_write(out, test->reason);
	else if (test->duration_ms >= 0)
		fprintf(out, "<div class=\"reason soft\">in %lld ms</div>\n",
			(long long)test->duration_ms);
	if (first < count)
		fputs("<pre>", out);
	for (size_t i = first; i < count; i++) {
		html_text(out, json_string_value(json_array_get(test->details, i)));
		fputc('\n', out);
	}
	if (first < count)
		fputs("</pre>\n", out);
	if (test->dropped)
		fprintf(out, "<div class=\"reason\">%lld events dropped</div>\n",
			(long long)test->dropped);
	events_write(out, records, test->name);
}

/* The summary of a fold, which it leaves open. NULL: there is no record. The failed ones stand open. */
static void test_head_write(FILE *out, const char *name, const struct test_line *test)
{
	fprintf(out, "<details%s><summary><span class=\"badge %s\">%s</span> ",
		test && test->outcome == TEST_FAIL ? " open" : "",
		test ? test_class(test->outcome) : "bad",
		test ? test_outcome_name((enum test_outcome)test->outcome) : "not run");
	html_text(out, name);
	if (test && test->outcome == TEST_SKIP && test->reason) {
		fputs(" <span class=\"soft\">", out);
		html_text(out, test->reason);
		fputs("</span>", out);
	}
	fputs("</summary>", out);
}

static void subtests_write(FILE *out, const struct records *records, const char *test)
{
	json_t *subtests = json_object_get(records->subtests_of, test), *index;
	const char *name;
	size_t shown = 0;

	json_object_foreach(subtests, name, index) {
		const struct test_line *item = &records->items[json_integer_value(index)];

		if (shown++ >= ROWS_MAX)
			break;
		test_head_write(out, name, item);
		fputs("<div class=\"inside\">\n", out);
		test_body_write(out, records, item);
		fold_end(out);
	}
	more_write(out, json_object_size(subtests), ROWS_MAX);
}

/*
 * Of the passed ones there is not much to see. The anchor is inside the fold, so that a link to it
 * unfolds it.
 */
static void test_write(FILE *out, const struct records *records, const char *name,
		       const char *anchor, const char *running)
{
	const struct test_line *test = records_test(records, name);

	test_head_write(out, name, test);
	fprintf(out, "<div class=\"inside\" id=\"%s\">\n", anchor);
	if (test)
		test_body_write(out, records, test);
	else
		reason_write(out, running == name ? "It was running when the records end." :
						    "It has no record.");
	subtests_write(out, records, name);
	fold_end(out);
}

static void number_write(FILE *out, int64_t number)
{
	if (number < 0)
		fputs("<td class=\"number\"></td>", out);
	else
		fprintf(out, "<td class=\"number\">%lld</td>", (long long)number);
}

static void probe_write(FILE *out, const struct probe_line *probe)
{
	bool failed = probe->error && !(probe->loaded && probe->attached);
	const char *const texts[] = { probe->object, probe->program, probe->section };
	const int64_t numbers[] = { probe->insns, probe->states, probe->peak_states,
				    probe->stack, probe->jited,	 probe->load_ms };

	fputs("<tr>", out);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		fputs("<td>", out);
		html_text(out, texts[i]);
		fputs("</td>", out);
	}
	fprintf(out, "<td class=\"%s\">%s</td>", failed ? "fail" : "",
		!probe->loaded	? "not loaded" :
		probe->attached ? "attached" :
				  "loaded");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		number_write(out, numbers[i]);
	fputs("</tr>\n", out);
	if (!probe->error && !probe->log)
		return;
	fputs("<tr><td colspan=\"10\">", out);
	if (probe->error)
		reason_write(out, probe->error);
	if (probe->log) {
		fputs("<pre>", out);
		html_text(out, probe->log);
		fputs("</pre>", out);
	}
	fputs("</td></tr>\n", out);
}

static void probes_write(FILE *out, const struct records *records)
{
	if (!records->probe_count)
		return;
	fold_start(out, "Probes", records->probe_count);
	fputs("<div class=\"scroll\"><table><thead><tr><th>object</th><th>program</th><th>section</th><th></th>"
	      "<th class=\"number\">instructions</th><th class=\"number\">states</th>"
	      "<th class=\"number\">peak states</th><th class=\"number\">stack</th><th class=\"number\">jited bytes</th>"
	      "<th class=\"number\">load ms</th></tr></thead>\n<tbody>\n",
	      out);
	for (size_t i = 0; i < records->probe_count && i < ROWS_MAX; i++)
		probe_write(out, &records->probes[i]);
	fputs("</tbody></table></div>\n", out);
	more_write(out, records->probe_count, ROWS_MAX);
	fold_end(out);
}

static void klogs_write(FILE *out, const struct records *records)
{
	if (!records->klog_count)
		return;
	fold_start(out, "Kernel lines at warning and above", records->klog_count);
	fputs("<pre>", out);
	for (size_t i = 0; i < records->klog_count && i < ROWS_MAX; i++) {
		const struct klog_line *klog = &records->klogs[i];

		fprintf(out, "[%5lld.%06lld] &lt;%lld&gt; ", (long long)(klog->ts_us / 1000000),
			(long long)(klog->ts_us % 1000000), (long long)klog->level);
		html_text(out, klog->text);
		if (klog->taint >= 0)
			fprintf(out, ": %lld", (long long)klog->taint);
		fputc('\n', out);
	}
	fputs("</pre>\n", out);
	more_write(out, records->klog_count, ROWS_MAX);
	fold_end(out);
}

static void row_write(FILE *out, const char *title, const char *text)
{
	if (!text)
		return;
	fprintf(out, "<dt>%s</dt><dd>", title);
	html_text(out, text);
	fputs("</dd>", out);
}

/* Set-up steps that failed in init: often the reason for a skip. */
static void steps_write(FILE *out, const struct hello_line *hello)
{
	static const char *const keys[] = { "step", "name", "error" };
	const json_t *step;
	size_t i;

	json_array_foreach(hello->failed, i, step) {
		if (i >= ROWS_MAX)
			break;
		fputs("<dt>not done</dt><dd>", out);
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
			html_text(out, json_string_value(json_object_get(step, keys[k])));
			fputs(k == 0 ? " " : k == 1 ? ": " : "", out);
		}
		fputs("</dd>", out);
	}
}

static void machine_write(FILE *out, const struct kernel_run *run)
{
	const struct hello_line *hello = &run->records.hello;

	fold_start(out, "Machine", 0);
	fputs("<dl>", out);
	row_write(out, "asked for", run->has_run ? run->run.spec : NULL);
	row_write(out, "acceleration", run->has_run ? run->run.accel : NULL);
	row_write(out, "ended", run->machine.reason[0] ? run->machine.reason : NULL);
	if (run->records.has_hello) {
		row_write(out, "release", hello->release);
		row_write(out, "version", hello->version);
		row_write(out, "machine", hello->machine);
		fprintf(out,
			"<dt>size</dt><dd>%lld CPUs, %lld MB</dd><dt>booted in</dt><dd>%lld ms</dd>",
			(long long)hello->cpus, (long long)hello->memory_kb / 1024,
			(long long)hello->boot_ms);
		steps_write(out, hello);
	}
	fputs("</dl>\n", out);
	fold_end(out);
}

static void summary_line_write(FILE *out, const struct kernel_run *run)
{
	const struct {
		const char *title;
		size_t count;
	} counts[] = {
		{ "passed", records_count(&run->records, TEST_PASS) },
		{ "failed", records_count(&run->records, TEST_FAIL) },
		{ "skipped", records_count(&run->records, TEST_SKIP) },
		{ "not run", kernel_run_missing(run) },
	};

	html_badge(out, run->verdict.outcome);
	fputc(' ', out);
	html_text(out, run->name);
	fputs(" <span class=\"soft\">", out);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i].count)
			fprintf(out, "&nbsp; %zu %s", counts[i].count, counts[i].title);
	if (run->has_run && run->run.wall_ms >= 0)
		fprintf(out, "&nbsp; %.1f s", (double)run->run.wall_ms / 1000);
	fputs("</span>", out);
}

void html_kernel_write(FILE *out, const struct kernel_run *run, size_t number)
{
	const struct records *records = &run->records;
	const char *name, *running = records_running(records);
	char anchor[64];

	fprintf(out, "<details%s><summary>", run->verdict.outcome != OUTCOME_PASS ? " open" : "");
	summary_line_write(out, run);
	fprintf(out, "</summary><div class=\"inside\" id=\"k%zu\">\n", number);
	if (run->verdict.reason[0])
		reason_write(out, run->verdict.reason);
	for (size_t i = 0; (name = records_planned_name(records, i)); i++) {
		snprintf(anchor, sizeof(anchor), "k%zut%zu", number, i);
		test_write(out, records, name, anchor, running);
	}
	probes_write(out, records);
	klogs_write(out, records);
	machine_write(out, run);
	if (run->console.shown_len) {
		fold_start(out, "End of the console", 0);
		fputs("<pre>", out);
		text_html(out, run->console.shown, run->console.shown_len);
		fputs("</pre>\n", out);
		fold_end(out);
	}
	fold_end(out);
}
