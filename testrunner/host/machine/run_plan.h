/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A run of several kernels: which kernels, with which options, and how far each of them is. */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "host/machine/message.h"

/* The options of run-tests. `pass` holds the options that run-kernel gets. */
struct plan_options {
	struct texts pass;
	const char *suite, *results, *matrix, *shard, *hosts, *filter, *root, *accel, *baseline,
		*percent;
	long jobs, memory, timeout, boot_timeout;
	bool resume, fail_fast, fail_on_regression, list, collect;
	struct texts specs, trees, archives;
};

struct plan_kernel {
	char *folder, *name; /* its folder in the build folder; DISTRO/VERSION */
	double seconds;	     /* the last run took so long, or is expected to */
	bool known, done;
};

struct plan {
	struct plan_options options;
	const char *scripts, *build, *qemu, *bpfcheck;
	char *scratch;		     /* a folder that is removed in the end */
	char key[33];		     /* stands for all that a result depends on but the kernel */
	struct texts specs, names;   /* as asked for; as reported: DISTRO/VERSION */
	struct plan_kernel *kernels; /* those to run */
	size_t count, complete;	     /* `complete`: --resume need not run so many */
	bool stop;		     /* --fail-fast: one has not passed */
};

#endif
