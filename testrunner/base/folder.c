// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Makes folders, and cleans those that hold files to be made again. */
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT_SECONDS (2L * 24 * 60 * 60)

static int make_one(const char *path)
{
	return mkdir(path, 0777) && errno != EEXIST ? -errno : 0;
}

int folder_make(const char *path)
{
	size_t len = strlen(path);
	char part[PATH_MAX];
	int err = 0;

	if (!len || len >= sizeof(part))
		return -ENAMETOOLONG;
	memcpy(part, path, len + 1);
	for (char *slash = strchr(part + 1, '/'); slash && !err; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		err = make_one(part);
		*slash = '/';
	}
	return err ? err : make_one(part);
}

void folder_remove_old(const char *path)
{
	time_t limit = time(NULL) - KEPT_SECONDS;
	DIR *dir = opendir(path);
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && st.st_mtime < limit)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}
