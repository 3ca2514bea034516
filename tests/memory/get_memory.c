// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Gets memory, and is refused some.
 *
 * get_memory KIND
 *   memfd       a file in memory
 *   memfd-huge  one of huge pages
 *   memfd-long  one whose name is as long as can be
 *   shm         a new shared memory segment, the same again, and one without a key
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

#define NAME_MOST (NAME_MAX - sizeof("memfd:") + 1)
#define KEY	  0x51ced00d

/* As the kernel shows it: "/memfd:NAME (deleted)". */
static void truth_memfd(int fd)
{
	const char *before = "/memfd:", *after = " (deleted)";
	char path[64], link[512];
	struct stat st;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < (ssize_t)(strlen(before) + strlen(after)) || fstat(fd, &st))
		die("look at %s: %m", path);
	link[(size_t)len - strlen(after)] = '\0';
	truth_text("name", link + strlen(before));
	truth_number("fd", (uint64_t)fd);
	truth_number("inode", st.st_ino);
}

static void make_memfd(const char *name, unsigned int flags)
{
	char too_long[NAME_MOST + 2];
	int fd;

	memset(too_long, 'x', sizeof(too_long));
	too_long[NAME_MOST + 1] = '\0';
	if (memfd_create(too_long, 0) != -1 || errno != EINVAL)
		die("memfd_create with too long a name: %m, expected EINVAL");
	if (memfd_create("refused", 0x1000000) != -1 || errno != EINVAL)
		die("memfd_create with an unknown flag: %m, expected EINVAL");
	fd = memfd_create(name, flags);
	if (fd < 0)
		die("memfd_create: %m");
	truth_memfd(fd);
}

static void make_plain(void)
{
	make_memfd("a name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

static void make_huge(void)
{
	make_memfd("", MFD_HUGETLB);
}

static void make_long(void)
{
	char name[NAME_MOST + 1];

	memset(name, 'n', sizeof(name));
	name[0] = 'f';
	name[NAME_MOST - 1] = 'l';
	name[NAME_MOST] = '\0';
	make_memfd(name, 0);
}

/* Of the segment whose id is `id`; the namespace has but a few. */
static void truth_segment(const char *group, int id)
{
	FILE *file = fopen("/proc/sysvipc/shm", "re");
	int key, seen = -1;
	unsigned int mode;
	size_t size;
	char line[512];

	while (file && seen != id && fgets(line, sizeof(line), file))
		if (sscanf(line, "%d %d %o %zu", &key, &seen, &mode, &size) != 4)
			seen = -1;
	if (!file || seen != id)
		die("/proc/sysvipc/shm has no segment %d", id);
	fclose(file);
	truth_open(group);
	truth_number("id", (uint64_t)id);
	truth_number("key", (uint64_t)key);
	truth_number("mode", mode);
	truth_number("size", size);
	truth_close();
}

static int get_segment(int key, size_t size, int flags)
{
	int id = shmget(key, size, flags);

	if (id < 0)
		die("shmget: %m");
	return id;
}

static void get_segments(void)
{
	int id;

	/* Segments end with the namespace. */
	if (unshare(CLONE_NEWIPC))
		die("unshare the IPC namespace: %m");
	if (shmget(KEY, 1, 0) != -1 || errno != ENOENT)
		die("shmget of what is not there: %m, expected ENOENT");
	if (shmget(KEY, 0, IPC_CREAT | 0600) != -1 || errno != EINVAL)
		die("shmget of nothing: %m, expected EINVAL");
	/* Others with keys of their own. */
	if (semget(KEY, 1, IPC_CREAT | 0600) < 0 || msgget(KEY, IPC_CREAT | 0600) < 0)
		die("semget, msgget: %m");
	/* So that no id is 0. */
	if (shmctl(get_segment(IPC_PRIVATE, 1, 0600), IPC_RMID, NULL))
		die("shmctl: %m");
	id = get_segment(KEY, 12345, IPC_CREAT | IPC_EXCL | 0640);
	truth_segment("made", id);
	if (shmget(KEY, 12345, IPC_CREAT | IPC_EXCL) != -1 || errno != EEXIST)
		die("shmget of what is there: %m, expected EEXIST");
	if (get_segment(KEY, 0, 0) != id)
		die("shmget found another segment than it had made");
	truth_segment("other", get_segment(IPC_PRIVATE, (size_t)1 << 33, SHM_NORESERVE | 0600));
}

static const struct kind {
	const char *name;
	void (*get)(void);
} kinds[] = {
	{ "memfd", make_plain },
	{ "memfd-huge", make_huge },
	{ "memfd-long", make_long },
	{ "shm", get_segments },
};

int main(int argc, char **argv)
{
	const struct kind *kind = FIND_MODE(kinds, argc > 1 ? argv[1] : "");

	truth_task("task", getpid(), getpid());
	kind->get();
	truth_print();
	return 0;
}
