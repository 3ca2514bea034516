// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads the files of one kernel's folder into memory, within limits. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/report/kernel_run.h"

static const struct {
	const char *name;
	size_t max;
	bool from_end; /* where there is more than `max`, its end is what matters */
} files[] = {
	[FILE_RUN] = { "run.json", 1024u * 1024, false },
	[FILE_RECORDS] = { "records.ndjson", 256u * 1024 * 1024, false },
	[FILE_MACHINE] = { "machine.ndjson", 4u * 1024 * 1024, true },
	[FILE_CONSOLE] = { "console.log", CONSOLE_TAIL_MAX, true },
};

const char *run_file_name(enum run_file file)
{
	return files[file].name;
}

static int read_all(int fd, off_t offset, struct file_part *part, size_t want)
{
	ssize_t got = 0;

	part->data = malloc(want + 1);
	if (!part->data)
		return -ENOMEM;
	while (part->len < want) {
		got = pread(fd, part->data + part->len, want - part->len,
			    offset + (off_t)part->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		part->len += (size_t)got;
	}
	part->data[part->len] = '\0';
	return got < 0 ? -errno : 0;
}

static int file_read_part(int fd, enum run_file file, struct file_part *part)
{
	size_t max = files[file].max;
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	part->cut = (uintmax_t)st.st_size > max;
	if (!part->cut)
		return read_all(fd, 0, part, (size_t)st.st_size);
	return read_all(fd, files[file].from_end ? st.st_size - (off_t)max : 0, part, max);
}

/* A 9p share may be the guest's to write in: no links are followed, and nothing is opened that
 * would block. */
static void file_load(const char *dir, enum run_file file, struct file_part *part)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/%s", dir, files[file].name) < 0) {
		part->err = -ENOMEM;
		return;
	}
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		part->err = -errno;
	} else {
		part->err = file_read_part(fd, file, part);
		close(fd);
	}
	free(path);
	if (part->err) {
		free(part->data);
		part->data = NULL;
		part->len = 0;
	}
}

static int64_t file_size(const char *dir, const char *name)
{
	struct stat st;
	char *path;
	int err;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		return -1;
	err = lstat(path, &st);
	free(path);
	return !err && S_ISREG(st.st_mode) ? st.st_size : -1;
}

int kernel_run_load(const char *path, const char *name, struct kernel_run *run)
{
	struct stat st;

	memset(run, 0, sizeof(*run));
	run->path = strdup(path);
	if (!run->path)
		return -ENOMEM;
	run->exists = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
	for (enum run_file file = 0; file < FILE_COUNT; file++)
		file_load(path, file, &run->files[file]);
	run->output[0] = file_size(path, "stdout");
	run->output[1] = file_size(path, "stderr");
	return kernel_run_judge(run, name);
}
