// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* bpfcheck: the subcommands of the host program. */
#include <stdio.h>
#include <string.h>

#include "host/machine/accel.h"
#include "host/machine/machine_main.h"

enum { EXIT_USAGE = 2 };

static const struct subcommand {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *summary;
} subcommands[] = {
	{ "accel", accel_main, "prove whether KVM works" },
	{ "machine", machine_main, "boot a kernel in QEMU, run tests or a command in it" },
	{ "result", result_main, "write the result of a kernel that could not be run" },
};

static int usage(FILE *to, int status)
{
	fprintf(to, "Usage: bpfcheck SUBCOMMAND ...\n\n");
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		fprintf(to, "  %-8s %s\n", subcommands[i].name, subcommands[i].summary);
	fprintf(to, "\nbpfcheck SUBCOMMAND --help says more.\n");
	return status;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return usage(stderr, EXIT_USAGE);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return usage(stdout, 0);
	for (size_t i = 0; i < sizeof(subcommands) / sizeof(subcommands[0]); i++)
		if (!strcmp(argv[1], subcommands[i].name))
			return subcommands[i].main(argc - 1, argv + 1);
	fprintf(stderr, "bpfcheck: no subcommand '%s'\n", argv[1]);
	return usage(stderr, EXIT_USAGE);
}
