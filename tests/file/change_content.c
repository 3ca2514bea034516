// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Changes the content of files of 100 bytes in /tmp, each named after the way in which it is done. For
 * each way the truth has the bytes that were written, the file before and the file after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "generator.h"

static const char text[64] = "What is written.";

static ssize_t by_write(int fd, const char *path)
{
	(void)path;
	return write(fd, text, 10);
}

static ssize_t by_append(int fd, const char *path)
{
	(void)fd;
	return write(open(path, O_WRONLY | O_APPEND | O_CLOEXEC), text, 11);
}

static ssize_t by_pwrite(int fd, const char *path)
{
	(void)path;
	return pwrite(fd, text, 12, 200);
}

static struct iovec vector[] = { { (void *)text, 6 }, { (void *)text, 7 } };

static ssize_t by_writev(int fd, const char *path)
{
	(void)path;
	return writev(fd, vector, 2);
}

static ssize_t by_pwritev(int fd, const char *path)
{
	(void)path;
	return pwritev(fd, vector, 2, 95);
}

static ssize_t by_pwritev2(int fd, const char *path)
{
	(void)path;
	/* The offset comes in two halves. */
	return syscall(SYS_pwritev2, fd, vector, 2, 300, 0, 0);
}

static ssize_t by_sendfile(int fd, const char *path)
{
	int source = open("source", O_RDONLY | O_CLOEXEC);

	(void)path;
	return sendfile(fd, source, NULL, 14);
}

static ssize_t by_splice(int fd, const char *path)
{
	off_t offset = 97;
	int ends[2];

	(void)path;
	if (pipe2(ends, O_CLOEXEC) || write(ends[1], text, 15) != 15)
		die("fill a pipe: %m");
	return splice(ends[0], NULL, fd, &offset, 15, 0);
}

static ssize_t by_copy_file_range(int fd, const char *path)
{
	int source = open("source", O_RDONLY | O_CLOEXEC);

	(void)path;
	return copy_file_range(source, NULL, fd, NULL, 16, 0);
}

static ssize_t by_fallocate(int fd, const char *path)
{
	(void)path;
	return fallocate(fd, 0, 0, 5000) ? -1 : 5000;
}

static ssize_t by_punch_hole(int fd, const char *path)
{
	(void)path;
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 10, 20) ? -1 : 20;
}

static ssize_t by_truncate(int fd, const char *path)
{
	(void)fd;
	return truncate(path, 40);
}

static ssize_t by_ftruncate(int fd, const char *path)
{
	(void)path;
	return ftruncate(fd, 4000);
}

static ssize_t by_open(int fd, const char *path)
{
	(void)fd;
	return open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) < 0 ? -1 : 0;
}

static ssize_t by_mmap(int fd, const char *path)
{
	char *bytes = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	(void)path;
	if (bytes == MAP_FAILED)
		die("mmap: %m");
	bytes[50] = 'x';
	return msync(bytes, 100, MS_SYNC);
}

/* Set-user-ID is lost on a write by somebody else than root. */
static ssize_t by_user(int fd, const char *path)
{
	ssize_t written;

	(void)path;
	if (fchmod(fd, 04777) || seteuid(1234))
		die("become somebody else: %m");
	written = write(fd, text, 17);
	if (seteuid(0))
		die("seteuid: %m");
	return written;
}

static const struct way {
	const char *name;
	ssize_t (*change)(int fd, const char *path);
} ways[] = {
	{ "write", by_write },
	{ "append", by_append },
	{ "pwrite", by_pwrite },
	{ "writev", by_writev },
	{ "pwritev", by_pwritev },
	{ "pwritev2", by_pwritev2 },
	{ "sendfile", by_sendfile },
	{ "splice", by_splice },
	{ "copy_file_range", by_copy_file_range },
	{ "fallocate", by_fallocate },
	{ "punch_hole", by_punch_hole },
	{ "truncate", by_truncate },
	{ "ftruncate", by_ftruncate },
	{ "open", by_open },
	{ "mmap", by_mmap },
	{ "user", by_user },
};

static void write_memfd(void)
{
	int fd = memfd_create("bpfcheck", MFD_CLOEXEC);

	if (fd < 0 || write(fd, text, 18) != 18)
		die("write to a memfd: %m");
	truth_fd("memfd", fd);
}

static void change(const struct way *way)
{
	ssize_t bytes;
	int fd;

	make_file(way->name, 0600, 100);
	fd = open(way->name, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("open %s: %m", way->name);
	truth_open(way->name);
	truth_path("path", way->name);
	truth_file("before", way->name);
	bytes = way->change(fd, way->name);
	if (bytes < 0)
		die("%s: %m", way->name);
	truth_number("bytes", (uint64_t)bytes);
	truth_file("after", way->name);
	truth_close();
}

int main(void)
{
	private_tmp();
	make_file("source", 0600, 1000);
	truth_task("task", getpid(), getpid());
	truth_namespaces("namespaces", getpid());
	truth_cgroup("cgroup", getpid());
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		change(&ways[i]);
	write_memfd();
	truth_print();
	return 0;
}
