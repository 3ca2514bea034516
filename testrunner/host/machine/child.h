/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Child processes: each has a pidfd in the poll loop, dies with us, and is reaped. */
#ifndef MACHINE_CHILD_H
#define MACHINE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child_setup {
	const char *const *argv;    /* found through PATH; ends with NULL */
	const char *folder;	    /* to run in; NULL: ours */
	const char *in, *out, *err; /* files; NULL: /dev/null, ours, ours */
	int fd_in, fd, fd_err;	    /* where set, stdin, stdout and stderr, stderr without a file */
	const int *keep;	    /* other descriptors that it inherits, to one < 0; NULL: none */
	int end_signal;		    /* when we die, or end it; 0: SIGTERM */
	bool session;		    /* in a session, and so a process group, of its own */
	bool no_core;
	long file_bytes,
		memory_bytes; /* of a file that it writes, and of its own; 0: as we have it */
	bool may_raise; /* it, or a child of its, may write larger files if it asks for that */
	bool nobody;	/* if we are root, it is user nobody */
};

/* Stays where it is until it has ended. */
struct child {
	pid_t pid; /* 0: none was started */
	int pidfd; /* while it runs */
	bool ended, session;
	int status; /* once ended: its exit status, or 128 and the signal that ended it */
	int end_signal;
	struct child *next; /* of those that run */
};

/* Dies (5) when there can be no more processes. A program that is missing exits with 127. */
void child_start(struct child *child, const struct child_setup *setup);
/* Return its status. */
int child_wait(struct child *child);
/* Likewise, and call `readable` whenever there is something to read from `fd`, up to its end. */
int child_wait_reading(struct child *child, int fd, void (*readable)(void *context), void *context);
int child_run(const struct child_setup *setup);
/*
 * Run a program to its end. Its stdout goes to *output: the caller's to free, with a NUL at its end that *len, unless
 * NULL, does not count. Its stderr goes nowhere (`errors` is 0), to *output too (1), or to our own (2). Returns its
 * status.
 */
int child_capture(const char *const *argv, int errors, char **output, size_t *len);
/* Has it ended? */
bool child_ended(struct child *child);
/*
 * Send `signal`, wait until it has ended (for 15 s, then kill it), kill what is left of its session, and reap it.
 * Does nothing for a child that does not run.
 */
void child_end(struct child *child, int signal);

/* Find a program in PATH, unless it has a slash: its path, the caller's to free, or NULL. */
char *program_find(const char *name);
/* Find a program; die (5) with the name of its package where it is missing. Returns its path, the caller's to free. */
char *program_need(const char *name, const char *package);

#endif
