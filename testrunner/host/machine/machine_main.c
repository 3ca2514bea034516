// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpfcheck machine, and bpfcheck result: from the options to the exit code. */
#include "host/machine/machine_main.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "file.h"
#include "host/machine/accel.h"
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

static int nonce_make(struct run *run)
{
	unsigned char bytes[NONCE_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return fail(CODE_INFRA, "get random bytes: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(run->nonce + 2 * i, 3, "%02x", bytes[i]);
	return 0;
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

/* Returns 0 or an exit code, with a message. */
static int machine_describe(struct run *run)
{
	const struct options *options = &run->options;
	enum accel accel = options->accel;
	int code = accel_choose(&run->loop, run->kernel.arch, run->qemu, run->build, &accel);

	if (!code && options->root)
		code = root_open(&run->root, &run->loop, options->root, options->root_writable,
				 &run->kernel, run->build);
	if (code)
		return code;
	run->cpuinfo = cpuinfo_read();
	if (!run->cpuinfo || arch_cmdline(run->kernel.arch, accel, run->cpuinfo,
					  options->kernel_args, run->cmdline, sizeof(run->cmdline)))
		return fail(CODE_INFRA, "make the kernel's command line: %s", strerror(E2BIG));
	run->machine = (struct machine){
		.arch = run->kernel.arch,
		.qemu = run->qemu,
		.accel = accel,
		.memory = options->memory,
		.cpus = options->cpus,
		.image = run->kernel.image,
		.cmdline = run->cmdline,
		.console =
			kernel_folder_has(&run->kernel, "virtio_console", "CONFIG_VIRTIO_CONSOLE"),
		.streams = options->command && !options->shell,
		.root = run->root.way,
		.root_format = run->root.format,
		.root_writable = options->root_writable,
	};
	share_decide(run);
	if (run->machine.streams)
		streams_init(&run->streams, &run->loop, run->nonce);
	return 0;
}

/* Paths that QEMU, which runs in another folder, is given too. */
static int paths_find(struct run *run)
{
	struct options *options = &run->options;

	run->build = getenv("BPFCHECK_BUILD");
	if (!run->build || *run->build != '/')
		return fail(CODE_USAGE, "BPFCHECK_BUILD: not an absolute path");
	run->suite = options->suite;
	if (!run->suite && !options->command) {
		static char suite[PATH_MAX];

		path_set(suite, "%s/suite", run->build);
		run->suite = suite;
	}
	if (!options->results) {
		static char results[PATH_MAX];

		path_set(results, "%s/results", run->build);
		options->results = results;
	}
	path_set(run->modules, "%s/modules.cpio", options->kernel);
	path_set(run->btf, "%s/btf", options->kernel);
	if (access(run->btf, F_OK))
		*run->btf = '\0';
	return 0;
}

static int run_prepare(struct run *run)
{
	const struct options *options = &run->options;
	int code = paths_find(run);

	if (!code)
		code = kernel_folder_open(options->kernel, options->spec, &run->kernel);
	if (!code)
		code = qemu_find(run->kernel.arch, run->qemu);
	if (!code)
		code = nonce_make(run);
	snprintf(run->name, sizeof(run->name), "%s/%s", run->kernel.distro, run->kernel.version);
	if (!code && !options->shell)
		code = results_open(&run->results, &run->loop, options->results, run->kernel.distro,
				    run->kernel.version);
	return code ? code : machine_describe(run);
}

static int run_all(struct run *run)
{
	int code = run_prepare(run);

	if (!code && run->options.shell)
		return run_shell(run);
	if (!code)
		code = run_machine(run);
	if (!code)
		return run_report(run);
	/* A run that could not be done is a result, too; a run that was interrupted is none. */
	if (run->results.lock >= 0 && !run->loop.signal)
		run_write(run, last_failure() ? last_failure() : "the run ended unexpectedly");
	return code;
}

static void run_free(struct run *run)
{
	results_close(&run->results);
	if (run->initrd >= 0)
		close(run->initrd);
	free(run->settings);
	free(run->cpuinfo);
	options_free(&run->options);
}

int machine_main(int argc, char **argv)
{
	/* Its guest has buffers that the stack need not have. */
	static struct run run = {
		.results = { .folder = -1, .lock = -1 },
		.streams = { .port = -1, .outputs = { { .file = -1 }, { .file = -1 } } },
		.snapshot = { .lock = -1, .memory = -1, .state = -1 },
		.segment = { .maker = { .pidfd = -1, .ended = true } },
		.initrd = -1,
		.status = -1,
	};
	int code = options_parse(&run.options, argc, argv);

	if (code || run.options.check) {
		options_free(&run.options);
		return code < 0 ? 0 : code;
	}
	if (loop_open(&run.loop))
		return fail(CODE_INFRA, "open a signalfd: %s", strerror(errno));
	guest_init(&run.guest, &run.machine, &run.loop);
	code = run_all(&run);
	if (run.loop.signal)
		code = 128 + run.loop.signal;
	run_free(&run);
	loop_close(&run.loop);
	return code;
}

static const char result_usage[] =
	"Usage: bpfcheck result --infra|--not-run REASON RESULTS KERNEL SPEC ACCEL\n"
	"\n"
	"Write run.json of a kernel that was not run, instead of what an earlier run left. KERNEL is DISTRO/VERSION, or\n"
	"the absolute path of a folder that fetch-kernel made.\n"
	"\n"
	"Exit codes: 0 done, 2 usage, 5 it cannot be written\n";

/* Returns 0 or an exit code, with a message. */
static int kernel_name(const char *text, const char *spec, struct kernel_folder *kernel)
{
	const char *slash = strchr(text, '/');

	if (slash == text)
		return kernel_folder_open(text, spec, kernel);
	snprintf(kernel->distro, sizeof(kernel->distro), "%.*s", (int)strcspn(text, "/"), text);
	snprintf(kernel->version, sizeof(kernel->version), "%s", slash ? slash + 1 : "");
	if (kernel_name_valid(kernel->distro, kernel->version))
		return 0;
	return fail(CODE_USAGE, "%s: not DISTRO/VERSION", text);
}

int result_main(int argc, char **argv)
{
	struct results results = { .folder = -1, .lock = -1 };
	struct run_facts facts = { 0 };
	struct kernel_folder kernel;
	struct loop loop;
	int code;

	if (argc != 7 || (strcmp(argv[1], "--infra") && strcmp(argv[1], "--not-run")))
		return fputs(result_usage, argc == 2 ? stdout : stderr), argc == 2 ? 0 : CODE_USAGE;
	facts.infra = strcmp(argv[1], "--infra") ? NULL : argv[2];
	facts.not_run = facts.infra ? NULL : argv[2];
	code = kernel_name(argv[4], argv[5], &kernel);
	if (code)
		return code;
	facts.distro = kernel.distro;
	facts.version = kernel.version;
	facts.spec = argv[5];
	facts.accel = argv[6];
	if (loop_open(&loop))
		return fail(CODE_INFRA, "open a signalfd: %s", strerror(errno));
	code = results_open(&results, &loop, argv[3], facts.distro, facts.version);
	if (!code)
		code = results_write(&results, &facts);
	results_close(&results);
	if (loop.signal)
		code = 128 + loop.signal;
	loop_close(&loop);
	return code;
}
