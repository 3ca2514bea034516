/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A program beside the generator: its process tree has a keeper of its own, a process of ours that
 * adopts its daemons and ends with all of them. So no wait of ours for the generator's tree meets
 * one of its processes.
 */
#ifndef KEEPER_H
#define KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

struct keeper {
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
int keeper_start(struct keeper *keeper, const char *path, char *const argv[], int out, int err);
/* Has anything ended? Never blocks. */
void keeper_read(struct keeper *keeper);
/* A signal to the program's process group: to all of a pipeline, as Ctrl-C does. */
void keeper_signal(struct keeper *keeper, int signal);
/* Kill what is left of the tree. Returns 0, -ETIMEDOUT when something would not die. */
int keeper_end(struct keeper *keeper);

#endif
