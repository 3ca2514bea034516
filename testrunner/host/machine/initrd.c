// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Concatenates segments. */
#include "host/machine/initrd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/machine/message.h"

static int append_file(int to, const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC), err = from < 0 ? -errno : 0;
	ssize_t n = 1;

	while (!err && n > 0) {
		n = sendfile(to, from, NULL, 1 << 24);
		err = n < 0 ? -errno : 0;
	}
	if (from >= 0)
		close(from);
	if (err)
		fail(CODE_INFRA, "%s: %s", path, strerror(-err));
	return err;
}

static int append_bytes(int to, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(to, bytes, len);

		if (n < 0)
			return -errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* QEMU may be a script, which uses descriptors of one digit for itself. */
#define LEAST_FD 64

static int memory_file(void)
{
	int low = memfd_create("initrd", MFD_CLOEXEC);
	int fd = low < 0 ? -errno : fcntl(low, F_DUPFD_CLOEXEC, LEAST_FD);

	if (low < 0)
		return fd;
	fd = fd < 0 ? -errno : fd;
	close(low);
	return fd;
}

int initrd_make(const char *const *paths, const char *bytes, size_t len)
{
	int fd = memory_file(), err = fd < 0 ? fd : 0;

	for (; *paths && !err; paths++)
		err = append_file(fd, *paths);
	if (!err)
		err = append_bytes(fd, bytes, len);
	if (!err)
		return fd;
	if (fd >= 0)
		close(fd);
	return err;
}
