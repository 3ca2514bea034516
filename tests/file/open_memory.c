// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Opens a file in memory: open_memory KIND.
 *   memfd    one of memfd_create(), by its name in /proc
 *   shared   one of shm_open(), which makes it, and once more to read it
 * Each also where it must fail, and a file that is neither.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static void expect_error(int fd, int error, const char *what)
{
	if (fd >= 0 || errno != error)
		die("%s: %m, expected %s", what, strerror(error));
}

/* Of an open file: those that it still has, and those that only opening it had. */
static void truth_flags(int fd, int opening)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		die("open: %m");
	truth_number("flags", (uint64_t)(flags | opening));
}

static void open_memfd(void)
{
	int fd = memfd_create("bpfcheck", MFD_CLOEXEC);
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || fchmod(fd, 0610) || write(fd, "some", 4) != 4)
		die("memfd: %m");
	if (seteuid(1234))
		die("seteuid: %m");
	expect_error(open(path, O_RDWR | O_CLOEXEC), EACCES, path);
	if (seteuid(0))
		die("seteuid: %m");
	truth_fd("file", fd);
	truth_flags(open(path, O_RDWR | O_APPEND | O_CLOEXEC), 0);
}

static void open_shared(void)
{
	int fd;

	if (mount("bpfcheck", "/dev/shm", "tmpfs", 0, NULL))
		die("mount tmpfs on /dev/shm: %m");
	expect_error(shm_open("/missing", O_RDWR, 0), ENOENT, "shm_open of nothing");
	fd = shm_open("/bpfcheck", O_CREAT | O_EXCL | O_RDWR, 0640);
	truth_flags(fd, O_CREAT | O_EXCL);
	expect_error(shm_open("/bpfcheck", O_CREAT | O_EXCL | O_RDWR, 0), EEXIST,
		     "shm_open of what there is");
	if (shm_open("/bpfcheck", O_RDONLY, 0) < 0)
		die("shm_open to read: %m");
	truth_fd("file", fd);
	truth_path("path", "/dev/shm/bpfcheck");
}

static const struct kind {
	const char *name;
	void (*open)(void);
} kinds[] = { { "memfd", open_memfd }, { "shared", open_shared } };

int main(int argc, char **argv)
{
	const struct kind *kind = FIND_MODE(kinds, argc > 1 ? argv[1] : "");

	private_tmp();
	/* On a tmpfs, too. */
	make_file("neither", 0600, 0);
	truth_task("task", getpid(), getpid());
	truth_namespaces("namespaces", getpid());
	truth_cgroup("cgroup", getpid());
	kind->open();
	truth_print();
	return 0;
}
