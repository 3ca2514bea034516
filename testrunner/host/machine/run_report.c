// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes run.json, and has the results judged. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "host/machine/accel.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/run.h"

#define SYMBOLS_MAX (64 * 1024 * 1024)

static long long wall_ms(const struct run *run)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return run->begun ? now.tv_sec * 1000LL + now.tv_nsec / 1000000 - run->begun : 0;
}

/* The program that looks into images, and that judges. */
static void tool_path(const struct run *run, char path[PATH_MAX])
{
	path_set(path, "%s/bin/testrunner", run->build);
}

/* Of lines ADDRESS TYPE NAME in order: the function that an address is in. Changes the text. */
static const char *symbol_find(char *symbols, const char *address)
{
	const char *found = NULL;
	char *rest = symbols, *line;

	while ((line = strsep(&rest, "\n"))) {
		const char *at = strsep(&line, " "), *type = strsep(&line, " ");

		if (!type || !line || strcmp(at, address) > 0)
			break;
		if (strchr("tT", *type))
			found = line;
		/* Behind the kernel's end are modules and BPF programs. */
		if (!strcmp(line, "_end"))
			found = NULL;
	}
	return found;
}

/*
 * The kernel's function that the first processor was in at the deadline; "" if that cannot be told. A
 * kernel that unpacks itself may be anywhere.
 */
static void function_find(struct run *run, char *name, size_t size)
{
	const char *image = strrchr(run->machine.image, '/');
	char tool[PATH_MAX], *path = NULL, *symbols = NULL;
	const char *const argv[] = { tool, "vmlinux", "--symbols", run->machine.image, NULL };
	const char *found;
	size_t len;

	*name = '\0';
	if (!*run->guest.address || !image || strcmp(image, "/vmlinux"))
		return;
	tool_path(run, tool);
	if (child_capture(&run->loop, argv, -1, &path) == 0) {
		path[strcspn(path, "\n")] = '\0';
		if (file_read(path, SYMBOLS_MAX, &symbols, &len) == 0) {
			found = symbol_find(symbols, run->guest.address);
			snprintf(name, size, "%s", found ? found : "");
			free(symbols);
		}
	}
	free(path);
}

int run_write(struct run *run, const char *infra)
{
	char function[512] = "";
	const bool expired = run->guest.expired;

	if (expired)
		function_find(run, function, sizeof(function));
	return results_write(&run->results, &(struct run_facts){
						    .distro = run->kernel.distro,
						    .version = run->kernel.version,
						    .spec = run->options.spec,
						    .nonce = run->nonce,
						    .accel = accel_name(run->machine.accel),
						    .start = run->warm ? "warm" : "cold",
						    .kernel_args = run->options.kernel_args,
						    .key = run->options.key ? run->options.key : "",
						    .wall_ms = wall_ms(run),
						    .qemu_status = run->status,
						    .timed_out = expired,
						    .function = expired ? function : NULL,
						    .infra = infra,
					    });
}

/* From the first line that begins with '[': that line, or all until an empty one. */
static void print_verdict(const char *summary, bool whole, FILE *to)
{
	bool within = false;

	while (*summary) {
		size_t len = strcspn(summary, "\n");

		within = len && (*summary == '[' || (within && whole));
		if (within)
			fprintf(to, "%.*s\n", (int)len, summary);
		summary += len + (summary[len] == '\n');
	}
}

/* The command's stdout is ours: what we have to say goes to stderr. */
int run_report(struct run *run)
{
	const struct options *options = &run->options;
	const char *folder = run->results.path;
	char tool[PATH_MAX], *summary = NULL;
	const char *const one[] = { tool, "report", folder, NULL };
	const char *const all[] = { tool, "report", options->results, run->name, NULL };
	struct child child = { .pidfd = -1 };
	int status;

	tool_path(run, tool);
	if (run->machine.streams || options->brief) {
		status = child_capture(&run->loop, one, 2, &summary);
		if (summary)
			print_verdict(summary, run->machine.streams,
				      run->machine.streams ? stderr : stdout);
		free(summary);
	} else {
		status = child_start(&child, &run->loop,
				     &(struct child_start){ .argv = all, .fds = { -1, 1, 2 } });
		if (!status)
			status = child_wait(&child, LLONG_MAX);
		child_end(&child);
		status = status ? status : child.status;
	}
	return status < 0 || status > CODE_INFRA ? CODE_INFRA : status;
}
