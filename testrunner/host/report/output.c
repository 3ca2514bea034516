// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Writes to a temporary name, then renames. */
#include "host/report/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void output_free(struct output *output)
{
	free(output->path);
	free(output->temporary);
	memset(output, 0, sizeof(*output));
}

int output_open(const char *path, struct output *output)
{
	mode_t mask = umask(0);
	int fd = -1, err = 0;

	umask(mask);
	memset(output, 0, sizeof(*output));
	output->path = strdup(path);
	if (!output->path || asprintf(&output->temporary, "%s.XXXXXX", path) < 0) {
		output->temporary = NULL;
		err = -ENOMEM;
		goto out;
	}
	fd = mkostemp(output->temporary, O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		goto out;
	}
	/* mkostemp's 0600 would keep a CI's own user from reading what root wrote. */
	if (!fchmod(fd, 0666 & ~mask))
		output->file = fdopen(fd, "w");
	if (!output->file) {
		err = -errno;
		close(fd);
		unlink(output->temporary);
	}
out:
	if (err)
		output_free(output);
	return err;
}

int output_close(struct output *output)
{
	int err = ferror(output->file) ? -EIO : 0;

	if (fclose(output->file) && !err)
		err = -errno;
	if (!err && rename(output->temporary, output->path))
		err = -errno;
	if (err)
		unlink(output->temporary);
	output_free(output);
	return err;
}
