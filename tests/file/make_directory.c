// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Makes a directory and removes it: make_directory WAY.
 *   plain   mkdir, rmdir
 *   at      mkdirat, unlinkat
 *   failed  as plain, and before that in ways that must fail
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static void check(int result, const char *what)
{
	if (result)
		die("%s: %m", what);
}

static void fail(int result, int error, const char *what)
{
	if (!result || errno != error)
		die("%s: %m", what);
}

static void try_everything(void)
{
	check(mkdir("full", 0755) || mkdir("outer", 0755) || mkdir("outer/inner", 0755), "mkdir");
	make_file("file", 0600, 0);
	/* The only inode is that of the root. */
	check(mount("bpfcheck", "full", "tmpfs", 0, "nr_inodes=1"), "mount tmpfs");
	fail(mkdir("full/new", 0755), ENOSPC, "mkdir where there is no room");
	fail(mkdir("outer", 0755), EEXIST, "mkdir of what there is");
	fail(mkdir("missing/new", 0755), ENOENT, "mkdir nowhere");
	fail(rmdir("outer"), ENOTEMPTY, "rmdir of what is not empty");
	fail(rmdir("file"), ENOTDIR, "rmdir of a file");
	fail(rmdir("full"), EBUSY, "rmdir of a mount point");
	fail(link("missing", "new"), ENOENT, "link of nothing");
	fail(link("file", "outer"), EEXIST, "link over what there is");
	fail(link("file", "full/new"), EXDEV, "link across file systems");
	fail(link("outer", "new"), EPERM, "link of a directory");
}

static const struct way {
	const char *name;
	void (*before)(void);
	int at;
} ways[] = { { "plain", NULL, 0 }, { "at", NULL, 1 }, { "failed", try_everything, 0 } };

int main(int argc, char **argv)
{
	const struct way *way = FIND_MODE(ways, argc > 1 ? argv[1] : "");
	int tmp;

	private_tmp();
	umask(027);
	check(setresgid(0, 2004, 0), "setresgid");
	check(chmod("/tmp", 01777), "chmod");
	if (way->before)
		way->before();
	tmp = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	check(way->at ? mkdirat(tmp, "new", 0775) : mkdir("new", 0775), "mkdir");
	truth_task("task", getpid(), getpid());
	truth_namespaces("namespaces", getpid());
	truth_path("path", "new");
	truth_file("file", "new");
	truth_cgroup("cgroup", getpid());
	check(way->at ? unlinkat(tmp, "new", AT_REMOVEDIR) : rmdir("new"), "rmdir");
	truth_print();
	return 0;
}
