/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Folders, locks, and files that do not outlive us. */
#ifndef MACHINE_FILES_H
#define MACHINE_FILES_H

/* Remove a file or a folder with all that is in it, following no link. Errors: -errno. */
int tree_remove(int folder, const char *name);
/* The same for a path. */
void remove_tree(const char *path);

/* Remove `path` when we end, until it is forgotten: NULL. There is one such path at a time. */
void temporary_set(const char *path);

/* Die (5) if less than `megabytes` are free there: a disk that fills up loses records without a word. */
void space_need(const char *path, long megabytes);

/* Wait for a lock (flock) on an open file. `what` is named while somebody else has it, unless NULL. */
void lock_wait(int fd, int operation, const char *what);
/* Make a file and take its lock until the descriptor returned is closed. Dies (5). */
int lock_take(const char *path, const char *what);

#endif
