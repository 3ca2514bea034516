/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The options of bpfcheck machine, most of which are run-kernel's. */
#ifndef MACHINE_OPTIONS_H
#define MACHINE_OPTIONS_H

#include "host/machine/arguments.h"

struct options {
	/* run-kernel's own: what it found for the user's. */
	const char *kernel, *spec, *base, *packer;
	/* The user's. */
	const char *suite, *results, *filter, *attach, *key, *init, *root;
	long timeout, boot_timeout, memory, cpus;
	enum accel accel;
	bool cold, warm; /* one of them at most */
	bool events, shell, brief, root_writable, check, silent;
	struct texts env, collect, modules;
	char kernel_args[2048];
	char **command; /* NULL: the tests; else up to a NULL */
};

/* Dies (2), or prints help and exits. */
void options_parse(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
