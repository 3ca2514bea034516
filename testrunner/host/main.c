// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpfcheck, the program that runs on the host: its subcommands, and the host scripts by name. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "base/subcommand.h"
#include "host/image/main.h"
#include "host/machine/accel.h"
#include "host/machine/machine_main.h"
#include "host/machine/plan.h"
#include "host/machine/plan_memory.h"
#include "host/report/report.h"
#include "load/libbpf_log.h"
#include "run/check.h"

/* The script argv[0] of the checkout that this program, build/bin/bpfcheck, was built in. */
static int script_main(int argc, char **argv)
{
	char self[PATH_MAX], path[PATH_MAX + NAME_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)argc;
	if (len < 0) {
		fprintf(stderr, "bpfcheck: find the checkout: /proc/self/exe: %s\n",
			strerror(errno));
		return EXIT_INFRA;
	}
	self[len] = '\0';
	snprintf(path, sizeof(path), "%s/host-scripts/%s", dirname(dirname(dirname(self))),
		 argv[0]);
	execv(path, argv);
	fprintf(stderr, "bpfcheck: start %s: %s\n", path, strerror(errno));
	return EXIT_INFRA;
}

static const struct subcommand subcommands[] = {
	{ "run-tests", script_main, "run a suite on many kernels" },
	{ "run-kernel", script_main, "run a suite, or a command, on one kernel" },
	{ "plan", plan_main, "find out which kernels to run, and have GNU parallel run them" },
	{ "memory", plan_memory_main, "tell GNU parallel whether memory allows one more kernel" },
	{ "machine", machine_main, "boot a kernel in QEMU, run tests or a command in it" },
	{ "accel", accel_main, "prove whether KVM works" },
	{ "result", result_main, "write the result of a kernel that could not be run" },
	{ "report", report_main, "turn records into verdicts and reports" },
	{ "check", check_main, "check the tests of a suite without running them" },
	{ "fetch-kernel", script_main, "download a kernel" },
	{ "build-kernel", script_main, "build a kernel from source" },
	{ "image", image_main, "look into a kernel image, unpack it" },
	{ "vmlinux", vmlinux_main, "find the vmlinux that belongs to a kernel image" },
	{ "shrink", shrink_main, "shrink a kernel's BTF to what a suite needs" },
	{ "mkinitramfs", script_main, "assemble a segment of the initramfs" },
	{ "mkrootfs", script_main, "make a root file system for tests that need one" },
	{ "setup", script_main, "install the host packages that are missing" },
};

int main(int argc, char **argv)
{
	libbpf_log_keep();
	return subcommand_run("bpfcheck", subcommands, sizeof(subcommands) / sizeof(subcommands[0]),
			      argc, argv);
}
