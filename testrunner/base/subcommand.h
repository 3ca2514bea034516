/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The subcommands of a program: `testrunner run ...`, `bpfcheck report ...`. */
#ifndef BASE_SUBCOMMAND_H
#define BASE_SUBCOMMAND_H

#include <stddef.h>

struct subcommand {
	const char *name;
	int (*main)(int argc, char **argv); /* argv[0] is the name; returns the exit code */
	const char *summary;
};

/*
 * Run the row of the table that argv[1] names. Help, a missing name and an unknown name print the
 * table. Returns the exit code.
 */
int subcommand_run(const char *program, const struct subcommand *rows, size_t count, int argc,
		   char **argv);

#endif
