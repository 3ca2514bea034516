// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Concatenates segments. */
#include "host/machine/initrd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "host/machine/message.h"

/* QEMU may be a script, which uses descriptors of one digit for itself. */
#define LEAST_FD 64

static void append_file(int to, const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = from < 0 ? -1 : 1;

	while (n > 0)
		n = sendfile(to, from, NULL, 1 << 24);
	if (n < 0)
		die(EXIT_INFRA, "%s: %s", path, strerror(errno));
	close(from);
}

int initrd_make(const char *const *paths, const char *bytes, size_t len)
{
	int low = memfd_create("initrd", MFD_CLOEXEC), fd = fcntl(low, F_DUPFD_CLOEXEC, LEAST_FD);

	for (; *paths; paths++)
		append_file(fd, *paths);
	/* A file in memory takes all at once. */
	if (fd < 0 || write(fd, bytes, len) != (ssize_t)len)
		die(EXIT_INFRA, "make the initrd: %s", strerror(errno));
	close(low);
	return fd;
}
