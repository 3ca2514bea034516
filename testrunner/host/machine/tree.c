// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Tells versions of a folder apart. */
#include "host/machine/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEPT_S	     (2 * 24 * 60 * 60)
#define OPEN_FOLDERS 16

/* nftw() has no argument for it. */
static uint64_t sum;
static size_t root_len;

/* By what tells that a file has changed; the change time cannot be set back. */
static int digest_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	uint64_t digest = digest_add_text(DIGEST_START, path + root_len);

	(void)where;
	digest = digest_add_number(digest, (uint64_t)type);
	digest = digest_add_number(digest, st->st_mode);
	digest = digest_add_number(digest, (uint64_t)st->st_uid << 32 | st->st_gid);
	digest = digest_add_number(digest, (uint64_t)st->st_size);
	digest = digest_add(digest, &st->st_mtim, sizeof(st->st_mtim));
	digest = digest_add(digest, &st->st_ctim, sizeof(st->st_ctim));
	/* Files come in any order. */
	sum += digest;
	return 0;
}

int tree_key(const char *path, const char *more, char key[DIGEST_TEXT])
{
	char root[PATH_MAX];
	struct stat st;

	/* The folder itself may be a link. */
	if (!realpath(path, root))
		return -errno;
	sum = 0;
	root_len = strlen(root);
	if (nftw(root, digest_entry, OPEN_FOLDERS, FTW_PHYS))
		return -errno;
	if (more && stat(more, &st) == 0)
		digest_entry(more, &st, FTW_F, NULL);
	digest_text(sum, key);
	return 0;
}

/* Those that were made long ago are in use no more, or are made again. */
void tree_remove_old(const char *folder)
{
	time_t oldest = time(NULL) - KEPT_S;
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.' &&
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_mtim.tv_sec < oldest)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}
