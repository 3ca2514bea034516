// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpfcheck plan, which is run-tests: which kernels, in which order, on which machines; then a report. */
#include "host/machine/plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "host/machine/accel.h"
#include "host/machine/child.h"
#include "host/machine/files.h"
#include "host/machine/loop.h"
#include "host/machine/message.h"
#include "host/machine/plan_fetch.h"
#include "host/machine/plan_hosts.h"
#include "host/machine/plan_list.h"
#include "host/machine/plan_options.h"
#include "host/machine/plan_results.h"
#include "host/machine/plan_run.h"

/* Set what is to be an absolute path: others run in folders of their own. */
static char *absolute(const char *path)
{
	char *cwd, *result;

	if (*path == '/')
		return text_new("%s", path);
	cwd = getcwd(NULL, 0);
	result = text_new("%s/%s", cwd ? cwd : ".", path);
	free(cwd);
	return result;
}

static void open_plan(struct plan *plan)
{
	const char *tmp = getenv("TMPDIR"), *build = getenv("BPFCHECK_BUILD"),
		   *qemu = getenv("QEMU");
	const char *scripts = getenv("bpfcheck_scripts");
	plan->scripts = scripts ? scripts : "host-scripts";
	plan->build = build ? build : "build";
	plan->qemu = qemu ? qemu : "qemu-system-x86_64";
	plan->bpfcheck = text_new("%s/bin/bpfcheck", plan->build);
	setenv("bpfcheck", plan->bpfcheck, 1);
	plan->scratch = text_new("%s/bpfcheck-tests.XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(plan->scratch))
		die(EXIT_INFRA, "%s: cannot be made: %s", plan->scratch, strerror(errno));
	temporary_set(plan->scratch);
}

static void default_options(struct plan *plan)
{
	struct plan_options *options = &plan->options;
	char *suite;

	options->suite = options->suite ? options->suite : text_new("%s/suite", plan->build);
	options->results =
		absolute(options->results ? options->results : text_new("%s/results", plan->build));
	options->accel = options->accel ? options->accel : "auto";
	options->memory = options->memory ? options->memory : 512;
	suite = realpath(options->suite, NULL);
	if (!suite)
		die(EXIT_USAGE, "%s: no such suite; run make, or give --suite", options->suite);
	options->suite = suite;
}

/* An error in the suite is found before any kernel is booted for it. */
static void check_suite(const struct plan *plan)
{
	const struct plan_options *options = &plan->options;
	const char *filter = options->filter ? "--filter" : NULL;
	const struct child_setup check = {
		.argv = (const char *const[]){ plan->bpfcheck, "check", options->suite, filter,
					       options->filter, NULL },
		.out = "/dev/null",
	};
	int status;

	if (access(plan->bpfcheck, X_OK))
		die(EXIT_INFRA, "%s: missing; run make", plan->bpfcheck);
	status = child_run(&check);
	if (status)
		exit(status == EXIT_USAGE ? EXIT_USAGE : EXIT_INFRA);
}

/* The older run must be readable, and not be written over. */
static void check_baseline(const struct plan *plan)
{
	const char *baseline = plan->options.baseline;
	const struct child_setup check = {
		.argv = (const char *const[]){ plan->bpfcheck, "report", "--baseline", baseline,
					       NULL },
	};
	char *old, *results;
	size_t len;
	int status;

	if (!baseline)
		return;
	status = child_run(&check);
	if (status)
		exit(status);
	old = realpath(baseline, NULL);
	results = realpath(plan->options.results, NULL);
	len = results ? strlen(results) : 0;
	if (old && len && !strncmp(old, results, len) && (!old[len] || old[len] == '/'))
		die(EXIT_USAGE,
		    "--baseline %s: this run writes its results there; copy it first, or give --results",
		    baseline);
	free(old);
	free(results);
}

/* Remove the summary of the previous run: a run that breaks must not leave it behind as its own. */
static void open_results(const struct plan *plan)
{
	static const char *const files[] = { "bpf-check-summary.txt", "verifier.csv" };
	const char *results = plan->options.results;
	char *lock = text_new("%s/.lock", results), *file;
	int err;

	err = folder_make(results);
	if (err)
		die(EXIT_INFRA, "%s: cannot be made: %s", results, strerror(-err));
	/* Held until we end. */
	lock_take(lock, results);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		file = text_new("%s/%s", results, files[i]);
		unlink(file);
		free(file);
	}
	free(lock);
}

/* KVM is proved once, not once per kernel. */
static void choose_accel(struct plan *plan)
{
	const struct arch *arch = arch_find("x86_64");
	enum accel accel =
		accel_choose(arch, qemu_find(arch), plan->build, accel_parse(plan->options.accel));

	plan->options.accel = accel_name(accel);
}

static void set_not_run(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!plan_results_exist(plan, plan->kernels[i].name))
			plan_results_problem(plan, plan->kernels[i].name, plan->kernels[i].folder,
					     "not_run",
					     "another kernel had not passed (--fail-fast)");
}

static int report(const struct plan *plan)
{
	const struct plan_options *options = &plan->options;
	char *jobs = text_new("%ld", options->jobs);
	const char **argv = calloc(plan->names.count + 12, sizeof(*argv)), **at = argv;
	const struct child_setup setup = { .argv = argv };
	int status;

	if (!argv)
		die(EXIT_INFRA, "out of memory");
	*at++ = plan->bpfcheck;
	*at++ = "report";
	/* None, when no host is left. */
	if (options->jobs) {
		*at++ = "--jobs";
		*at++ = jobs;
	}
	if (options->baseline) {
		*at++ = "--baseline";
		*at++ = options->baseline;
	}
	if (options->percent) {
		*at++ = "--baseline-percent";
		*at++ = options->percent;
	}
	if (options->fail_on_regression)
		*at++ = "--fail-on-regression";
	*at++ = options->results;
	for (size_t i = 0; i < plan->names.count; i++)
		*at++ = plan->names.items[i];
	status = child_run(&setup);
	free(argv);
	free(jobs);
	return status <= EXIT_INFRA ? status : EXIT_INFRA;
}

int plan_main(int argc, char **argv)
{
	struct plan plan = { 0 };
	struct hosts *hosts = NULL;

	(void)argc;
	/* Children that use the scratch folder are ended before: atexit() goes backwards. */
	temporary_set(NULL);
	message_open("run-tests");
	loop_open();
	open_plan(&plan);
	plan_options_parse(&plan.options, argv);
	plan_list(&plan);
	if (plan.options.list) {
		for (size_t i = 0; i < plan.specs.count; i++)
			puts(plan.specs.items[i]);
		return 0;
	}
	default_options(&plan);
	if (plan.options.hosts)
		hosts = plan_hosts_read(&plan);
	free(program_need("parallel", "parallel"));
	if (hosts)
		free(program_need("rsync", "rsync"));
	check_suite(&plan);
	check_baseline(&plan);
	if (!hosts)
		choose_accel(&plan);
	if (!plan.options.jobs && !hosts)
		plan.options.jobs = sysconf(_SC_NPROCESSORS_ONLN);
	open_results(&plan);
	plan_key(&plan);
	plan_fetch(&plan);
	if (!plan.stop && plan.count)
		plan_run(&plan, hosts);
	if (plan.stop)
		set_not_run(&plan);
	return report(&plan);
}
