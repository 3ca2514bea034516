/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The options of bpfcheck machine, most of which are run-kernel's. */
#ifndef HOST_OPTIONS_H
#define HOST_OPTIONS_H

#include "host/machine/arguments.h"
#include "host/machine/words.h"

/* How a run begins. */
enum beginning { BEGIN_AUTO, BEGIN_COLD, BEGIN_WARM };

struct options {
	/* run-kernel's own: what it found for the user's. */
	const char *kernel, *spec, *base, *packer;
	/* The user's. */
	const char *suite, *results, *filter, *attach, *key, *init, *root;
	long timeout, boot_timeout, memory, cpus;
	enum accel accel;
	enum beginning beginning;
	bool events, shell, brief, root_writable, check, silent;
	struct words env, collect, modules;
	char kernel_args[2048];
	char **command; /* NULL: the tests; else up to a NULL */
};

/* Returns 0, or an exit code, with a message; -1: help was printed. */
int options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
