// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes run.json, and has the results judged. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "host/machine/accel.h"
#include "host/machine/run.h"

#define SYMBOLS_MAX (64 * 1024 * 1024)

static long long wall_ms(const struct run *run)
{
	return run->begun ? clock_wall_ms() - run->begun : 0;
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
	const char *const argv[] = { "/proc/self/exe", "vmlinux", "--symbols", run->machine.image,
				     NULL };
	char *path, *symbols;
	const char *found;
	size_t len;

	*name = '\0';
	if (!*run->guest.address || !image || strcmp(image, "/vmlinux"))
		return;
	if (child_capture(argv, 0, &path, NULL) == 0) {
		path[strcspn(path, "\n")] = '\0';
		if (file_read(path, SYMBOLS_MAX, &symbols, &len) == 0) {
			found = symbol_find(symbols, run->guest.address);
			snprintf(name, size, "%s", found ? found : "");
			free(symbols);
		}
	}
	free(path);
}

bool run_write(struct run *run, const char *infra)
{
	const bool expired = run->guest.expired;
	char function[512] = "";

	if (expired)
		function_find(run, function, sizeof(function));
	return results_write(
		run->results.path,
		json_pack("{s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:o, s:I, s:o, s:b, s:o, s:o}",
			  "distro", run->kernel.distro, "kernel", run->kernel.version, "spec",
			  results_text(run->options.spec), "nonce", run->nonce, "accel",
			  accel_name(run->machine.accel), "start", run->warm ? "warm" : "cold",
			  "kernel_args", results_text(run->options.kernel_args), "key",
			  results_text(run->options.key ? run->options.key : ""), "wall_ms",
			  (json_int_t)wall_ms(run), "qemu_status",
			  run->guest.qemu.ended ? json_integer(run->guest.qemu.status) :
						  json_null(),
			  "timed_out", expired, "function", results_text(expired ? function : NULL),
			  "infra", results_text(infra)));
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
	const bool streams = run->machine.streams;
	const char *const all[] = { "/proc/self/exe", "report", run->options.results, run->name,
				    NULL };
	char *summary;
	int status;

	if (streams || run->options.brief) {
		status = results_judge(run->results.path, true, &summary);
		print_verdict(summary, streams, streams ? stderr : stdout);
		free(summary);
	} else {
		status = child_run(&(struct child_setup){ .argv = all });
	}
	return status <= EXIT_INFRA ? status : EXIT_INFRA;
}
