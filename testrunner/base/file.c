// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads and writes whole files. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_all(int fd, size_t max, char **data, size_t *len)
{
	size_t room = 4096;
	ssize_t n = 1;

	while (n > 0 && *len <= max) {
		char *more = realloc(*data, room + 1);

		if (!more)
			return -ENOMEM;
		*data = more;
		n = read(fd, *data + *len, room - *len);
		*len += n > 0 ? (size_t)n : 0;
		room *= *len == room ? 2 : 1;
	}
	if (n < 0)
		return -errno;
	(*data)[*len] = '\0';
	return *len > max ? -EFBIG : 0;
}

int file_read(const char *path, size_t max, char **data, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	*data = NULL;
	*len = 0;
	if (fd < 0)
		return -errno;
	err = read_all(fd, max, data, len);
	close(fd);
	if (err)
		free(*data);
	return err;
}

static int complain(const char *path, int err)
{
	fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, path, strerror(-err));
	return -EIO;
}

int file_write(const char *path, const void *data, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int err = fd < 0 ? -errno : 0;
	const char *bytes = data;

	while (len && !err) {
		ssize_t n = write(fd, bytes, len);

		err = n < 0 && errno != EINTR ? -errno : 0;
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0 && close(fd) && !err)
		err = -errno;
	return err ? complain(path, err) : 0;
}

int file_replace(const char *path, const void *data, size_t len)
{
	char part[PATH_MAX];
	int err;

	if (snprintf(part, sizeof(part), "%s.%ld", path, (long)getpid()) >= PATH_MAX)
		return complain(path, -ENAMETOOLONG);
	err = file_write(part, data, len);
	if (!err && rename(part, path))
		err = complain(path, -errno);
	if (err)
		unlink(part);
	return err;
}

void file_read_line(const char *path, char *line, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, line, size - 1);

	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

long file_read_number(const char *path, long fallback)
{
	char text[32], *end;
	long number;

	file_read_line(path, text, sizeof(text));
	number = strtol(text, &end, 10);
	return end > text ? number : fallback;
}
