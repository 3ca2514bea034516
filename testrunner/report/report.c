// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* testrunner report: options, which kernels, which form, which exit status. */
#include "report/report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "report/find.h"
#include "report/output.h"
#include "report/render.h"

#define EXIT_USAGE 2
#define EXIT_INFRA 5 /* the host could not do it: a report that was not written is no pass */

static const char usage[] =
	"usage: testrunner report [--format FORMAT] [--jobs N] [--output FILE] DIR [KERNELDIR...]\n"
	"\n"
	"Judge what kernels recorded. DIR is a results root (DIR/<distro>/<version>/) or one kernel's folder.\n"
	"KERNELDIR, relative to DIR, says which kernels and in which order; one without results is INFRA.\n"
	"Without KERNELDIR: all that are there, in version order.\n"
	"\n"
	"Without --format and --output: junit.xml into each kernel's folder, bpf-check-summary.txt into a\n"
	"results root, and a summary on the terminal. Otherwise only one report of all kernels:\n"
	"  --format FORMAT  summary, junit, tap, json or html (default: summary)\n"
	"  --output FILE    where to (default: standard output)\n"
	"  --jobs N         say in the summary that N kernels ran at a time\n"
	"\n"
	"Exit status: the worst kernel's.\n"
	"  0  PASS    at least one test passed, the others passed or were skipped for a reason\n"
	"  1  FAIL    a test failed, or nothing was tested\n"
	"     NOTRUN  not even started, as another kernel had not passed\n"
	"  2  usage   bad arguments, no such folder, no kernel in it\n"
	"  3  SPLAT, PANIC, OOM, HANG\n"
	"  4  NOBOOT, TIMEOUT, LOST\n"
	"  5  INFRA   the run, or this report, could not be done\n";

struct request {
	int (*write)(FILE *out, const struct report *report); /* NULL: the usual files */
	const char *output, *root;
	long jobs;
	char **wanted;
	size_t wanted_count;
};

static const struct {
	const char *name;
	int (*write)(FILE *out, const struct report *report);
} formats[] = {
	{ "summary", summary_file_write },
	{ "junit", junit_write },
	{ "tap", tap_write },
	{ "json", json_write },
	{ "html", html_write },
};

static int set_format(struct request *request, const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (!strcmp(formats[i].name, name)) {
			request->write = formats[i].write;
			return 0;
		}
	}
	fprintf(stderr,
		"testrunner report: no format \"%s\"; there are summary, junit, tap, json, html\n",
		name);
	return -EINVAL;
}

static int set_jobs(struct request *request, const char *text)
{
	char *end;

	errno = 0;
	request->jobs = strtol(text, &end, 10);
	if (!errno && end != text && !*end && request->jobs > 0)
		return 0;
	fprintf(stderr, "testrunner report: --jobs %s: not a number from 1 up\n", text);
	return -EINVAL;
}

/* Returns 0, or what to exit with, negative for 0 (--help). */
static int request_parse(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option, err = 0;

	optind = 0;
	while (!err && (option = getopt_long(argc, argv, "f:j:o:h", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			err = set_format(request, optarg);
			break;
		case 'j':
			err = set_jobs(request, optarg);
			break;
		case 'o':
			request->output = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return -1;
		default:
			err = -EINVAL;
		}
	}
	if (err)
		return EXIT_USAGE;
	if (optind >= argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	request->root = argv[optind];
	request->wanted = argv + optind + 1;
	request->wanted_count = (size_t)(argc - optind - 1);
	if (request->output && !request->write)
		request->write = summary_file_write;
	return 0;
}

static int load_one(struct report *report, const char *root, const char *name)
{
	char *path;
	int err;

	if (asprintf(&path, "%s/%s", root, name) < 0)
		return -ENOMEM;
	err = kernel_run_load(path, name, &report->runs[report->count++]);
	free(path);
	return err;
}

/* Two specs may have led to the same kernel: it ran once, and counts once. */
static bool is_repeated(char **names, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(names[i], names[index]))
			return true;
	return false;
}

static int load_all(struct report *report, const char *root, char **names, size_t count)
{
	int err = 0;

	report->runs = calloc(count, sizeof(*report->runs));
	if (!report->runs)
		return -ENOMEM;
	for (size_t i = 0; i < count && !err; i++) {
		size_t len = strlen(names[i]);

		while (len > 1 && names[i][len - 1] == '/')
			names[i][--len] = '\0';
		if (!is_repeated(names, i))
			err = load_one(report, root, names[i]);
	}
	return err;
}

static int load(struct report *report, const struct request *request)
{
	char **found = NULL;
	size_t count = 0;
	int err;

	if (request->wanted_count)
		return load_all(report, request->root, request->wanted, request->wanted_count);
	if (find_is_kernel(request->root)) {
		report->runs = calloc(1, sizeof(*report->runs));
		report->count = report->runs ? 1 : 0;
		report->root = NULL;
		return report->runs ? kernel_run_load(request->root, NULL, report->runs) : -ENOMEM;
	}
	err = find_kernels(request->root, &found, &count);
	if (!err && count)
		err = load_all(report, request->root, found, count);
	find_free(found, count);
	return err;
}

static int write_file(const char *path, const struct report *report,
		      int (*write)(FILE *out, const struct report *report))
{
	struct output output;
	int err = output_open(path, &output), closed;

	if (!err) {
		err = write(output.file, report);
		closed = output_close(&output);
		err = err ? err : closed;
	}
	if (err)
		fprintf(stderr, "testrunner report: write %s: %s\n", path, strerror(-err));
	return err;
}

static int write_in(const char *dir, const char *name, const struct report *report,
		    int (*write)(FILE *out, const struct report *report))
{
	char *path;
	int err;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	err = write_file(path, report, write);
	free(path);
	return err;
}

/* Each file is tried, whatever became of the one before. Returns the first error. */
static int write_usual(const struct report *report)
{
	int err = 0, last;

	for (size_t i = 0; i < report->count; i++) {
		struct report one = *report;

		one.runs = &report->runs[i];
		one.count = 1;
		if (!one.runs->exists)
			continue;
		last = write_in(one.runs->path, "junit.xml", &one, junit_write);
		err = err ? err : last;
	}
	if (report->root) {
		last = write_in(report->root, "bpf-check-summary.txt", report, summary_file_write);
		err = err ? err : last;
	}
	last = summary_write(stdout, report);
	return err ? err : last;
}

static int report_write(const struct request *request, const struct report *report)
{
	int err;

	if (request->output)
		return write_file(request->output, report, request->write);
	err = request->write ? request->write(stdout, report) : write_usual(report);
	if (!err && (fflush(stdout) || ferror(stdout))) {
		err = -EIO;
		perror("testrunner report: standard output");
	}
	return err;
}

static void report_free(struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		kernel_run_free(&report->runs[i]);
	free(report->runs);
}

int report_main(int argc, char **argv)
{
	struct request request = { 0 };
	struct report report = { .now = time(NULL) };
	int status = request_parse(argc, argv, &request), err;

	if (status)
		return status < 0 ? 0 : status;
	report.jobs = request.jobs;
	report.root = request.root;
	err = load(&report, &request);
	if (err == -ENOMEM) {
		fprintf(stderr, "testrunner report: out of memory\n");
		status = EXIT_INFRA;
	} else if (err) {
		fprintf(stderr, "testrunner report: %s: %s\n", request.root, strerror(-err));
		status = EXIT_USAGE;
	} else if (report.count == 0) {
		fprintf(stderr, "testrunner report: %s: no kernel has results here\n",
			request.root);
		status = EXIT_USAGE;
	} else {
		status = report_write(&request, &report) ?
				 EXIT_INFRA :
				 outcome_exit_code(report_outcome(&report));
	}
	report_free(&report);
	return status;
}
