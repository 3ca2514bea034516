/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A warm start: waits on the control port, and unpacks the archives that arrive through it. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/param.h>
#include <sys/stat.h>

#include "channel.h"
#include "control.h"
#include "report.h"

static int control_fd;

int control_open(void)
{
	control_fd = port_open("org.bpfcheck.control", O_RDONLY);
	return control_fd < 0 ? -errno : 0;
}

static int take(char *data, size_t len)
{
	while (len) {
		ssize_t got = read(control_fd, data, len);

		if (got < 0)
			return -errno;
		/* End of file: the host's end is not connected, or not yet again after a restore. */
		if (!got)
			usleep(1000);
		data += got;
		len -= got;
	}
	return 0;
}

/* Content is padded to a multiple of four bytes. */
static int file_take(const char *path, unsigned int mode, size_t size)
{
	static char chunk[64 * 1024];
	int fd, err = 0;

	if (S_ISDIR(mode))
		return mkdir(path, mode & 07777) && errno != EEXIST ? -errno : 0;
	unlink(path);
	if (S_ISLNK(mode)) {
		err = size < PATH_MAX ? take(chunk, roundup(size, 4)) : -ENAMETOOLONG;
		chunk[size % PATH_MAX] = '\0';
		return err || !symlink(chunk, path) ? err : -errno;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 07777);
	if (fd < 0)
		return -errno;
	for (size_t left = size, piece; left && !err; left -= piece) {
		piece = MIN(left, sizeof(chunk));
		err = take(chunk, piece);
		if (!err && write(fd, chunk, piece) != (ssize_t)piece)
			err = -ENOSPC;
	}
	close(fd);
	return err ?: take(chunk, -size % 4);
}

/* See Documentation/driver-api/early-userspace/buffer-format.rst. */
enum { MODE = 1, SIZE = 6, NAME_SIZE = 11, MAGIC = 6, HEADER = MAGIC + 13 * 8 };

static unsigned int header_field(const char *header, int i)
{
	char digits[9] = "";

	memcpy(digits, header + MAGIC + 8L * i, 8);
	return strtoul(digits, NULL, 16);
}

int control_unpack(void)
{
	char header[HEADER], path[PATH_MAX];
	size_t size;
	int err;

	do {
		/* An archive ends with zeros, in fours. */
		do
			err = take(header, 4);
		while (!err && !*header);
		err = err ?: take(header + 4, HEADER - 4);
		if (err || memcmp(header, "070701", MAGIC) != 0)
			return err ?: -EBADMSG;
		/* Header and name together are padded. */
		size = roundup(HEADER + header_field(header, NAME_SIZE), 4) - HEADER;
		err = size > sizeof(path) ? -ENAMETOOLONG : take(path, size);
		if (err || !strcmp(path, "TRAILER!!!"))
			return err;
		err = file_take(path, header_field(header, MODE), header_field(header, SIZE));
	} while (!err);
	say("unpack %s: %s", path, strerror(-err));
	return err;
}
