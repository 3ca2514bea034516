/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs that we start: each has a pidfd, dies with us, and is reaped. */
#ifndef HOST_CHILD_H
#define HOST_CHILD_H

#include <limits.h>

#include "host/machine/loop.h"

struct child {
	int pidfd; /* < 0: none runs */
	int pid;
	bool ended;
	int status; /* as a shell has it: 128 and the signal's number */
	struct loop *loop;
};

struct child_start {
	const char *const *argv; /* argv[0] is looked for in PATH */
	const char *folder;	 /* to run in; NULL: ours */
	int fds[3];		 /* standard input, output, error; < 0: /dev/null */
	const int *keep;	 /* other descriptors that it inherits, to one < 0; NULL: none */
	bool no_core;
	int death_signal; /* that it gets when we die; 0: SIGKILL */
};

/* child_end() is due, whatever comes of it. Errors: -errno. */
int child_start(struct child *child, struct loop *loop, const struct child_start *start);
/* Wait for the end. Errors: -EINTR a signal ends us, -ETIME. */
int child_wait(struct child *child, long long until);
void child_kill(const struct child *child);
/* Kill it, if it still runs, and reap it. */
void child_end(struct child *child);
/* The same, but with SIGTERM first: a script has something to clean up. */
void child_terminate(struct child *child);

#define CHILD_SAME (-2)

/*
 * Run a program to its end. Its output goes to *output, which is the caller's to free; its messages are
 * go to the descriptor `errors`: < 0: nowhere, CHILD_SAME: to *output too. Returns its status, or -errno.
 */
int child_capture(struct loop *loop, const char *const *argv, int errors, char **output);

/* Look for a program in PATH, unless it has a slash. */
bool program_find(const char *name, char path[PATH_MAX]);

#endif
