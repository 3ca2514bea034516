/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A command's stdin, stdout and stderr: pipes, the ports that lead to the host, and the copying. */
#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define STREAMS 3
/* Find the ports. `mark` ends the input; NULL: there is no input. Returns 0 or -ENODEV. */
int streams_open(const char *mark);
/* Make the pipes, and put the command's ends where there are ports for them. Returns 0 or -errno. */
int streams_pipe(int ends[STREAMS]);
void streams_poll(struct pollfd fds[STREAMS]);
void streams_move(const struct pollfd fds[STREAMS]); /* never waits */
bool streams_left(void);			     /* can output still come? */
bool streams_flooded(void);			     /* was it more than the host should store? */
void streams_close(void);			     /* waits until the host has it all */
void streams_report(void);			     /* record how many bytes went to the host */
/* How many bytes at the end of the input may be the beginning of the mark, or are all of it. */
size_t streams_held(const char *data, size_t len, const char *mark);
