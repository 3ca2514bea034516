// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Tries to create, delete and rename where that must fail, each time for another reason. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static int create(const char *path, const char *unused)
{
	(void)unused;
	return open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
}

static int make_node(const char *path, const char *unused)
{
	(void)unused;
	return mknod(path, S_IFIFO | 0600, 0);
}

static int delete (const char *path, const char *unused)
{
	(void)unused;
	return unlink(path);
}

static const struct attempt {
	int (*operation)(const char *path, const char *other);
	const char *path, *other;
	int error;
} attempts[] = {
	{ create, "missing/new", NULL, ENOENT },   { create, "file", NULL, EEXIST },
	{ create, "file/new", NULL, ENOTDIR },	   { create, "readonly/new", NULL, EROFS },
	{ create, "full/new", NULL, ENOSPC },	   { make_node, "file", NULL, EEXIST },
	{ make_node, "full/new", NULL, ENOSPC },   { symlink, "target", "file", EEXIST },
	{ symlink, "target", "full/new", ENOSPC }, { delete, "missing", NULL, ENOENT },
	{ delete, "folder", NULL, EISDIR },	   { delete, "readonly/file", NULL, EROFS },
	{ rename, "missing", "new", ENOENT },	   { rename, "file", "missing/new", ENOENT },
	{ rename, "file", "folder", EISDIR },	   { rename, "folder", "file", ENOTDIR },
	{ rename, "file", "full/new", EXDEV },	   { rename, "folder", "folder/inner", EINVAL },
};

int main(void)
{
	private_tmp();
	make_file("file", 0600, 0);
	if (mkdir("folder", 0755) || mkdir("readonly", 0755) || mkdir("full", 0755))
		die("mkdir: %m");
	/* The only inode is that of the root. */
	if (mount("bpfcheck", "full", "tmpfs", 0, "nr_inodes=1") ||
	    mount("bpfcheck", "readonly", "tmpfs", 0, NULL))
		die("mount tmpfs: %m");
	make_file("readonly/file", 0600, 0);
	if (mount(NULL, "readonly", NULL, MS_REMOUNT | MS_RDONLY, NULL))
		die("remount readonly: %m");
	for (size_t i = 0; i < ARRAY_SIZE(attempts); i++) {
		const struct attempt *attempt = &attempts[i];

		errno = 0;
		if (attempt->operation(attempt->path, attempt->other) >= 0 ||
		    errno != attempt->error)
			die("attempt %zu on %s: %m, expected %s", i, attempt->path,
			    strerror(attempt->error));
	}
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
