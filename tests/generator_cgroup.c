/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A task's cgroup, that of cgroup v2. */
#include "generator.h"

#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* From the root of our cgroup namespace. */
static void cgroup_path(pid_t pid, char *path, int size)
{
	char file[64];
	FILE *stream;

	snprintf(file, sizeof(file), "/proc/%d/cgroup", pid);
	stream = fopen(file, "re");
	if (!stream)
		die("open %s: %m", file);
	do {
		if (!fgets(path, size, stream))
			die("%s has no line of cgroup v2", file);
	} while (strncmp(path, "0::", 3) != 0);
	fclose(stream);
	path[strcspn(path, "\n")] = '\0';
	memmove(path, path + 3, strlen(path + 3) + 1);
}

void cgroup_folder(pid_t pid, char *folder, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *mount = NULL;
	char path[2048];

	cgroup_path(pid, path, sizeof(path));
	while (mounts && (mount = getmntent(mounts)) && strcmp(mount->mnt_type, "cgroup2") != 0)
		;
	if (!mount)
		die("cgroup2 is not mounted");
	snprintf(folder, size, "%s%s", mount->mnt_dir, path);
	endmntent(mounts);
}

void truth_cgroup(const char *group, pid_t pid)
{
	char path[2048], folder[4096];
	struct stat st;

	cgroup_path(pid, path, sizeof(path));
	cgroup_folder(pid, folder, sizeof(folder));
	if (stat(folder, &st))
		die("stat %s: %m", folder);
	truth_open(group);
	truth_number("id", st.st_ino);
	truth_text("path", path);
	truth_close();
}
