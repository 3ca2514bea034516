// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads the files of one kernel's folder. All but run.json were written by, or on behalf of, an untrusted guest. */
#include "report/kernel_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORDS_FILE_MAX (256u * 1024 * 1024)
#define MACHINE_FILE_MAX (4u * 1024 * 1024)
#define RUN_FILE_MAX (1024u * 1024)

enum part { PART_START, PART_END };

struct file_part {
	char *data; /* to be freed */
	size_t len;
	bool whole;
};

static int read_all(int fd, off_t offset, struct file_part *part, size_t want)
{
	ssize_t got = 0;

	part->data = malloc(want + 1);
	if (!part->data)
		return -ENOMEM;
	while (part->len < want) {
		got = pread(fd, part->data + part->len, want - part->len, offset + (off_t)part->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		part->len += (size_t)got;
	}
	part->data[part->len] = '\0';
	return got < 0 ? -errno : 0;
}

/*
 * At most `max` bytes of DIR/NAME, from its start or its end. A 9p share may be the guest's to write in: no links are
 * followed, and nothing is opened that would block.
 */
static int part_read(const char *dir, const char *name, size_t max, enum part which, struct file_part *part)
{
	struct stat st;
	char *path;
	int fd, err;

	memset(part, 0, sizeof(*part));
	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	err = fd < 0 ? -errno : 0;
	free(path);
	if (err)
		return err;
	if (fstat(fd, &st)) {
		err = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		err = -EINVAL;
	} else {
		part->whole = (uintmax_t)st.st_size <= max;
		err = read_all(fd, which == PART_END && !part->whole ? st.st_size - (off_t)max : 0, part,
			       part->whole ? (size_t)st.st_size : max);
	}
	close(fd);
	return err;
}

static void set_problem(struct kernel_run *run, const char *file, const char *why)
{
	if (!run->problem[0])
		snprintf(run->problem, sizeof(run->problem), "%s: %s", file, why);
}

/* A file that is not there is no error of the host's; any other is. Returns -ENOMEM, or 0. */
static int part_error(struct kernel_run *run, const char *file, int err)
{
	if (err && err != -ENOENT && err != -ENOMEM)
		set_problem(run, file, strerror(-err));
	return err == -ENOMEM ? err : 0;
}

static int load_run_json(struct kernel_run *run)
{
	struct file_part part;
	json_error_t error;
	char why[160];
	int err = part_read(run->path, "run.json", RUN_FILE_MAX, PART_START, &part);

	if (err)
		goto out;
	run->run_json = json_loadb(part.data, part.len, JSON_REJECT_DUPLICATES, &error);
	if (!run->run_json)
		set_problem(run, "run.json", error.text);
	else if (record_rules_read_run(run->run_json, &run->run, why, sizeof(why)))
		set_problem(run, "run.json", why);
	else
		run->has_run = true;
out:
	free(part.data);
	return part_error(run, "run.json", err);
}

static int load_records(struct kernel_run *run)
{
	const char *nonce = run->has_run && run->run.nonce ? run->run.nonce : NULL;
	struct file_part part;
	int err = part_read(run->path, "records.ndjson", RECORDS_FILE_MAX, PART_START, &part);

	if (part_error(run, "records.ndjson", err) == -ENOMEM)
		goto out;
	/* With run.json and no nonce nothing can be this run's. */
	err = records_parse(part.data ? part.data : "", err ? 0 : part.len,
			    run->has_run && !nonce ? "" : nonce, &run->records);
	if (!err && part.data && !part.whole)
		records_set_problem(&run->records, "more than %u bytes", RECORDS_FILE_MAX);
out:
	free(part.data);
	return err;
}

static int load_machine(struct kernel_run *run)
{
	struct file_part part;
	int err = part_read(run->path, "machine.ndjson", MACHINE_FILE_MAX, PART_END, &part);

	if (!err)
		machine_parse(part.data, part.len, &run->machine);
	free(part.data);
	return part_error(run, "machine.ndjson", err);
}

static int load_console(struct kernel_run *run)
{
	struct file_part part;
	int err = part_read(run->path, "console.log", CONSOLE_TAIL_MAX, PART_END, &part);

	if (!err) {
		run->console_data = part.data;
		part.data = NULL;
		console_parse(run->console_data, part.len, &run->console);
	}
	free(part.data);
	return part_error(run, "console.log", err);
}

static int set_name(struct kernel_run *run, const char *name)
{
	const char *slash = name ? strchr(name, '/') : NULL;
	const char *version = slash ? slash + 1 : name;

	run->distro = slash ? strndup(name, (size_t)(slash - name)) : NULL;
	if (!run->distro && !slash)
		run->distro = strdup(run->has_run && run->run.distro ? run->run.distro : "local");
	if (!version && run->has_run)
		version = run->run.kernel;
	if (!version && run->records.has_hello)
		version = run->records.hello.release;
	run->version = strdup(version ? version : "kernel");
	if (!run->distro || !run->version || asprintf(&run->name, "%s/%s", run->distro, run->version) < 0)
		return -ENOMEM;
	return 0;
}

int kernel_run_load(const char *path, const char *name, struct kernel_run *run)
{
	struct verdict_input input = {
		.records = &run->records,
		.machine = &run->machine,
		.console = &run->console,
	};
	struct stat st;
	int err;

	memset(run, 0, sizeof(*run));
	run->path = strdup(path);
	if (!run->path)
		return -ENOMEM;
	run->exists = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	if ((err = load_run_json(run)) || (err = load_records(run)) || (err = load_machine(run)) ||
	    (err = load_console(run)) || (err = set_name(run, name)))
		return err;
	/* What was not read cannot speak for the guest. */
	if (!run->problem[0] && run->exists && !run->has_run)
		set_problem(run, "run.json", "there is none");
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
	free(run->console_data);
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
