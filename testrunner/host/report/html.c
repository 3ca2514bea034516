// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The HTML report: one page that needs nothing but itself. A matrix of tests and kernels, then each
 * kernel. */
#include "host/report/html.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "host/report/html_style.h"
#include "host/report/render.h"

/* The content of a matrix cell. CELL_NONE: the kernel's plan does not have the test. */
enum cell { CELL_NONE, CELL_PASS, CELL_FAIL, CELL_SKIP, CELL_MISSING };

static const struct {
	const char *class, *symbol, *word;
} cells[] = {
	[CELL_NONE] = { "", "", "" },
	[CELL_PASS] = { "pass", "&#10003;", "passed" },
	[CELL_FAIL] = { "fail", "&#10007;", "failed" },
	[CELL_SKIP] = { "skip", "&ndash;", "skipped" },
	[CELL_MISSING] = { "bad", "!", "not run" },
};

void html_text(FILE *out, const char *text)
{
	text_html(out, text, strlen(text));
}

const char *html_outcome_class(enum outcome outcome)
{
	if (outcome == OUTCOME_PASS)
		return "pass";
	return outcome == OUTCOME_FAIL ? "fail" : "bad";
}

void html_badge(FILE *out, enum outcome outcome)
{
	fprintf(out, "<span class=\"badge %s\">%s</span>", html_outcome_class(outcome),
		outcome_name(outcome));
}

static void head_write(FILE *out, const struct report *report)
{
	enum outcome outcome = report_outcome(report);
	time_t time = (time_t)report->now;
	char when[32];
	size_t passed = 0;
	struct tm tm;

	for (size_t i = 0; i < report->count; i++)
		passed += report->runs[i].verdict.outcome == OUTCOME_PASS;
	gmtime_r(&time, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	fprintf(out,
		"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'unsafe-inline'\">\n"
		"<title>bpfcheck: %s, %zu of %zu kernels passed</title>\n<style>\n%s</style>\n",
		outcome_name(outcome), passed, report->count, html_style);
	fputs("<h1>bpfcheck ", out);
	html_badge(out, outcome);
	fprintf(out, "</h1>\n<div class=\"soft\">%zu of %zu kernel%s passed, %s</div>\n", passed,
		report->count, report->count == 1 ? "" : "s", when);
}

static enum cell cell_find(const struct kernel_run *run, const char *name,
			   const struct test_line **test)
{
	static const enum cell by_outcome[] = {
		[TEST_PASS] = CELL_PASS, [TEST_FAIL] = CELL_FAIL, [TEST_SKIP] = CELL_SKIP
	};

	*test = records_test(&run->records, name);
	if (*test)
		return by_outcome[(*test)->outcome];
	return run->records.has_plan && json_object_get(run->records.planned, name) ? CELL_MISSING :
										      CELL_NONE;
}

static void cell_write(FILE *out, const struct kernel_run *run, size_t number, const char *name)
{
	const struct test_line *test;
	enum cell cell = cell_find(run, name, &test);

	if (cell == CELL_NONE) {
		fputs("<td></td>", out);
		return;
	}
	fprintf(out, "<td class=\"%s\"><a href=\"#k%zut%lld\" title=\"", cells[cell].class, number,
		(long long)json_integer_value(json_object_get(run->records.planned, name)));
	text_attribute(out, run->name);
	fprintf(out, ": %s", cells[cell].word);
	if (test && test->reason) {
		fputs(": ", out);
		text_attribute(out, test->reason);
	}
	fprintf(out, "\" aria-label=\"%s\">%s</a></td>", cells[cell].word, cells[cell].symbol);
}

/* Every test of every plan, once: name -> null, in order of first appearance. */
static json_t *tests_collect(const struct report *report)
{
	json_t *tests = json_object();
	const char *name;

	for (size_t i = 0; tests && i < report->count; i++) {
		for (size_t t = 0; (name = records_planned_name(&report->runs[i].records, t));
		     t++) {
			if (json_object_set_new(tests, name, json_null())) {
				json_decref(tests);
				return NULL;
			}
		}
	}
	return tests;
}

static void matrix_head_write(FILE *out, const struct report *report)
{
	fputs("<div class=\"scroll\"><table class=\"matrix\">\n<thead><tr><th></th>", out);
	for (size_t i = 0; i < report->count; i++) {
		fputs("<th class=\"kernel\" scope=\"col\"><span>", out);
		html_text(out, report->runs[i].name);
		fputs("</span></th>", out);
	}
	fputs("</tr>\n<tr class=\"verdicts\"><th scope=\"row\">kernel</th>", out);
	for (size_t i = 0; i < report->count; i++) {
		enum outcome outcome = report->runs[i].verdict.outcome;

		fprintf(out, "<td class=\"%s\"><a href=\"#k%zu\" title=\"",
			html_outcome_class(outcome), i);
		text_attribute(out, report->runs[i].verdict.reason);
		fprintf(out, "\">%s</a></td>", outcome_name(outcome));
	}
	fputs("</tr></thead>\n<tbody>\n", out);
}

static int matrix_write(FILE *out, const struct report *report)
{
	json_t *tests = tests_collect(report), *unused;
	const char *name;

	if (!tests)
		return -ENOMEM;
	matrix_head_write(out, report);
	json_object_foreach(tests, name, unused) {
		fputs("<tr><th scope=\"row\">", out);
		html_text(out, name);
		fputs("</th>", out);
		for (size_t i = 0; i < report->count; i++)
			cell_write(out, &report->runs[i], i, name);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n<p class=\"soft\">", out);
	for (size_t i = CELL_PASS; i < sizeof(cells) / sizeof(cells[0]); i++)
		fprintf(out, "<span class=\"badge %s\">%s</span> %s &nbsp; ", cells[i].class,
			cells[i].symbol, cells[i].word);
	fputs("blank: not in that kernel's plan</p>\n", out);
	json_decref(tests);
	return 0;
}

int html_write(FILE *out, const struct report *report)
{
	int err;

	head_write(out, report);
	err = matrix_write(out, report);
	if (err)
		return err;
	fputs("<h2>Kernels</h2>\n", out);
	for (size_t i = 0; i < report->count; i++)
		html_kernel_write(out, &report->runs[i], i);
	fputs("</html>\n", out);
	return 0;
}
