/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A command's stdin, stdout and stderr: pipes, the ports that lead to the host, and the copying. */
#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define STREAMS 3
/* Find the ports. `mark` ends the input; NULL: there is no input. Returns 0 or -ENODEV. */
int streams_open(const char *mark);
/* Make the pipes. `ends` gets those of the child, and keeps its input if there is no port for it. */
int streams_pipe(int ends[STREAMS]);
void streams_poll(struct pollfd fds[STREAMS]);
void streams_move(const struct pollfd fds[STREAMS]); /* never waits */
bool streams_left(void);			     /* can output still come? */
bool streams_flooded(void);    /* was it more than the host's disk should take? */
void streams_close(void);      /* waits until the host has it all */
long long streams_said(int i); /* bytes of output that went to the host */
/* How many bytes at the end of the input may be the beginning of the mark, or are all of it. */
size_t streams_held(const char *data, size_t len, const char *mark);
