// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Gives a file in /tmp/here a second name in /tmp/there: link_file WAY.
 *   link      by link
 *   at        by linkat, through a file descriptor of its directory
 *   followed  by linkat of a symlink that leads to the file
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static int plain(void)
{
	return link("here/old", "there/new");
}

static int by_descriptor(void)
{
	int here = open("here", O_PATH | O_CLOEXEC), there = open("there", O_PATH | O_CLOEXEC);

	return linkat(here, "old", there, "new", 0);
}

static int follow(void)
{
	if (symlink("here/old", "symlink"))
		die("symlink: %m");
	return linkat(AT_FDCWD, "symlink", AT_FDCWD, "there/new", AT_SYMLINK_FOLLOW);
}

static const struct way {
	const char *name;
	int (*link)(void);
} ways[] = { { "link", plain }, { "at", by_descriptor }, { "followed", follow } };

int main(int argc, char **argv)
{
	const struct way *way = FIND_MODE(ways, argc > 1 ? argv[1] : "");
	struct stat st;

	private_tmp();
	if (mkdir("here", 0755) || mkdir("there", 0755))
		die("mkdir: %m");
	make_file("here/old", 0640, 12);
	if (way->link())
		die("link: %m");
	if (lstat("there/new", &st))
		die("lstat: %m");
	truth_number("link_count", st.st_nlink);
	truth_task("task", getpid(), getpid());
	truth_namespaces("namespaces", getpid());
	truth_path("old", "here/old");
	truth_path("new", "there/new");
	truth_file("file", "there/new");
	truth_cgroup("cgroup", getpid());
	truth_print();
	return 0;
}
