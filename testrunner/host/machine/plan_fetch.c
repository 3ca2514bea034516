// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Gets the kernels, and finds out which of them need not be run again. */
#include "host/machine/plan_fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "host/machine/child.h"
#include "host/machine/hash.h"
#include "host/machine/kernel_folder.h"
#include "host/machine/message.h"
#include "host/machine/plan_results.h"
#include "host/machine/plan_tree.h"

void plan_key(struct plan *plan)
{
	char *bin = text_new("%s/bin", plan->build);
	struct hash hash = hash_new();

	hash_text(&hash, plan->options.accel);
	for (size_t i = 0; i < plan->options.pass.count; i++)
		hash_text(&hash, plan->options.pass.items[i]);
	hash_tree(&hash, plan->options.suite, HASH_TIMES, NULL);
	hash_tree(&hash, bin, HASH_TIMES, NULL);
	hash_tree(&hash, plan->scripts, HASH_TIMES, NULL);
	hash_program(&hash, plan->qemu);
	hash_format(&hash, plan->key);
	free(bin);
}

/* Reads DISTRO/VERSION from a kernel's meta.json. */
static char *kernel_name(const char *folder)
{
	char *path = text_new("%s/meta.json", folder), *name;
	json_t *meta = json_load_file(path, 0, NULL);
	const char *distro = json_string_value(json_object_get(meta, "distro"));
	const char *version = json_string_value(json_object_get(meta, "version"));

	if (!distro || !version || !kernel_name_valid(distro, version))
		die(EXIT_INFRA, "%s: not one of fetch-kernel's", path);
	name = text_new("%s/%s", distro, version);
	json_decref(meta);
	free(path);
	return name;
}

/* Are the results of this kernel, with this key, and not older than the kernel? */
static bool results_match(const struct plan *plan, const char *folder, const char *path,
			  const char *meta)
{
	json_t *run = json_load_file(path, 0, NULL);
	const char *key = json_string_value(json_object_get(run, "key"));
	const char *spec = json_string_value(json_object_get(run, "spec"));
	struct stat of_run, of_meta;
	bool match;

	/* Kernels of two trees may have the same name. */
	match = key && spec && !strcmp(key, plan->key) && !strcmp(spec, folder) &&
		!stat(path, &of_run) && !stat(meta, &of_meta);
	json_decref(run);
	if (!match || of_meta.st_ctim.tv_sec != of_run.st_ctim.tv_sec)
		return match && of_meta.st_ctim.tv_sec < of_run.st_ctim.tv_sec;
	return of_meta.st_ctim.tv_nsec <= of_run.st_ctim.tv_nsec;
}

/* Need it not be run again? Then *verdict is the exit code of its results. */
static bool is_complete(const struct plan *plan, const char *folder, const char *name, int *verdict)
{
	char *results = text_new("%s/%s", plan->options.results, name);
	char *run = text_new("%s/run.json", results), *meta = text_new("%s/meta.json", folder);
	bool complete = results_match(plan, folder, run, meta);

	if (complete) {
		*verdict = plan_results_judge(results, NULL);
		/* 2 is for no verdict at all; with 5 the run could not be done. */
		complete = *verdict != EXIT_USAGE && *verdict < EXIT_INFRA;
	}
	free(results);
	free(run);
	free(meta);
	return complete;
}

static bool texts_have(const struct texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (!strcmp(texts->items[i], text))
			return true;
	return false;
}

static void name_add(struct plan *plan, const char *name)
{
	if (!texts_have(&plan->names, name))
		texts_add(&plan->names, name);
}

static void kernel_add(struct plan *plan, char *folder, char *name)
{
	plan->kernels = reallocarray(plan->kernels, plan->count + 1, sizeof(*plan->kernels));
	if (!plan->kernels)
		die(EXIT_INFRA, "out of memory");
	plan->kernels[plan->count++] = (struct plan_kernel){ .folder = folder, .name = name };
	plan_results_open(plan, name);
}

/* `folders` are those of all kernels so far. */
static void take(struct plan *plan, struct texts *folders, const char *spec, char *folder)
{
	char *name = kernel_name(folder);
	int verdict;

	if (texts_have(folders, folder)) {
		free(name);
		free(folder);
		return;
	}
	if (texts_have(&plan->names, name))
		die(EXIT_USAGE, "%s: another kernel has the same name, %s: test one at a time",
		    spec, name);
	texts_add(folders, folder);
	name_add(plan, name);
	if (plan->options.resume && is_complete(plan, folder, name, &verdict)) {
		plan->complete++;
		plan->stop |= plan->options.fail_fast && verdict;
	} else {
		kernel_add(plan, folder, name);
	}
}

/* A kernel that was not fetched has no release, so its spec names it. */
static void take_unfetched(struct plan *plan, const char *spec, int status, const char *why)
{
	char *name;

	if (status == EXIT_USAGE || status >= 128)
		exit(status);
	if (tree_spec_name(spec, &name))
		die(EXIT_INFRA, "out of memory");
	plan_results_problem(plan, name, spec, "infra", why);
	name_add(plan, name);
	plan->stop |= plan->options.fail_fast;
	free(name);
}

/* The stderr of fetch-kernel is shown at once; its last line is kept for the report. */
struct said {
	int pipe[2];
	char last[1024];
	size_t len;
};

static void said_read(struct said *said)
{
	char bytes[4096];
	ssize_t n = read(said->pipe[0], bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n; i++) {
		fputc(bytes[i], stderr);
		/* A new line begins with the first byte behind the old one's end. */
		if (said->len && said->last[said->len - 1] == '\n')
			said->len = 0;
		if (said->len < sizeof(said->last) - 1)
			said->last[said->len++] = bytes[i];
	}
}

static const char *said_last(struct said *said)
{
	const char *prefix = "fetch-kernel: ";

	if (said->len && said->last[said->len - 1] == '\n')
		said->len--;
	said->last[said->len] = '\0';
	return strncmp(said->last, prefix, strlen(prefix)) ? said->last :
							     said->last + strlen(prefix);
}

static void fetch(struct plan *plan, struct texts *folders, const char *spec)
{
	char *script = text_new("%s/fetch-kernel", plan->scripts),
	     *out = text_new("%s/kernel", plan->scratch);
	struct said said = { .len = 0 };
	struct child_setup setup = { .argv = (const char *const[]){ script, spec, NULL },
				     .out = out };
	struct child child;
	size_t len = 0;
	char *folder = NULL;
	int status;

	if (pipe2(said.pipe, O_CLOEXEC))
		die(EXIT_INFRA, "pipe: %s", strerror(errno));
	setup.fd = said.pipe[1];
	child_start(&child, &setup);
	close(said.pipe[1]);
	/* Nothing that fetch-kernel starts outlives it. */
	status = child_wait_reading(&child, said.pipe[0], (void (*)(void *))said_read, &said);
	close(said.pipe[0]);
	if (!status && !file_read(out, 1 << 16, &folder, &len))
		folder[strcspn(folder, "\n")] = '\0';
	if (folder && *folder)
		take(plan, folders, spec, folder);
	else
		take_unfetched(plan, spec, status, said_last(&said));
	free(script);
	free(out);
}

void plan_fetch(struct plan *plan)
{
	struct texts folders = { 0 };

	for (size_t i = 0; i < plan->specs.count; i++)
		fetch(plan, &folders, plan->specs.items[i]);
	if (plan->complete)
		say("%zu of %zu kernels have complete results", plan->complete, plan->names.count);
}
