/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Files for generators to work on, and what stat() says of them. */
#include "generator.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

static void truth_stat(const char *group, const struct stat *st)
{
	truth_open(group);
	truth_number("inode", st->st_ino);
	truth_number("mode", st->st_mode);
	truth_number("size", (uint64_t)st->st_size);
	truth_number("uid", st->st_uid);
	truth_number("gid", st->st_gid);
	truth_close();
}

void truth_file(const char *group, const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		die("lstat %s: %m", path);
	truth_stat(group, &st);
}

void truth_fd(const char *group, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		die("fstat: %m");
	truth_stat(group, &st);
}

void truth_path(const char *name, const char *path)
{
	char link[64], seen[4096];
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		die("open %s: %m", path);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, seen, sizeof(seen) - 1);
	if (len < 0 || close(fd))
		die("readlink %s: %m", link);
	seen[len] = '\0';
	truth_text(name, seen);
}

void private_tmp(void)
{
	if (unshare(CLONE_NEWNS))
		die("unshare the mount namespace: %m");
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("make mounts private: %m");
	if (mount("bpfcheck", "/tmp", "tmpfs", 0, NULL))
		die("mount tmpfs on /tmp: %m");
	if (chdir("/tmp"))
		die("chdir /tmp: %m");
}

static int create(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	if (fd < 0)
		die("create %s: %m", path);
	return fd;
}

/* The mode comes last: the umask does not count then, nor do writes clear set-id bits. */
static void finish(int fd, const char *path, mode_t mode)
{
	if (fchmod(fd, mode) || close(fd))
		die("finish %s: %m", path);
}

void copy_file(const char *from, const char *to, mode_t mode)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = create(to);
	ssize_t n;

	if (in < 0)
		die("open %s: %m", from);
	while ((n = sendfile(out, in, NULL, 1 << 20)) > 0)
		;
	if (n < 0 || close(in))
		die("copy %s to %s: %m", from, to);
	finish(out, to, mode);
}

void make_file(const char *path, mode_t mode, size_t size)
{
	int fd = create(path);

	if (ftruncate(fd, (off_t)size))
		die("truncate %s: %m", path);
	finish(fd, path, mode);
}
