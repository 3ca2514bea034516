/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A generator: its start, its output, its process tree, its end. One at a time. */
#ifndef SPAWN_H
#define SPAWN_H

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct generator;

/*
 * Start `path` with `argv` in the folder that it lies in, stopped at its first instruction: nothing
 * that it does is missed, and what it took to start it is told apart. Descendants whose parents end
 * become our children. Errors: -errno, `error` says at what.
 */
int generator_start(const char *path, char *const argv[], struct generator **generator, char *error,
		    size_t error_size);
/* The same in another folder. */
int generator_start_in(const char *folder, const char *path, char *const argv[],
		       struct generator **generator, char *error, size_t error_size);
/* Hand over what it prints, as it comes. Before the first generator_read(). */
void generator_listen(struct generator *generator,
		      void (*take)(void *context, bool is_stderr, const char *data, size_t len),
		      void *context);
pid_t generator_pid(const struct generator *generator);
/* Let it run. Returns 0 or -errno. */
int generator_release(struct generator *generator);

/* What to poll for its output: two entries. */
void generator_pollfds(const struct generator *generator, struct pollfd fds[2]);
/* Read the output that is there, or a good part of it; never blocks. Returns whether there was any. */
bool generator_read(struct generator *generator);
/* Reap what has ended. Returns true when the whole tree has. */
bool generator_reap(struct generator *generator);
/* Has the generator itself ended? And by exiting, not by a signal? */
bool generator_ended(const struct generator *generator);
bool generator_exited(const struct generator *generator);
/* Kill what is left of the tree and reap it. Returns 0, -ETIMEDOUT when something would not die. */
int generator_kill(struct generator *generator);

/*
 * How it failed, as text ("exited with 3: open /x: No such file"); false when it ended with status
 * 0.
 */
bool generator_failure(const struct generator *generator, char *text, size_t size);
/* The last JSON object that it printed on a line of its own (new reference), NULL: none. */
json_t *generator_variables(const struct generator *generator);

/* Kill all children of this process but the spared one; theirs become ours when they are gone. */
void kill_children(void);
void spare_child(pid_t pid); /* 0: none */

void generator_free(struct generator *generator); /* takes NULL; the tree must have ended */

#endif
