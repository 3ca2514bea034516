// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Has GNU parallel run the kernels, some at a time, in rounds. A kernel without a result, because
 * memory ran short or a host failed, runs again in the next round. The exit status of a job is not a
 * verdict: the report judges the results.
 */
#include "host/machine/plan_run.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "host/machine/child.h"
#include "host/machine/loop.h"
#include "host/machine/message.h"
#include "host/machine/plan_hosts.h"
#include "host/machine/plan_memory.h"
#include "host/machine/plan_order.h"
#include "host/machine/plan_progress.h"
#include "host/machine/plan_received.h"
#include "host/machine/plan_results.h"

/* So many rounds in which no kernel got a result, and it is over. */
#define TRIES 3

/* The line on a terminal is written anew with each verdict. */
#define ERASE "\r\033[K"

static struct engine {
	struct plan *plan;
	struct hosts *hosts;
	struct plan_progress progress;
	bool terminal;
	struct plan_kernel **left; /* in this round */
	size_t count;
	struct child parallel;
	int pipe; /* what it and the jobs print */
	char line[4096];
	size_t len;
	long log_read; /* bytes of its job log */
} engine;

static void end_parallel(void)
{
	/* Until its first job has begun SIGTERM is lost on it. */
	child_end(&engine.parallel, SIGINT);
	if (engine.terminal)
		fputs(ERASE, stderr);
	engine.terminal = false;
}

static void show_progress(const struct engine *e)
{
	char text[128];

	if (!e->terminal)
		return;
	plan_progress_format(&e->progress, time(NULL), text, sizeof(text));
	fprintf(stderr, ERASE "run-tests: %s", text);
}

static void show_line(struct engine *e, const char *line)
{
	int verdict = plan_progress_verdict(&e->progress, e->plan->kernels, e->plan->count, line);

	fprintf(stderr, "%s%s\n", e->terminal ? ERASE : "", line);
	show_progress(e);
	e->plan->stop |= verdict == 2 && e->plan->options.fail_fast;
}

/* A row of the job log: number, host, start, seconds, bytes sent and received, exit code, signal. */
static void job_ended(struct engine *e, char *row)
{
	char *fields[8], *verdict = NULL;
	struct plan_kernel *kernel;
	size_t number;

	for (size_t i = 0; i < 8; i++) {
		fields[i] = strsep(&row, "\t");
		if (!fields[i])
			return;
	}
	number = strtoul(fields[0], NULL, 10);
	if (!number || number > e->count)
		return;
	kernel = e->left[number - 1];
	if (e->hosts && plan_hosts_take(e->hosts, kernel, fields[1], atoi(fields[6]), &verdict))
		kernel->done = true;
	else if (!e->hosts || !strcmp(fields[1], ":"))
		/* A run that could not be done, or was ended, does not show how long the kernel takes. */
		kernel->done = atoi(fields[6]) >= 0 && atoi(fields[6]) < EXIT_INFRA &&
			       !atoi(fields[7]);
	if (kernel->done)
		kernel->seconds = strtod(fields[3], NULL);
	if (verdict)
		show_line(e, verdict);
	free(verdict);
}

static void read_log(struct engine *e)
{
	char *path = text_new("%s/joblog", e->plan->scratch), *row = NULL;
	FILE *log = fopen(path, "re");
	size_t room = 0;

	free(path);
	if (!log || fseek(log, e->log_read, SEEK_SET)) {
		if (log)
			fclose(log);
		return;
	}
	while (getline(&row, &room, log) > 0 && strchr(row, '\n')) {
		e->log_read = ftell(log);
		/* Its head begins with Seq. */
		job_ended(e, row);
	}
	free(row);
	fclose(log);
}

/* Returns false at its end, or when there is nothing to read now. */
static bool read_output(struct engine *e)
{
	char bytes[4096];
	ssize_t n = read(e->pipe, bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n && !e->plan->stop; i++) {
		if (bytes[i] != '\n' && e->len < sizeof(e->line) - 1) {
			e->line[e->len++] = bytes[i];
			continue;
		}
		e->line[e->len] = '\0';
		e->len = 0;
		/* Other lines of a host's are those of rsync, which may repeat what that host says. */
		for (char *c = e->line; e->hosts && *c; c++)
			*c = *c == '\t' || isprint((unsigned char)*c) ? *c : '?';
		if (!e->hosts || !plan_hosts_said(e->hosts, e->line))
			show_line(e, e->line);
	}
	return n > 0;
}

/* Until parallel, or one that is to fail fast, has ended. */
static void follow(struct engine *e)
{
	while (!e->plan->stop && !child_ended(&e->parallel)) {
		bool end = false;

		if (loop_readable(e->pipe, 200))
			end = !read_output(e);
		read_log(e);
		if (end)
			loop_run(&e->parallel.ended, loop_now() + 50);
	}
	if (!e->plan->stop) {
		fcntl(e->pipe, F_SETFL, O_NONBLOCK);
		while (read_output(e))
			;
		read_log(e);
	}
	child_end(&e->parallel, SIGINT);
}

static void start(struct engine *e, const struct texts *arguments)
{
	const char **argv = calloc(arguments->count + 1, sizeof(*argv));
	int pipe[2];
	struct child_setup setup = {
		.argv = argv,
		.end_signal = SIGINT,
		/* To count how many processes it may have it starts some that sleep for three hours. If
		 * it is interrupted before it has written down the id of one, that goes on: but it is in
		 * this session. */
		.session = true,
		.file_bytes = e->hosts ? plan_received_limit() : 0,
		.may_raise = true,
	};

	if (!argv || pipe2(pipe, O_CLOEXEC))
		die(EXIT_INFRA, "start parallel: %s", strerror(errno));
	for (size_t i = 0; i < arguments->count; i++)
		argv[i] = arguments->items[i];
	setup.fd = pipe[1];
	e->pipe = pipe[0];
	e->log_read = 0;
	e->len = 0;
	child_start(&e->parallel, &setup);
	close(pipe[1]);
	free(argv);
}

/*
 * Where memory is scarce, parallel has to mind it. It looks all the time, which takes a tenth of
 * a processor. Not --memfree: that takes files in a tmpfs for free memory, ends all kernels when
 * others use it up, and then waits for as long as they do.
 */
static void fit_memory(struct plan *plan)
{
	long need = plan_memory_need(plan->options.memory), fit = plan_memory_free() / need;
	char *text;

	if (fit >= plan->options.jobs)
		return;
	fit = fit ? fit : 1;
	if (fit < plan->options.jobs)
		say("the free memory is too little for %ld kernels at a time; taking %ld",
		    plan->options.jobs, fit);
	plan->options.jobs = fit;
	text = text_new("%ld", need);
	setenv("bpfcheck_need", text, 1);
	free(text);
}

/* No text of the user's is in the command that parallel fills in: it is in a script. */
static void write_job(const struct plan *plan)
{
	char *path = text_new("%s/job", plan->scratch);
	char *script = text_new("%s/run-kernel", plan->scripts);
	const char *words[] = { script,	     "--brief",
				"--suite",   plan->options.suite,
				"--results", plan->options.results,
				"--accel",   plan->options.accel,
				"--key",     plan->key };
	FILE *file = fopen(path, "we");

	if (!file)
		die(EXIT_INFRA, "%s: %s", path, strerror(errno));
	/* Where parallel has a limit for what hosts send, a kernel here has none. */
	fputs("ulimit -f unlimited 2>/dev/null || :\nexec", file);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) + plan->options.pass.count; i++) {
		size_t count = sizeof(words) / sizeof(words[0]);
		char *word =
			text_shell_word(i < count ? words[i] : plan->options.pass.items[i - count]);

		fprintf(file, " %s", word);
		free(word);
	}
	fputs(" \"$1\"\n", file);
	if (fclose(file))
		die(EXIT_INFRA, "%s: cannot be written", path);
	setenv("bpfcheck_job", path, 1);
	free(path);
	free(script);
}

static void run_round(struct engine *e)
{
	struct plan *plan = e->plan;
	char *list = text_new("%s/list", plan->scratch),
	     *log = text_new("%s/joblog", plan->scratch);
	char *jobs = text_new("%ld", plan->options.jobs);
	const char *const words[] = { "parallel", "--will-cite", "--plain",
				      "--tmpdir", plan->scratch, "--joblog",
				      log,	  "--termseq",	 "TERM,10000,KILL,100" };
	struct texts arguments = { 0 };
	FILE *file = fopen(list, "we");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		texts_add(&arguments, words[i]);
	for (size_t i = 0; file && i < e->count; i++)
		fprintf(file, "%s\n",
			e->hosts ? plan_hosts_row(e->hosts, e->left[i]) : e->left[i]->folder);
	if (!file || fclose(file))
		die(EXIT_INFRA, "%s: cannot be written", list);
	unlink(log);
	if (e->hosts) {
		plan_hosts_arguments(e->hosts, &arguments);
	} else {
		texts_add(&arguments, "--jobs");
		texts_add(&arguments, jobs);
		if (getenv("bpfcheck_need")) {
			texts_add(&arguments, "--limit");
			texts_add(&arguments, "\"$bpfcheck\" memory \"$bpfcheck_need\" $PPID");
		}
		texts_add(&arguments, "sh \"$bpfcheck_job\" {}");
	}
	texts_add(&arguments, "::::");
	texts_add(&arguments, list);
	start(e, &arguments);
	follow(e);
	free(list);
	free(log);
	free(jobs);
}

/* How long kernels took in earlier runs: the text of the file, or NULL. Both are the caller's to free. */
static char *read_durations(const struct plan *plan, char **path)
{
	char *text;
	size_t len;

	*path = text_new("%s/durations", plan->build);
	return file_read(*path, 1 << 24, &text, &len) ? NULL : text;
}

static void learn(const struct plan *plan)
{
	char *path, *was = read_durations(plan, &path), *now;

	now = plan_order_learn(plan->kernels, plan->count, was ? was : "", plan->options.suite,
			       plan->options.filter ? plan->options.filter : "");
	/* Of two runs that end at the same time one may be forgotten, which does no harm. */
	if (now)
		file_replace(path, now, strlen(now));
	free(was);
	free(now);
	free(path);
}

static void order(struct plan *plan)
{
	char *path, *text = read_durations(plan, &path);

	plan_order(plan->kernels, plan->count, text, plan->options.suite,
		   plan->options.filter ? plan->options.filter : "");
	free(text);
	free(path);
}

static size_t find_left(struct engine *e)
{
	e->count = 0;
	for (size_t i = 0; i < e->plan->count; i++) {
		struct plan_kernel *kernel = &e->plan->kernels[i];

		if (e->hosts ? !plan_hosts_settled(e->hosts, kernel) :
			       !plan_results_exist(e->plan, kernel->name))
			e->left[e->count++] = kernel;
	}
	return e->count;
}

void plan_run(struct plan *plan, struct hosts *hosts)
{
	const char *term = getenv("TERM");
	struct engine *e = &engine;
	size_t before;
	int tries = TRIES;

	*e = (struct engine){ .plan = plan, .hosts = hosts };
	e->left = calloc(plan->count, sizeof(*e->left));
	if (!e->left)
		die(EXIT_INFRA, "out of memory");
	write_job(plan);
	if (!hosts)
		fit_memory(plan);
	order(plan);
	/* A user's own settings of parallel are not for us. */
	setenv("PARALLEL_HOME", plan->scratch, 1);
	setenv("PARALLEL_SHELL", "/bin/sh", 1);
	unsetenv("PARALLEL");
	atexit(end_parallel);
	before = find_left(e);
	while (before && tries && !plan->stop &&
	       (!hosts || plan_hosts_prepare(hosts, e->left, e->count))) {
		if (!e->progress.count) {
			char *where = hosts ? text_new("%s", plan_hosts_where(hosts)) :
					      text_new("(%s)", plan->options.accel);

			say("running %zu kernels, %ld at a time %s", plan->count,
			    plan->options.jobs, where);
			free(where);
			e->progress =
				plan_progress_new(plan->kernels, plan->count, plan->options.jobs);
			e->terminal = isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
			show_progress(e);
		}
		run_round(e);
		learn(plan);
		tries -= find_left(e) >= before;
		before = e->count;
	}
	end_parallel();
	free(e->left);
}
