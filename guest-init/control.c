/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A warm start: waits on the control port, and unpacks the archives that come through it. */
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

		if (got < 0 && errno != EINTR)
			return -errno;
		/* End of file: the host's end is not connected, or not yet again after a restore. */
		if (!got)
			usleep(1000);
		data += MAX(got, 0);
		len -= MAX(got, 0);
	}
	return 0;
}

/* The content of a file, of `size` bytes and up to three of padding; fd -1: only read over it. */
static int content_take(int fd, size_t size)
{
	static char chunk[64 * 1024];
	int err = 0;

	for (size_t left = size; left && !err;) {
		size_t piece = MIN(left, sizeof(chunk));

		err = take(chunk, piece);
		for (size_t sent = 0; fd >= 0 && !err && sent < piece;) {
			ssize_t written = write(fd, chunk + sent, piece - sent);

			err = written < 0 ? -errno : 0;
			sent += MAX(written, 0);
		}
		left -= piece;
	}
	return err ?: take(chunk, -size % 4);
}

static int link_take(const char *path, size_t size)
{
	char target[PATH_MAX + 4] = "";
	int err = size < PATH_MAX ? take(target, roundup(size, 4)) : -ENAMETOOLONG;

	target[size % sizeof(target)] = '\0';
	unlink(path);
	return err || !symlink(target, path) ? err : -errno;
}

static int file_take(const char *path, unsigned int mode, size_t size)
{
	int fd = -1, err;

	if (S_ISDIR(mode))
		return mkdir(path, mode & 07777) && errno != EEXIST ? -errno : 0;
	if (S_ISLNK(mode))
		return link_take(path, size);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 07777);
	err = fd < 0 ? -errno : content_take(fd, size);
	close(fd);
	return err;
}

int control_unpack(void)
{
	/* Eight hexadecimal digits a field, see Documentation/driver-api/early-userspace/buffer-format.rst. */
	enum {
		MODE = 1,
		SIZE = 6,
		NAME_SIZE = 11,
		FIELDS = 13,
		MAGIC = 6,
		HEADER = MAGIC + 8 * FIELDS
	};
	char header[HEADER], path[PATH_MAX];
	unsigned int fields[FIELDS];
	int err;

	for (;;) {
		/* An archive ends with zeros, in fours. */
		do {
			err = take(header, 4);
		} while (!err && !*header);
		err = err ?: take(header + 4, HEADER - 4);
		if (err || memcmp(header, "070701", MAGIC) != 0)
			return err ?: -EBADMSG;
		for (int i = 0; i < FIELDS; i++) {
			char digits[9] = "";

			memcpy(digits, header + MAGIC + 8 * i, 8);
			fields[i] = strtoul(digits, NULL, 16);
		}
		/* Header and name together are padded. */
		fields[NAME_SIZE] += -(HEADER + fields[NAME_SIZE]) % 4;
		if (fields[NAME_SIZE] > sizeof(path))
			return -ENAMETOOLONG;
		err = take(path, fields[NAME_SIZE]);
		if (err || !strcmp(path, "TRAILER!!!"))
			return err;
		err = file_take(path, fields[MODE], fields[SIZE]);
		if (err) {
			say("unpack %s: %s", path, strerror(-err));
			return err;
		}
	}
}
