// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Tries to change files where that must fail, then changes one. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "generator.h"

#define XATTR "trusted.bpfcheck"

static void expect_error(bool failed, int error, const char *what)
{
	if (!failed || errno != error)
		die("%s: %m, expected %s", what, strerror(error));
}

#define FAILS(call, error) expect_error((call) < 0, error, #call)

static int open_or_die(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		die("open %s: %m", path);
	return fd;
}

/* One page for data, and that is taken. */
static void try_full(void)
{
	static char page[4096];
	struct iovec vector[] = { { page, 1000 }, { page, 1000 } };
	int full, source;

	if (mkdir("full", 0755) || mount("bpfcheck", "full", "tmpfs", 0, "nr_blocks=1"))
		die("mount tmpfs: %m");
	full = open_or_die("full/first", O_CREAT | O_RDWR);
	if (write(full, page, sizeof(page)) != sizeof(page))
		die("write: %m");
	full = open_or_die("full/file", O_CREAT | O_RDWR);
	source = open_or_die("full/first", O_RDONLY);
	FAILS(write(full, page, 10), ENOSPC);
	FAILS(pwrite(full, page, 10, 100), ENOSPC);
	FAILS(writev(full, vector, 2), ENOSPC);
	FAILS(copy_file_range(source, NULL, full, NULL, 100, 0), ENOSPC);
	FAILS(fallocate(full, 0, 0, 4096), ENOSPC);
	/* Nothing to write is nothing written. */
	if (write(full, page, 0) != 0)
		die("write of nothing: %m");
}

static void try_as_other(void)
{
	if (seteuid(1234))
		die("seteuid: %m");
	FAILS(chmod("file", 0777), EPERM);
	FAILS(chown("file", 1234, 1234), EPERM);
	FAILS(truncate("file", 0), EACCES);
	FAILS(open("file", O_WRONLY | O_TRUNC | O_CLOEXEC), EACCES);
	FAILS(setxattr("file", XATTR, "x", 1, 0), EPERM);
	if (seteuid(0))
		die("seteuid: %m");
}

int main(void)
{
	int fd;

	private_tmp();
	fd = open_or_die("file", O_CREAT | O_RDWR);
	FAILS(write(open_or_die("file", O_RDONLY), "x", 1), EBADF);
	FAILS(ftruncate(fd, -1), EINVAL);
	FAILS(chmod("missing", 0777), ENOENT);
	FAILS(setxattr("file", XATTR, "x", 1, XATTR_REPLACE), ENODATA);
	FAILS(removexattr("file", XATTR), ENODATA);
	try_as_other();
	try_full();
	if (setxattr("file", XATTR, "x", 1, 0) || chmod("file", 0604))
		die("change the file: %m");
	FAILS(setxattr("file", XATTR, "y", 1, XATTR_CREATE), EEXIST);
	if (pwrite(fd, "last", 4, 0) != 4)
		die("write: %m");
	truth_path("path", "file");
	truth_print();
	return 0;
}
