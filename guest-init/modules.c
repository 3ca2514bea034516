/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Loads the modules that the host packed: unpacked, and named in dependency order. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "steps.h"

static int is_visible(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

void modules_load(const char *folder)
{
	struct dirent **entries = NULL;
	int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int count = scandir(folder, &entries, is_visible, alphasort);

	for (int i = 0; i < count; i++) {
		int fd = openat(folder_fd, entries[i]->d_name, O_RDONLY | O_CLOEXEC);

		/* EEXIST: built in, or loaded already. */
		if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
			failure_note("module", entries[i]->d_name, -errno);
		close(fd);
		free(entries[i]);
	}
	free(entries);
	close(folder_fd);
}
