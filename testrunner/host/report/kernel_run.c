// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* From the bytes of a run's files to its verdict. All but run.json were written by, or for, an
 * untrusted guest. */
#include "host/report/kernel_run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_problem(struct kernel_run *run, enum run_file file, const char *why)
{
	if (!run->problem[0])
		snprintf(run->problem, sizeof(run->problem), "%s: %s", run_file_name(file), why);
}

static void judge_run_json(struct kernel_run *run)
{
	const struct file_part *part = &run->files[FILE_RUN];
	json_error_t error;
	char why[160];

	if (!part->data)
		return;
	run->run_json = json_loadb(part->data, part->len, JSON_REJECT_DUPLICATES, &error);
	if (!run->run_json)
		set_problem(run, FILE_RUN, error.text);
	else if (record_rules_read_run(run->run_json, &run->run, why, sizeof(why)))
		set_problem(run, FILE_RUN, why);
	else
		run->has_run = true;
}

/* The records' bytes are not needed any longer than this, and there may be many. */
static int judge_records(struct kernel_run *run)
{
	struct file_part *part = &run->files[FILE_RECORDS];
	const char *nonce = run->has_run ? run->run.nonce : NULL;
	int err;

	/* With run.json, and no nonce in it, nothing can be this run's. */
	if (run->has_run && !nonce)
		nonce = "";
	err = records_parse(part->data ? part->data : "", part->len, nonce, &run->records);
	if (part->cut)
		records_set_problem(&run->records, "there are more than %zu bytes", part->len);
	free(part->data);
	part->data = NULL;
	part->len = 0;
	return err;
}

static int set_name(struct kernel_run *run, const char *name)
{
	const char *slash = name ? strchr(name, '/') : NULL;
	const char *version = slash ? slash + 1 : name;

	run->distro = slash ? strndup(name, (size_t)(slash - name)) : NULL;
	if (!slash)
		run->distro = strdup(run->has_run && run->run.distro ? run->run.distro : "local");
	if (!version && run->has_run)
		version = run->run.kernel;
	if (!version && run->records.has_hello)
		version = run->records.hello.release;
	run->version = strdup(version ? version : "kernel");
	if (!run->distro || !run->version ||
	    asprintf(&run->name, "%s/%s", run->distro, run->version) < 0) {
		run->name = NULL;
		return -ENOMEM;
	}
	return 0;
}

int kernel_run_judge(struct kernel_run *run, const char *name)
{
	struct verdict_input input = {
		.records = &run->records,
		.machine = &run->machine,
		.console = &run->console,
		.output = run->output,
	};
	const struct file_part *console = &run->files[FILE_CONSOLE],
			       *machine = &run->files[FILE_MACHINE];
	int err;

	for (enum run_file file = 0; file < FILE_COUNT; file++) {
		if (run->files[file].err == -ENOMEM)
			return -ENOMEM;
		if (run->files[file].err && run->files[file].err != -ENOENT)
			set_problem(run, file, strerror(-run->files[file].err));
	}
	judge_run_json(run);
	err = judge_records(run);
	if (err)
		return err;
	if (machine->data)
		machine_parse(machine->data, machine->len, &run->machine);
	if (console->data)
		console_parse(console->data, console->len, &run->console);
	err = set_name(run, name);
	if (err)
		return err;
	if (run->exists && !run->has_run)
		set_problem(run, FILE_RUN, "there is none");
	/* A file that could not be read might have said anything: nothing is judged without it. */
	if (run->has_run && !run->problem[0])
		input.run = &run->run;
	input.run_problem = run->problem[0] ? run->problem : NULL;
	verdict_decide(&input, &run->verdict);
	return 0;
}

void kernel_run_free(struct kernel_run *run)
{
	records_free(&run->records);
	json_decref(run->run_json);
	for (enum run_file file = 0; file < FILE_COUNT; file++)
		free(run->files[file].data);
	free(run->path);
	free(run->name);
	free(run->distro);
	free(run->version);
	memset(run, 0, sizeof(*run));
}

size_t kernel_run_missing(const struct kernel_run *run)
{
	size_t planned = records_planned(&run->records);

	return planned > run->records.test_count ? planned - run->records.test_count : 0;
}

enum outcome report_outcome(const struct report *report)
{
	enum outcome worst = OUTCOME_PASS;

	for (size_t i = 0; i < report->count; i++)
		if (report->runs[i].verdict.outcome > worst)
			worst = report->runs[i].verdict.outcome;
	return worst;
}
