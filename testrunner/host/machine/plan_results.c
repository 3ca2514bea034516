// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The folder of results of one kernel: opens it, writes run.json, has it judged. */
#include "host/machine/plan_results.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "host/machine/child.h"
#include "host/machine/message.h"

/* A disk that fills up in the middle of a run loses records without a word. */
#define SPACE_MB 16

static const char *const leftovers[] = { "share",	  "run.json",	    "records.ndjson",
					 "serial.ndjson", "machine.ndjson", "control",
					 "stdin",	  "stdout",	    "stderr",
					 "collected",	  ".received",	    "console.log",
					 "junit.xml" };

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	/* Somebody else's folder may not let itself be emptied. */
	if (type == FTW_D || type == FTW_DNR)
		chmod(path, st->st_mode | 0700);
	remove(path);
	return 0;
}

void remove_tree(const char *path)
{
	/* Before its content: a folder must be writable then. */
	nftw(path, remove_one, 16, FTW_PHYS);
	nftw(path, remove_one, 16, FTW_PHYS | FTW_DEPTH);
}

int lock_take(const char *path, const char *what)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		die(EXIT_INFRA, "%s: cannot be made: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		say("waiting for another process that is busy with %s", what);
		while (flock(fd, LOCK_EX | LOCK_NB))
			signals_poll(-1, 100);
	}
	return fd;
}

static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	if (mkdir(path, 0777) && errno != EEXIST)
		die(EXIT_INFRA, "%s: cannot be made: %s", path, strerror(errno));
}

static void check_space(const char *folder)
{
	struct statvfs fs;

	if (statvfs(folder, &fs) || (fs.f_bavail * fs.f_frsize) >> 20 < SPACE_MB)
		die(EXIT_INFRA, "%s: the disk is full: less than %d MB are free", folder, SPACE_MB);
}

void plan_results_open(const struct plan *plan, const char *name)
{
	char *folder = text_new("%s/%s", plan->options.results, name);
	char *file = text_new("%s/.lock", folder), *link, *target;
	int lock;

	make_folders(folder);
	check_space(folder);
	lock = lock_take(file, folder);
	free(file);
	for (size_t i = 0; i < sizeof(leftovers) / sizeof(leftovers[0]); i++) {
		file = text_new("%s/%s", folder, leftovers[i]);
		remove_tree(file);
		free(file);
	}
	link = text_new("%s.txt", folder);
	target = text_new("%s/console.log", strrchr(name, '/') + 1);
	unlink(link);
	if (symlink(target, link))
		die(EXIT_INFRA, "%s: cannot be made: %s", link, strerror(errno));
	free(link);
	free(target);
	free(folder);
	close(lock);
}

void plan_results_write(const char *folder, json_t *run)
{
	char *path = text_new("%s/run.json", folder), *part = text_new("%s/.run.json", folder);
	FILE *file = fopen(part, "we");
	const char *key, *comma = "";
	json_t *value;
	bool failed = !file;

	if (file) {
		fputc('{', file);
		json_object_foreach(run, key, value) {
			fprintf(file, "%s\n\t\"%s\": ", comma, key);
			json_dumpf(value, file, JSON_ENCODE_ANY);
			comma = ",";
		}
		failed = fputs("\n}\n", file) < 0;
		failed = fclose(file) || failed || rename(part, path);
	}
	if (failed)
		die(EXIT_INFRA, "%s: cannot be written", path);
	free(path);
	free(part);
}

void plan_results_problem(const struct plan *plan, const char *name, const char *spec,
			  const char *key, const char *why)
{
	char *folder = text_new("%s/%s", plan->options.results, name);
	json_t *run = json_pack("{s:s#, s:s, s:s?, s:s, s:s?}", "distro", name,
				(int)(strchr(name, '/') - name), "kernel", strchr(name, '/') + 1,
				"spec", spec, "accel", plan->options.accel, key, why);

	if (!run)
		run = json_pack("{s:s, s:s}", "accel", plan->options.accel, key,
				"a text that is not UTF-8");
	plan_results_open(plan, name);
	plan_results_write(folder, run);
	json_decref(run);
	free(folder);
}

bool plan_results_exist(const struct plan *plan, const char *name)
{
	char *file = text_new("%s/%s/run.json", plan->options.results, name);
	bool exists = !access(file, F_OK);

	free(file);
	return exists;
}

int plan_results_judge(const struct plan *plan, const char *folder, char **line)
{
	char *summary = text_new("%s/summary", plan->scratch), *text, *at;
	/* With a format it writes nothing into the folder. */
	const char *const brief[] = { plan->bpfcheck, "report", "--format",
				      "summary",	folder,	  NULL };
	const char *const whole[] = { plan->bpfcheck, "report", folder, NULL };
	const struct child_setup report = { .argv = line ? whole : brief,
					    .out = summary,
					    .err = "/dev/null" };
	int status = child_run(&report);
	size_t len;

	if (line && !file_read(summary, 1 << 20, &text, &len)) {
		at = *text == '[' ? text : strstr(text, "\n[");
		at = at && *at == '\n' ? at + 1 : at;
		*line = at ? text_new("%.*s", (int)strcspn(at, "\n"), at) : NULL;
		free(text);
	} else if (line) {
		*line = NULL;
	}
	free(summary);
	return status <= EXIT_INFRA ? status : EXIT_INFRA;
}
