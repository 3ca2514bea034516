// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Compares runs, kernel by kernel of the same name: programs, tests, and the kernel itself. */
#include "host/report/baseline.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "host/report/programs.h"
#include "host/report/report_load.h"

#define CSV_MAX	       (256u * 1024 * 1024)
#define LINE_MAX_CHARS 300
#define LINES_MAX      40 /* of one kernel */

/* One kernel of an older run. */
struct old_kernel {
	char *name;
	struct programs programs;
	const struct kernel_run *run; /* NULL: only the programs are known */
};

struct baseline {
	char *path;
	struct report report; /* of a results folder */
	struct old_kernel *kernels;
	size_t count;
};

static struct old_kernel *find_kernel(const struct baseline *baseline, const char *name)
{
	for (size_t i = 0; i < baseline->count; i++) {
		if (strcmp(baseline->kernels[i].name, name) == 0)
			return &baseline->kernels[i];
	}
	return NULL;
}

static struct old_kernel *add_kernel(struct baseline *baseline, const char *name)
{
	struct old_kernel *kernels =
		reallocarray(baseline->kernels, baseline->count + 1, sizeof(*kernels));
	struct old_kernel *kernel;

	if (!kernels)
		return NULL;
	baseline->kernels = kernels;
	kernel = &kernels[baseline->count];
	*kernel = (struct old_kernel){ .name = strdup(name) };
	if (!kernel->name)
		return NULL;
	baseline->count++;
	return kernel;
}

static int take_row(void *context, const struct csv_program *row)
{
	struct baseline *baseline = context;
	struct old_kernel *kernel = find_kernel(baseline, row->kernel);

	if (!kernel)
		kernel = add_kernel(baseline, row->kernel);
	if (!kernel)
		return -ENOMEM;
	return programs_add(&kernel->programs, row->object, row->name, row->success,
			    row->class[0] ? row->class : NULL, row->insns);
}

static int load_csv(struct baseline *baseline, char *error, size_t error_size)
{
	char *text;
	size_t len;
	int err = file_read(baseline->path, CSV_MAX, &text, &len);

	if (err) {
		snprintf(error, error_size, "%s", strerror(-err));
		return err;
	}
	err = verifier_csv_read(text, len, take_row, baseline, error, error_size);
	free(text);
	for (size_t i = 0; !err && i < baseline->count; i++)
		programs_sort(&baseline->kernels[i].programs);
	return err;
}

/* A kernel that got nowhere then is as good as one that was not there. */
static int load_folder(struct baseline *baseline, char *error, size_t error_size)
{
	int err = report_load(baseline->path, NULL, 0, &baseline->report);

	if (err) {
		snprintf(error, error_size, "%s", strerror(-err));
		return err;
	}
	for (size_t i = 0; !err && i < baseline->report.count; i++) {
		const struct kernel_run *run = &baseline->report.runs[i];
		struct old_kernel *kernel;

		if (!run->records.has_plan)
			continue;
		kernel = add_kernel(baseline, run->name);
		if (!kernel)
			return -ENOMEM;
		kernel->run = run;
		err = programs_of(&run->records, &kernel->programs);
	}
	if (!err && baseline->count == 0) {
		snprintf(error, error_size, "no kernel has results here");
		err = -EINVAL;
	}
	return err;
}

int baseline_load(const char *path, struct baseline **out, char *error, size_t error_size)
{
	struct baseline *baseline = calloc(1, sizeof(*baseline));
	struct stat st;
	int err;

	*out = baseline;
	if (!baseline || !(baseline->path = strdup(path)))
		return -ENOMEM;
	if (stat(path, &st)) {
		err = -errno;
		snprintf(error, error_size, "%s", strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		err = load_folder(baseline, error, error_size);
	} else {
		err = load_csv(baseline, error, error_size);
	}
	return err;
}

void baseline_free(struct baseline *baseline)
{
	if (!baseline)
		return;
	for (size_t i = 0; i < baseline->count; i++) {
		free(baseline->kernels[i].name);
		programs_free(&baseline->kernels[i].programs);
	}
	free(baseline->kernels);
	report_free(&baseline->report);
	free(baseline->path);
	free(baseline);
}

/* The comparison of one kernel. */
struct comparison {
	FILE *lines; /* what became worse */
	size_t worse;
	/* Counts of programs and tests that became better, or disappeared. */
	size_t load, fewer, pass, programs_gone, tests_gone;
};

__attribute__((format(printf, 2, 3))) static void worse(struct comparison *comparison,
							const char *format, ...)
{
	char *text = NULL;
	va_list args;

	if (comparison->worse++ >= LINES_MAX)
		return;
	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	fprintf(comparison->lines, "%*s", 7, "");
	text_line(comparison->lines, text ? text : "", LINE_MAX_CHARS);
	fputc('\n', comparison->lines);
	free(text);
}

static void compare_insns(struct comparison *comparison, const struct program *old,
			  const struct program *new, long percent)
{
	double change;

	if (old->insns <= 0 || new->insns < 0)
		return;
	change = ((double)new->insns - (double)old->insns) * 100 / (double)old->insns;
	if (change > (double)percent)
		worse(comparison, "%s:%s: %lld instructions, %lld before (+%.1f%%)", new->object,
		      new->name, (long long)new->insns, (long long)old->insns, change);
	else if (change < -(double)percent)
		comparison->fewer++;
}

static void compare_programs(struct comparison *comparison, const struct programs *olds,
			     const struct programs *news, long percent)
{
	for (size_t i = 0; i < olds->count; i++) {
		const struct program *old = &olds->list[i], *new = programs_find(news, old);

		if (!new)
			comparison->programs_gone++;
		else if (old->success && !new->success)
			worse(comparison, "%s:%s: fails now: %s", new->object, new->name,
			      new->why ? new->why : "no reason given");
		else if (!old->success && new->success)
			comparison->load++;
		else if (new->success)
			compare_insns(comparison, old, new, percent);
	}
}

static void compare_tests(struct comparison *comparison, const struct records *olds,
			  const struct records *news)
{
	for (size_t i = 0; i < olds->test_count; i++) {
		const struct test_line *old = &olds->tests[i];
		const struct test_line *new = records_test(news, old->name);
		bool passed = old->outcome == TEST_PASS;

		if (!new &&json_object_get(news->planned, old->name)) {
			if (passed)
				worse(comparison, "test %s: has no result, passed before",
				      old->name);
		} else if (!new) {
			comparison->tests_gone++;
		} else if (passed && new->outcome == TEST_FAIL) {
			worse(comparison, "test %s: fails now: %s", old->name,
			      new->reason ? new->reason : "no reason given");
		} else if (old->outcome == TEST_FAIL && new->outcome == TEST_PASS) {
			comparison->pass++;
		}
	}
}

/* Of tests that failed before as well, or else the test itself has been named. */
static void compare_subtests(struct comparison *comparison, const struct records *olds,
			     const struct records *news)
{
	for (size_t i = 0; i < olds->item_count; i++) {
		const struct test_line *old = &olds->items[i], *new;
		const char *test = json_string_value(json_object_get(old->json, "test"));
		const struct test_line *whole = test ? records_test(olds, test) : NULL;

		if (!whole || whole->outcome != TEST_FAIL || old->outcome != TEST_PASS)
			continue;
		new = records_subtest(news, test,
				      json_string_value(json_object_get(old->json, "name")));
		if (new &&new->outcome == TEST_FAIL)
			worse(comparison, "test %s: fails now: %s", old->name,
			      new->reason ? new->reason : "no reason given");
	}
}

/* Beyond what its tests say: it did not come as far as it did. */
static void compare_outcomes(struct comparison *comparison, const struct kernel_run *old,
			     const struct kernel_run *new)
{
	if (new->verdict.outcome > OUTCOME_FAIL &&new->verdict.outcome > old->verdict.outcome)
		worse(comparison, "%s, %s before: %s", outcome_name(new->verdict.outcome),
		      outcome_name(old->verdict.outcome), new->verdict.reason);
}

static void write_counts(FILE *out, const char *head, const size_t *counts,
			 const char *const (*words)[2], size_t count)
{
	bool first = true;

	for (size_t i = 0; i < count; i++) {
		if (!counts[i])
			continue;
		fprintf(out, "%s%zu %s", first ? head : ", ", counts[i], words[i][counts[i] != 1]);
		first = false;
	}
	if (!first)
		fputc('\n', out);
}

static void write_comparison(FILE *out, const char *name, const struct comparison *comparison,
			     const char *lines)
{
	const size_t better[] = { comparison->load, comparison->fewer, comparison->pass };
	static const char *const better_words[][2] = {
		{ "program loads", "programs load" },
		{ "program has fewer instructions", "programs have fewer instructions" },
		{ "test passes", "tests pass" },
	};
	const size_t gone[] = { comparison->programs_gone, comparison->tests_gone };
	static const char *const gone_words[][2] = { { "program", "programs" },
						     { "test", "tests" } };
	bool is_better = better[0] || better[1] || better[2];

	fprintf(out, "[%s] ", comparison->worse ? "WORSE" : is_better ? "BETTER" : "SAME");
	text_line(out, name, LINE_MAX_CHARS);
	fprintf(out, "\n%s", lines);
	if (comparison->worse > LINES_MAX)
		fprintf(out, "%*s(%zu more)\n", 7, "", comparison->worse - LINES_MAX);
	write_counts(out, "       better: ", better, better_words, 3);
	write_counts(out, "       not there any more: ", gone, gone_words, 2);
}

static int compare_kernel(FILE *out, const struct old_kernel *old, const struct kernel_run *new,
			  long percent, size_t *worse_count)
{
	struct comparison comparison = { 0 };
	struct programs programs = { 0 };
	char *lines = NULL;
	size_t size;
	int err = programs_of(&new->records, &programs);

	comparison.lines = open_memstream(&lines, &size);
	if (err || !comparison.lines) {
		err = -ENOMEM;
		goto out;
	}
	if (old->run)
		compare_outcomes(&comparison, old->run, new);
	compare_programs(&comparison, &old->programs, &programs, percent);
	if (old->run)
		compare_tests(&comparison, &old->run->records, &new->records);
	if (old->run)
		compare_subtests(&comparison, &old->run->records, &new->records);
	fflush(comparison.lines);
	write_comparison(out, new->name, &comparison, lines);
	*worse_count += comparison.worse;
out:
	if (comparison.lines)
		fclose(comparison.lines);
	free(lines);
	programs_free(&programs);
	return err;
}

static void write_only(FILE *out, const char *where, const char *path, const char *kernel)
{
	fputs(where, out);
	text_line(out, path, LINE_MAX_CHARS);
	fputs(": ", out);
	text_line(out, kernel, LINE_MAX_CHARS);
	fputc('\n', out);
}

int baseline_compare(FILE *out, const struct baseline *baseline, const struct report *report,
		     long percent, size_t *worse_count)
{
	int err = 0;

	*worse_count = 0;
	fputs("\nAgainst ", out);
	text_line(out, baseline->path, LINE_MAX_CHARS);
	fputs(":\n", out);
	for (size_t i = 0; !err && i < report->count; i++) {
		const struct old_kernel *old = find_kernel(baseline, report->runs[i].name);

		if (old)
			err = compare_kernel(out, old, &report->runs[i], percent, worse_count);
		else
			write_only(out, "not in ", baseline->path, report->runs[i].name);
	}
	for (size_t i = 0; !err && i < baseline->count; i++) {
		bool found = false;

		for (size_t j = 0; !found && j < report->count; j++)
			found = strcmp(report->runs[j].name, baseline->kernels[i].name) == 0;
		if (!found)
			write_only(out, "only in ", baseline->path, baseline->kernels[i].name);
	}
	return err;
}
