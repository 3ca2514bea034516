// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpfcheck report: options, which kernels, which form, which exit status. */
#include "host/report/report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/exit_code.h"
#include "host/report/baseline.h"
#include "host/report/files_in.h"
#include "host/report/output.h"
#include "host/report/programs.h"
#include "host/report/render.h"
#include "host/report/report_load.h"

static const char usage[] =
	"usage: bpfcheck report [--format FORMAT] [--jobs N] [--output FILE] DIR [KERNELDIR...]\n"
	"       bpfcheck report --baseline OLD [--baseline-percent N] [--fail-on-regression] [DIR [KERNELDIR...]]\n"
	"\n"
	"Judge the records of kernels. DIR is a results root (DIR/<distro>/<version>/) or one kernel's folder.\n"
	"KERNELDIR, relative to DIR, selects kernels and their order; a kernel without results is INFRA.\n"
	"Without KERNELDIR: all kernels in DIR, in version order.\n"
	"\n"
	"Without --format and --output, write junit.xml into each kernel's folder, bpf-check-summary.txt and\n"
	"verifier.csv into a results root, and a summary to the terminal. Otherwise write one report of all kernels:\n"
	"  --format FORMAT  write summary, junit, tap, json, html or csv (default: summary)\n"
	"  --output FILE    write to FILE (default: standard output)\n"
	"  --jobs N         say in the summary that N kernels ran at a time\n"
	"With --baseline, also print what became worse and better since an older run:\n"
	"  --baseline OLD   compare with OLD, a results root or a verifier.csv (which has no tests). Without DIR, only read OLD\n"
	"  --baseline-percent N\n"
	"                   allow the instructions of a program to grow by N percent (default: 10)\n"
	"  --fail-on-regression\n"
	"                   exit with 1 instead of 0 if anything became worse\n"
	"\n"
	"Exit status: the worst kernel's.\n"
	"  0  PASS    at least one test passed, the others passed or were skipped for a reason\n"
	"  1  FAIL    a test failed, or nothing was tested\n"
	"     NOTRUN  not started, because another kernel did not pass\n"
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
	const char *baseline;
	long percent;
	bool fail_on_regression;
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
	{ "csv", verifier_csv_write },
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
		"bpfcheck report: no format \"%s\"; there are summary, junit, tap, json, html, csv\n",
		name);
	return -EINVAL;
}

static int set_number(long *number, const char *option, const char *text, long least)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, 10);
	if (!errno && end != text && !*end && *number >= least)
		return 0;
	fprintf(stderr, "bpfcheck report: %s %s: not a number of %ld or more\n", option, text,
		least);
	return -EINVAL;
}

/* Returns 0, or what to exit with, negative for 0 (--help). */
static int request_parse(int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "format", required_argument, NULL, 'f' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "output", required_argument, NULL, 'o' },
		{ "baseline", required_argument, NULL, 'b' },
		{ "baseline-percent", required_argument, NULL, 'p' },
		{ "fail-on-regression", no_argument, NULL, 'r' },
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
			err = set_number(&request->jobs, "--jobs", optarg, 1);
			break;
		case 'o':
			request->output = optarg;
			break;
		case 'b':
			request->baseline = optarg;
			break;
		case 'p':
			err = set_number(&request->percent, "--baseline-percent", optarg, 0);
			break;
		case 'r':
			request->fail_on_regression = true;
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
	if (request->output && !request->write)
		request->write = summary_file_write;
	if (request->baseline && request->write) {
		fprintf(stderr,
			"bpfcheck report: --baseline cannot be combined with --format or --output\n");
		return EXIT_USAGE;
	}
	if (optind >= argc && request->baseline)
		return 0;
	if (optind >= argc) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	request->root = argv[optind];
	request->wanted = argv + optind + 1;
	request->wanted_count = (size_t)(argc - optind - 1);
	return 0;
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
		fprintf(stderr, "bpfcheck report: write %s: %s\n", path, strerror(-err));
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
		last = files_in_write(one.runs);
		if (last)
			fprintf(stderr, "bpfcheck report: write %s/collected: %s\n", one.runs->path,
				strerror(-last));
		err = err ? err : last;
		last = write_in(one.runs->path, "junit.xml", &one, junit_write);
		err = err ? err : last;
	}
	if (report->root) {
		last = write_in(report->root, "bpf-check-summary.txt", report, summary_file_write);
		err = err ? err : last;
		last = write_in(report->root, "verifier.csv", report, verifier_csv_write);
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
		perror("bpfcheck report: standard output");
	}
	return err;
}

/* Returns an exit code, 0 to go on. */
static int baseline_open(const char *path, struct baseline **baseline)
{
	char error[256];
	int err = baseline_load(path, baseline, error, sizeof(error));

	if (err == -ENOMEM) {
		fprintf(stderr, "bpfcheck report: out of memory\n");
		return EXIT_INFRA;
	}
	if (err)
		fprintf(stderr, "bpfcheck report: --baseline %s: %s\n", path, error);
	return err ? EXIT_USAGE : 0;
}

/* Returns an exit code. */
static int report_all(const struct request *request, const struct report *report,
		      const struct baseline *baseline)
{
	size_t worse = 0;
	int status;

	if (report_write(request, report) ||
	    (baseline && (baseline_compare(stdout, baseline, report, request->percent, &worse) ||
			  fflush(stdout))))
		return EXIT_INFRA;
	status = outcome_exit_code(report_outcome(report));
	return !status && worse && request->fail_on_regression ? EXIT_FAILED : status;
}

int report_main(int argc, char **argv)
{
	struct request request = { .percent = 10 };
	struct report report = { .now = time(NULL) };
	struct baseline *baseline = NULL;
	int status = request_parse(argc, argv, &request), err;

	if (status)
		return status < 0 ? 0 : status;
	/* Before anything is written: it may be what would be written over. */
	if (request.baseline)
		status = baseline_open(request.baseline, &baseline);
	if (status || !request.root)
		goto out;
	report.jobs = request.jobs;
	err = report_load(request.root, request.wanted, request.wanted_count, &report);
	if (err == -ENOMEM) {
		fprintf(stderr, "bpfcheck report: out of memory\n");
		status = EXIT_INFRA;
	} else if (err) {
		fprintf(stderr, "bpfcheck report: %s: %s\n", request.root, strerror(-err));
		status = EXIT_USAGE;
	} else if (report.count == 0) {
		fprintf(stderr, "bpfcheck report: %s: no kernel has results here\n", request.root);
		status = EXIT_USAGE;
	} else {
		status = report_all(&request, &report, baseline);
	}
	report_free(&report);
out:
	baseline_free(baseline);
	return status;
}
