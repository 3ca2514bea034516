// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Makes one new file in /tmp, in one of the ways there are.
 *
 * create_file WAY
 *   open      by open, as somebody with ids of its own
 *   create    by creat, and opens it a second time as if to create it
 *   mknod     a regular file, by mknod
 *   fifo      by mknod
 *   socket    by binding it
 *   unnamed   a file without a name, and opens a named one that was there before (so: none)
 */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "generator.h"

static void check(int result, const char *what)
{
	if (result < 0)
		die("%s: %m", what);
}

static void by_open(void)
{
	check(setresgid(0, 2002, 0), "setresgid");
	check(setresuid(0, 1002, 0), "setresuid");
	check(open("new", O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640), "open new");
	check(setresuid(0, 0, 0), "setresuid");
	check(setresgid(0, 0, 0), "setresgid");
}

static void by_creat(void)
{
	check(creat("new", 0604), "creat new");
	check(open("new", O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0777), "open new again");
}

static void by_mknod(void)
{
	check(mknod("new", S_IFREG | 0611, 0), "mknod new");
}

static void make_fifo(void)
{
	check(mknod("new", S_IFIFO | 0622, 0), "mknod new");
}

static void make_socket(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "new" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	check(fd, "socket");
	check(bind(fd, (struct sockaddr *)&address, sizeof(address)), "bind new");
}

static void make_unnamed(void)
{
	check(open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), "open an unnamed file");
	check(open("old", O_CREAT | O_RDWR | O_CLOEXEC, 0600), "open old");
	check(symlink("old", "new"), "symlink new");
	check(unlink("new"), "unlink new");
	check(link("old", "new"), "link new");
}

static const struct way {
	const char *name;
	void (*make)(void);
} ways[] = {
	{ "open", by_open },   { "create", by_creat },	  { "mknod", by_mknod },
	{ "fifo", make_fifo }, { "socket", make_socket }, { "unnamed", make_unnamed },
};

int main(int argc, char **argv)
{
	const struct way *way = FIND_MODE(ways, argc > 1 ? argv[1] : "");

	private_tmp();
	check(chmod("/tmp", 01777), "chmod /tmp");
	make_file("old", 0600, 0);
	umask(0);
	way->make();
	truth_number("pid", (uint64_t)getpid());
	truth_task("task", getpid(), getpid());
	truth_path("path", "new");
	truth_file("file", "new");
	truth_namespaces("namespaces", getpid());
	truth_print();
	return 0;
}
