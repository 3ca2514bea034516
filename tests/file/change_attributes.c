// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Changes attributes of files in /tmp, each named after the way in which it is done. For each way the
 * truth has the file before and after it.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "generator.h"

/* tmpfs takes those of the user from 6.6 on only. */
#define XATTR "trusted.bpfcheck"

static int by_chmod(int fd, const char *path)
{
	(void)fd;
	return chmod(path, 0751);
}

static int by_fchmod(int fd, const char *path)
{
	(void)path;
	return fchmod(fd, 04755);
}

static int by_fchmodat(int fd, const char *path)
{
	(void)fd;
	return fchmodat(AT_FDCWD, path, 0, 0);
}

static int by_chown(int fd, const char *path)
{
	(void)fd;
	return chown(path, 1005, 2005);
}

static int by_fchown(int fd, const char *path)
{
	(void)path;
	return fchown(fd, 1006, (gid_t)-1);
}

static int by_lchown(int fd, const char *path)
{
	(void)fd;
	return lchown(path, (uid_t)-1, 2007);
}

static int by_fchownat(int fd, const char *path)
{
	(void)fd;
	return fchownat(AT_FDCWD, path, 1008, 2008, 0);
}

/* Set-user-ID goes with the owner. */
static int by_chown_setuid(int fd, const char *path)
{
	(void)path;
	return fchmod(fd, 04711) || fchown(fd, 1009, 2009);
}

static int by_setxattr(int fd, const char *path)
{
	(void)fd;
	return setxattr(path, XATTR, "by path", 7, XATTR_CREATE);
}

static int by_fsetxattr(int fd, const char *path)
{
	(void)path;
	return fsetxattr(fd, XATTR, "first", 5, 0) ||
	       fsetxattr(fd, XATTR, "second", 6, XATTR_REPLACE);
}

static int by_removexattr(int fd, const char *path)
{
	return fsetxattr(fd, XATTR, "there", 5, 0) || removexattr(path, XATTR);
}

static int by_fremovexattr(int fd, const char *path)
{
	return setxattr(path, XATTR, "there", 5, 0) || fremovexattr(fd, XATTR);
}

static int by_symlink(int fd, const char *path)
{
	(void)fd;
	if (unlink(path) || symlink("nowhere", path))
		die("symlink: %m");
	return lchown(path, 1010, 2010) || lsetxattr(path, XATTR, "link's", 6, 0) ||
	       lremovexattr(path, XATTR);
}

static int by_directory(int fd, const char *path)
{
	(void)fd;
	if (unlink(path) || mkdir(path, 0700))
		die("mkdir: %m");
	return chmod(path, 01777) || chown(path, 1011, 2011) ||
	       setxattr(path, XATTR, "folder's", 8, 0);
}

static const struct way {
	const char *name;
	int (*change)(int fd, const char *path);
} ways[] = {
	{ "chmod", by_chmod },
	{ "fchmod", by_fchmod },
	{ "fchmodat", by_fchmodat },
	{ "chown", by_chown },
	{ "fchown", by_fchown },
	{ "lchown", by_lchown },
	{ "fchownat", by_fchownat },
	{ "chown_setuid", by_chown_setuid },
	{ "setxattr", by_setxattr },
	{ "fsetxattr", by_fsetxattr },
	{ "removexattr", by_removexattr },
	{ "fremovexattr", by_fremovexattr },
	{ "symlink", by_symlink },
	{ "directory", by_directory },
};

static void change(const struct way *way)
{
	int fd;

	/* Made without a change of its mode: that is to be counted. */
	fd = open(way->name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);
	if (fd < 0)
		die("create %s: %m", way->name);
	truth_open(way->name);
	truth_path("path", way->name);
	truth_file("before", way->name);
	if (way->change(fd, way->name))
		die("%s: %m", way->name);
	truth_file("after", way->name);
	truth_close();
}

int main(void)
{
	private_tmp();
	umask(0);
	truth_task("task", getpid(), getpid());
	truth_namespaces("namespaces", getpid());
	truth_cgroup("cgroup", getpid());
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		change(&ways[i]);
	/* The times are no attribute that is told of. */
	if (utimensat(AT_FDCWD, "chmod", NULL, 0))
		die("utimensat: %m");
	truth_print();
	return 0;
}
