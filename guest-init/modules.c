/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Loads kernel modules. */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "modules.h"
#include "report.h"

char module_failed[sizeof("load module ") + NAME_MAX];

int modules_load(const char *folder)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, NULL, alphasort), err = 0;

	for (int i = 0; i < count; free(entries[i++])) {
		const char *name = entries[i]->d_name;
		char path[PATH_MAX];
		int fd;

		snprintf(path, sizeof(path), "%s/%s", folder, name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		/* EEXIST: built in, or loaded already. */
		if (*name != '.' && syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST) {
			err = -errno;
			snprintf(module_failed, sizeof(module_failed), "load module %s", name);
			failure_note("module", name, err);
		}
		close(fd);
	}
	free(entries);
	return err;
}
