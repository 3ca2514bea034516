/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Loads the modules that the host packed, already unpacked and in dependency order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modules.h"
#include "report.h"

static int module_load(int folder_fd, const char *name)
{
	int err = 0;
	int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* EEXIST: built in, or loaded already. */
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		err = -errno;
	close(fd);
	return err;
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void modules_load(const char *folder)
{
	struct dirent **entries = NULL;
	int folder_fd, count, err;

	folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder_fd < 0) {
		if (errno != ENOENT)
			failure_note("module", folder, -errno);
		return;
	}
	count = scandir(folder, &entries, is_visible, alphasort);
	if (count < 0)
		failure_note("module", folder, -errno);
	for (int i = 0; i < count; i++) {
		err = module_load(folder_fd, entries[i]->d_name);
		if (err)
			failure_note("module", entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	close(folder_fd);
}
