// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Makes, locks and removes folders and files. */
#include "host/machine/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/machine/loop.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

#define LOCK_PAUSE_MS 50

static int folder_empty(int folder)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;
	int err = dir ? 0 : -errno;

	if (!dir) {
		close(folder);
		return err;
	}
	/* A guest may have taken our own rights to write away. */
	fchmod(dirfd(dir), 0700);
	while (!err && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = tree_remove(dirfd(dir), entry->d_name);
	closedir(dir);
	return err;
}

int tree_remove(int folder, const char *name)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int below, err;

	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	below = openat(folder, name, flags);
	if (below < 0 && errno == EACCES && fchmodat(folder, name, 0700, 0) == 0)
		below = openat(folder, name, flags);
	if (below < 0)
		return -errno;
	err = folder_empty(below);
	if (!err && unlinkat(folder, name, AT_REMOVEDIR))
		err = -errno;
	return err;
}

void remove_tree(const char *path)
{
	tree_remove(AT_FDCWD, path);
}

static char temporary[PATH_MAX];

static void temporary_remove(void)
{
	if (*temporary)
		remove_tree(temporary);
}

void temporary_set(const char *path)
{
	static bool registered;

	if (!registered)
		atexit(temporary_remove);
	registered = true;
	path_set(temporary, "%s", path ? path : "");
}

void space_need(const char *path, long megabytes)
{
	struct statvfs space;

	if (statvfs(path, &space) ||
	    (long long)space.f_bavail * (long long)space.f_frsize / 1048576 < megabytes)
		die(EXIT_INFRA, "%s: the disk is full: less than %ld MB are free", path, megabytes);
}

void lock_wait(int fd, int operation, const char *what)
{
	bool said = !what;

	/* flock() alone would not let go on a signal, which we have blocked. */
	while (flock(fd, operation | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			die(EXIT_INFRA, "lock %s: %s", what ? what : "a file", strerror(errno));
		if (!said)
			say("waiting for another process that is busy with %s", what);
		said = true;
		loop_readable(-1, LOCK_PAUSE_MS);
	}
}

int lock_take(const char *path, const char *what)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		die(EXIT_INFRA, "%s: cannot be made: %s", path, strerror(errno));
	lock_wait(fd, LOCK_EX, what);
	return fd;
}
