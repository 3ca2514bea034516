/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A command's way between its guest and our own stdin, stdout and stderr.
 *
 * QEMU writes the output to files, which we copy while they grow: a reader that is slow, or has gone,
 * neither holds up the guest nor loses what a guest that died had said.
 */
#ifndef MACHINE_STREAMS_H
#define MACHINE_STREAMS_H

#include <stdbool.h>
#include <stddef.h>

struct output {
	int file; /* what QEMU writes; < 0: not open */
	int to;	  /* ours */
	bool regular;
	bool gone; /* whoever read it wants no more, or it cannot be written */
	long long copied, size;
	const char **problem;
};

struct streams {
	bool has_input; /* our stdin is a pipe or a file, which the command gets */
	struct output outputs[2];
	int port;	 /* to the guest's stdin; < 0: not connected */
	const char *end; /* what ends the input: a port has no other end */
	char buffer[65536];
	size_t filled, sent;
	bool ended;	     /* our stdin */
	const char *problem; /* of all, the last; or NULL */
};

/* Looks at our stdin. */
void streams_init(struct streams *streams, const char *end);
/* Make the files in a folder. Dies (5). */
void streams_open(struct streams *streams, int folder);
/* The guest has answered: it gets the input through this socket from now on. */
void streams_feed(struct streams *streams, int port);
/* That guest has ended. */
void streams_unfeed(struct streams *streams);
/* Copy what has come, when our stdout and stderr take it. */
void streams_look(struct streams *streams);
/* Copy all that is left. */
void streams_finish(struct streams *streams);
void streams_close(struct streams *streams);

#endif
