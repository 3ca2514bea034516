// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds a subcommand by its name, and prints the list of them. */
#include "base/subcommand.h"

#include <stdio.h>
#include <string.h>

#include "base/exit_code.h"

static int usage(const char *program, const struct subcommand *rows, size_t count, FILE *to,
		 int status)
{
	fprintf(to, "Usage: %s SUBCOMMAND ...\n\n", program);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "  %-13s %s\n", rows[i].name, rows[i].summary);
	fprintf(to, "\n%s SUBCOMMAND --help says more.\n", program);
	return status;
}

int subcommand_run(const char *program, const struct subcommand *rows, size_t count, int argc,
		   char **argv)
{
	if (argc < 2)
		return usage(program, rows, count, stderr, EXIT_USAGE);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return usage(program, rows, count, stdout, EXIT_PASSED);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(argv[1], rows[i].name) == 0)
			return rows[i].main(argc - 1, argv + 1);
	}
	fprintf(stderr, "%s: no subcommand '%s'\n", program, argv[1]);
	return usage(program, rows, count, stderr, EXIT_USAGE);
}
