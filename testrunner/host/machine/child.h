/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Child processes that die with us, and the signals that end us both. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child_setup {
	const char *const *argv;    /* found through PATH; ends with NULL */
	const char *in, *out, *err; /* files; NULL: /dev/null, ours, ours */
	int fd;			    /* where set, stdout and stderr without a file of their own */
	int death_signal;	    /* when we die; 0: SIGTERM */
	bool session;		    /* in a session, and so a process group, of its own */
	long file_bytes,
		memory_bytes; /* of a file that it writes, and of its own; 0: as we have it */
	bool may_raise; /* it, or a child of its, may write larger files if it asks for that */
	bool nobody;	/* if we are root, it is user nobody */
};

struct child {
	pid_t pid;
	int pidfd;
};

/*
 * Block SIGINT, SIGTERM, SIGHUP: from now on child_wait and signals_poll take them. One that
 * comes ends this process, with 128 and its number, after what atexit() has registered.
 */
void signals_open(void);
/* Wait `ms`, or until there is something to read from `fd` (if not -1): true. Exits on a signal. */
bool signals_poll(int fd, int ms);

/* Dies (5) when there can be no more processes. A program that is missing exits with 127. */
void child_start(struct child *child, const struct child_setup *setup);
/* Return its exit status, or 128 and the signal that ended it. */
int child_wait(struct child *child);
/* Likewise, and call `readable` whenever there is something to read from `fd`, up to its end. */
int child_wait_reading(struct child *child, int fd, void (*readable)(void *context), void *context);
int child_run(const struct child_setup *setup);
/* Has it ended? It is not reaped. */
bool child_ended(const struct child *child);
/*
 * Send `signal`, wait until it has ended, kill what is left of its session, and reap it. Does
 * nothing for a child that does not run.
 */
void child_end(struct child *child, int signal);

/* Whether PATH has the program. */
bool program_exists(const char *name);

#endif
