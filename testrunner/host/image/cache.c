// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Names what can be made again, writes it whole or not at all, forgets what nobody uses. */
#include "host/image/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "host/image/tool.h"

static int complain(const char *path, int err)
{
	fprintf(stderr, "bpfcheck: %s: %s\n", path, strerror(-err));
	return err;
}

/* build/vmlinux/...: the build folder is the one that we are in, bin/bpfcheck. */
static int name_path(char path[PATH_MAX], const char *rest)
{
	const char *build = getenv("BPFCHECK_BUILD");
	char exe[PATH_MAX] = "";

	if (!build && readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0) {
		for (int up = 0; up < 2 && strrchr(exe, '/'); up++)
			*strrchr(exe, '/') = '\0';
		build = exe;
	}
	if (!build)
		return complain("/proc/self/exe", -errno);
	if (snprintf(path, PATH_MAX, "%s/vmlinux/%s", build, rest) >= PATH_MAX)
		return complain(build, -ENAMETOOLONG);
	return 0;
}

int cache_unpacked(const struct mapping *image, char path[PATH_MAX])
{
	static const char *const sha256sum[] = { "sha256sum", NULL };
	unsigned char *digits;
	char name[64];
	size_t len;
	int err = tool_filter(sha256sum, image->bytes, image->len, 4096, &digits, &len);

	if (err)
		return complain(sha256sum[0], err);
	snprintf(name, sizeof(name), "unpacked/vmlinux-%.32s", digits);
	free(digits);
	return name_path(path, name);
}

int cache_read(const char *from, const struct stat *now, const char *kind, char path[PATH_MAX])
{
	char name[PATH_MAX];

	/* A folder of the file's own, so that its path may be as long as paths may be. */
	if (snprintf(name, sizeof(name), "of%s/%lld.%09ld-%lld.%s", from,
		     (long long)now->st_mtim.tv_sec, now->st_mtim.tv_nsec, (long long)now->st_size,
		     kind) >= (int)sizeof(name))
		return complain(from, -ENAMETOOLONG);
	return name_path(path, name);
}

bool cache_has(const char *path)
{
	return utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

/* Make the folder of `path`, and remove its old files. */
static int prepare(const char *path)
{
	char folder[PATH_MAX];
	int err;

	snprintf(folder, sizeof(folder), "%s", path);
	*strrchr(folder, '/') = '\0';
	err = folder_make(folder);
	if (err)
		return complain(folder, err);
	folder_remove_old(folder);
	return 0;
}

int cache_begin(const char *path, char part[PATH_MAX])
{
	int err = prepare(path);

	if (err)
		return err;
	if (snprintf(part, PATH_MAX, "%s.%ld", path, (long)getpid()) >= PATH_MAX)
		return complain(path, -ENAMETOOLONG);
	return 0;
}

int cache_end(const char *part, const char *path)
{
	if (rename(part, path) == 0)
		return 0;
	return complain(path, -errno);
}

int cache_write(const char *path, const void *bytes, size_t len)
{
	int err = prepare(path);

	return err ? err : file_replace(path, bytes, len);
}
