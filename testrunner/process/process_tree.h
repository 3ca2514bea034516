/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A generator: its start, its output, its process tree, its end. One at a time. */
#ifndef PROCESS_PROCESS_TREE_H
#define PROCESS_PROCESS_TREE_H

#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process_tree;

/*
 * Start `path` with `argv` in the folder that it lies in, stopped at its first instruction, so that
 * no action of the program is missed, and a failure to start is not mistaken for one of the program.
 * Descendants whose parents end become our children. Errors: -errno; `error` names the step that failed.
 */
int process_tree_start(const char *path, char *const argv[], struct process_tree **tree,
		       char *error, size_t error_size);
/* The same in another folder. */
int process_tree_start_in(const char *folder, const char *path, char *const argv[],
			  struct process_tree **tree, char *error, size_t error_size);
/* Hand over what it prints, as it comes. Before the first process_tree_read(). */
void process_tree_listen(struct process_tree *tree,
			 void (*take)(void *context, bool is_stderr, const char *data, size_t len),
			 void *context);
pid_t process_tree_pid(const struct process_tree *tree);
/* Let it run. Returns 0 or -errno. */
int process_tree_release(struct process_tree *tree);

/* Fill two entries for poll() on its output. */
void process_tree_pollfds(const struct process_tree *tree, struct pollfd fds[2]);
/* Read the output that is there, or a good part of it; never blocks. Returns whether there was any. */
bool process_tree_read(struct process_tree *tree);
/* Reap what has ended. Returns true when the whole tree has. */
bool process_tree_reap(struct process_tree *tree);
/* Has the generator itself ended? And by exiting, not by a signal? */
bool process_tree_ended(const struct process_tree *tree);
bool process_tree_exited(const struct process_tree *tree);
/* Kill what is left of the tree and reap it. Returns 0, -ETIMEDOUT when something would not die. */
int process_tree_kill(struct process_tree *tree);

/*
 * How it failed, as text ("exited with 3: open /x: No such file"); false when it ended with status
 * 0.
 */
bool process_tree_failure(const struct process_tree *tree, char *text, size_t size);
/* The last JSON object that it printed on a line of its own (new reference), NULL: none. */
json_t *process_tree_variables(const struct process_tree *tree);

/* Kill all children of this process but the spared one; theirs become ours when they are gone. */
void kill_children(void);
void spare_child(pid_t pid); /* 0: none */

void process_tree_free(struct process_tree *tree); /* takes NULL; the tree must have ended */

#endif
