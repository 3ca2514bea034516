// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpfcheck machine, and bpfcheck result: from the options to the exit code. */
#include "host/machine/machine_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "host/machine/accel.h"
#include "host/machine/files.h"
#include "host/machine/loop.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/run.h"

#define CPUINFO_MAX (16 * 1024 * 1024)

/* Of the first processor, the lines that tell one from another. */
static char *cpuinfo_read(void)
{
	static const char *const wanted[] = { "model name", "microcode", "flags", "bogomips" };
	char *all, *rest, *line, *kept = NULL;
	size_t len, kept_len;
	FILE *out;

	if (file_read("/proc/cpuinfo", CPUINFO_MAX, &all, &len))
		return strdup("");
	out = open_memstream(&kept, &kept_len);
	rest = all;
	while (out && (line = strsep(&rest, "\n")) && *line)
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (!strncmp(line, wanted[i], strlen(wanted[i])))
				fprintf(out, "%s \n", line);
	if (out)
		fclose(out);
	free(all);
	return kept;
}

/* Commands, shells, and records that have no better way get the share. */
static void share_decide(struct run *run)
{
	struct machine *machine = &run->machine;

	if (machine->console == YES && !run->options.command && !run->options.shell)
		machine->share = NO;
	else
		machine->share =
			kernel_folder_has(&run->kernel, "9pnet_virtio", "CONFIG_NET_9P_VIRTIO");
}

static void machine_describe(struct run *run, const char *qemu)
{
	const struct options *options = &run->options;

	run->machine = (struct machine){
		.arch = run->kernel.arch,
		.qemu = qemu,
		.accel = options->accel,
		.memory = options->memory,
		.cpus = options->cpus,
		.image = run->kernel.image,
		.cmdline = run->cmdline,
		.console =
			kernel_folder_has(&run->kernel, "virtio_console", "CONFIG_VIRTIO_CONSOLE"),
		.streams = options->command && !options->shell,
		.root_writable = options->root_writable,
	};
	run->machine.accel = accel_choose(run->kernel.arch, qemu, run->build, options->accel);
	if (options->root)
		root_open(&run->root, options->root, options->root_writable, &run->kernel,
			  run->build);
	run->machine.root = run->root.way;
	run->machine.root_format = run->root.format;
	run->cpuinfo = cpuinfo_read();
	if (!run->cpuinfo || arch_cmdline(run->kernel.arch, run->machine.accel, run->cpuinfo,
					  options->kernel_args, run->cmdline, sizeof(run->cmdline)))
		die(EXIT_INFRA, "make the kernel's command line: %s", strerror(E2BIG));
	share_decide(run);
	if (run->machine.streams)
		streams_init(&run->streams, run->nonce);
}

/* Paths that QEMU, which runs in another folder, is given too. */
static void paths_find(struct run *run)
{
	struct options *options = &run->options;

	run->build = getenv("BPFCHECK_BUILD");
	if (!run->build || *run->build != '/')
		usage_error("BPFCHECK_BUILD: not an absolute path");
	run->suite = options->suite;
	if (!run->suite && !options->command)
		run->suite = text_new("%s/suite", run->build);
	if (!options->results)
		options->results = text_new("%s/results", run->build);
	path_set(run->modules, "%s/modules.cpio", options->kernel);
	path_set(run->btf, "%s/btf", options->kernel);
	if (access(run->btf, F_OK))
		*run->btf = '\0';
}

/* It has buffers that the stack need not have. */
static struct run run;
static bool opened; /* run.results is, and has no run.json yet */

/* A run that could not be done is a result, too; a run that was interrupted is none. */
static void write_failure(void)
{
	if (opened && last_words())
		run_write(&run, last_words());
}

int machine_main(int argc, char **argv)
{
	const char *qemu;

	argv[0] = "run-kernel";
	message_open(argv[0]);
	options_parse(&run.options, argc, argv);
	if (run.options.check)
		return 0;
	/* In this order: atexit() goes backwards, and ends children first. */
	atexit(write_failure);
	temporary_set(NULL);
	loop_open();
	paths_find(&run);
	kernel_folder_open(run.options.kernel, run.options.spec, &run.kernel);
	qemu = qemu_find(run.kernel.arch);
	random_digits(run.nonce, NONCE_BYTES);
	snprintf(run.name, sizeof(run.name), "%s/%s", run.kernel.distro, run.kernel.version);
	guest_init(&run.guest, &run.machine);
	if (!run.options.shell) {
		results_open(&run.results, run.options.results, run.name);
		opened = true;
	}
	machine_describe(&run, qemu);
	if (run.options.shell) {
		run_shell(&run);
		return 0;
	}
	run_machine(&run);
	opened = false;
	return run_report(&run);
}

static const char result_usage[] =
	"Usage: bpfcheck result --infra|--not-run REASON RESULTS KERNEL SPEC ACCEL\n"
	"\n"
	"Write run.json of a kernel that was not run, instead of what an earlier run left. KERNEL is the absolute path of a\n"
	"folder that fetch-kernel made.\n"
	"\n"
	"Exit codes: 0 done, 2 usage, 5 it cannot be written\n";

int result_main(int argc, char **argv)
{
	struct kernel_folder kernel;
	char name[520];

	if (argc != 7 || (strcmp(argv[1], "--infra") && strcmp(argv[1], "--not-run")))
		return fputs(result_usage, argc == 2 ? stdout : stderr), argc == 2 ? 0 : EXIT_USAGE;
	loop_open();
	kernel_folder_open(argv[4], argv[5], &kernel);
	snprintf(name, sizeof(name), "%s/%s", kernel.distro, kernel.version);
	results_problem(argv[3], name, argv[5], argv[6],
			strcmp(argv[1], "--infra") ? "not_run" : "infra", argv[2]);
	return 0;
}
