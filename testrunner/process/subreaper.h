/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A program beside the generator: its process tree has a subreaper of its own, a process of ours that
 * adopts its daemons and ends with all of them. So no wait of ours for the generator's tree meets
 * one of its processes.
 */
#ifndef PROCESS_SUBREAPER_H
#define PROCESS_SUBREAPER_H

#include <stdbool.h>
#include <sys/types.h>

struct subreaper {
	pid_t pid;
	int control; /* a socket: readable when the program has ended, at its end when all has; or -1 */
	bool ended; /* the program has: */
	int error;  /* errno: it could not be started; else */
	int status; /* as of waitpid() */
};

/*
 * Start `path` with `argv` in the folder that it lies in; its stdout and stderr are these. That it
 * cannot be started is known when it has `ended`. Returns 0 or -errno.
 */
int subreaper_start(struct subreaper *subreaper, const char *path, char *const argv[], int out,
		    int err);
/* Has anything ended? Never blocks. */
void subreaper_read(struct subreaper *subreaper);
/* A signal to the program's process group: to all of a pipeline, as Ctrl-C does. */
void subreaper_signal(struct subreaper *subreaper, int signal);
/* Kill what is left of the tree. Returns 0, -ETIMEDOUT when something would not die. */
int subreaper_end(struct subreaper *subreaper);

#endif
