// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Loads objects as a whole; if one fails, its programs one by one. */
#include "run/load_only.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "base/clock.h"
#include "load/libbpf_log.h"
#include "load/verifier.h"

/* Keeps the record below its limit, and the output readable. */
#define LINES_MAX 1000

struct load {
	const struct suite_test *test;
	struct record_writer *records;
	json_t *failures;
	size_t programs, left_out;
	uint64_t deadline;
};

__attribute__((format(printf, 2, 3))) static void fail(struct load *load, const char *format, ...)
{
	char line[768];
	va_list args;

	if (json_array_size(load->failures) == LINES_MAX) {
		load->left_out++;
		return;
	}
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	json_array_append_new(load->failures, record_text(line));
}

static void fail_program(struct load *load, const char *object,
			 const struct program_failure *failure)
{
	fail(load, "%s:%s: %s: %s", object, failure->program, failure_class_names[failure->class],
	     failure->cause);
}

static bool expired(const struct load *load)
{
	return clock_ms() >= load->deadline;
}

static void wake_up(int signal)
{
	(void)signal;
}

/*
 * From the deadline on, interrupt the verifier, which can be busy for minutes but checks for
 * signals. libbpf repeats an interrupted load a few times only.
 */
static void alarm_set(unsigned int timeout_ms)
{
	struct sigaction action = { .sa_handler = wake_up };
	struct itimerval timer = { .it_interval.tv_usec = timeout_ms ? 20000 : 0,
				   .it_value = { timeout_ms / 1000, timeout_ms % 1000 * 1000 } };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void take_programs(struct load *load, const struct object_spec *spec, struct bpf_object *bpf,
			  const char *logs, long load_ms)
{
	bool attach = load->test->test->load.attach;
	struct program_failure failure;
	struct bpf_program *program;
	size_t index = 0;

	bpf_object__for_each_program(program, bpf)
	{
		struct probe_line record =
			verifier_describe(spec->name, program, verifier_log(logs, index++));
		struct bpf_link *link = NULL;

		record.load_ms = load_ms;
		if (attach && verifier_attach(program, &link, &failure)) {
			record.error = failure.cause;
			record.class = failure.class;
			fail_program(load, spec->name, &failure);
		}
		record.attached = link;
		record_probe(load->records, &record);
		bpf_link__destroy(link);
	}
}

/* Load the programs one by one. The cause can also be a part of the object that is not a program. */
static void try_each(struct load *load, const struct object_spec *spec,
		     const struct bpf_object *bpf, size_t count, const char *cause)
{
	struct program_failure failure;
	bool found = false;

	for (size_t i = 0; i < count && !expired(load); i++) {
		if (!verifier_try(spec, bpf, i, load->test->test->load.attach, load->records,
				  &failure))
			continue;
		found = true;
		if (!expired(load))
			fail_program(load, spec->name, &failure);
	}
	if (!found && !expired(load))
		fail(load, "%s: loads program by program, but not as a whole: %s", spec->name,
		     cause);
}

static void take_object(struct load *load, const char *path)
{
	const struct probe_part no_lines = { 0 };
	struct object_spec spec = { .path = path,
				    .probe = &no_lines,
				    .name = suite_relative(load->test, path),
				    .every = true };
	struct bpf_object *bpf = NULL;
	struct bpf_program *program;
	char cause[512], *logs = NULL;
	size_t count = 0;
	uint64_t start;
	int err = object_open(&spec, &bpf, cause, sizeof(cause));

	if (!err)
		err = verifier_ask(bpf, &logs);
	if (err) {
		fail(load, "%s", bpf ? strerror(-err) : cause);
		goto out;
	}
	bpf_object__for_each_program(program, bpf) count++;
	load->programs += count;
	libbpf_log_clear();
	start = clock_ms();
	err = bpf_object__load(bpf);
	snprintf(cause, sizeof(cause), "%s", err ? libbpf_log_cause(-err) : "");
	if (err)
		try_each(load, &spec, bpf, count, cause);
	else
		take_programs(load, &spec, bpf, logs, (long)(clock_ms() - start));
	if (expired(load))
		fail(load, "timed out after %g s: %s was being loaded",
		     load->test->test->timeout_ms / 1000.0, spec.name);
out:
	bpf_object__close(bpf);
	free(logs);
}

json_t *load_only(const struct suite_test *test, struct record_writer *records)
{
	struct load load = { .test = test,
			     .records = records,
			     .failures = json_array(),
			     .deadline = clock_ms() + test->test->timeout_ms };
	glob_t found = { 0 };
	int err = suite_glob(test, test->test->load.pattern, &found);

	if (err)
		fail(&load, "load %s: %s", test->test->load.pattern, strerror(-err));
	alarm_set(test->test->timeout_ms);
	for (size_t i = 0; i < found.gl_pathc && !expired(&load); i++)
		take_object(&load, found.gl_pathv[i]);
	alarm_set(0);
	globfree(&found);
	if (load.programs == 0)
		fail(&load, "load %s: no program in any of them", test->test->load.pattern);
	if (load.left_out)
		json_array_append_new(load.failures,
				      json_sprintf("... and %zu more", load.left_out));
	return load.failures;
}
