// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A process in a mount namespace, in a cgroup, whose root is an overlay by pivot_root, makes, renames,
 * changes and deletes files: work_inside WAY.
 *   mounts       in namespaces that are otherwise ours
 *   namespaces   in a pid, user and cgroup namespace of its own as well
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

/* The id of the container's root outside, if the container has a user namespace. */
#define OUTER_ID "1000000"

static const struct way {
	const char *name;
	bool isolated;
} ways[] = { { "mounts", false }, { "namespaces", true } };

/* The values that the process inside read. */
static struct inside {
	struct stat created, below;
	pid_t pid;
} * inside;

static void check(int result, const char *what)
{
	if (result < 0)
		die("%s: %m", what);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || close(fd))
		die("write %s: %m", path);
}

/* Make an overlay in /tmp the root. */
static void change_root(void)
{
	static const char *const folders[] = { "lower", "upper", "work", "root" };

	private_tmp();
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		check(mkdir(folders[i], 0755), "mkdir");
	make_file("lower/below", 0666, 3);
	check(mount("bpfcheck", "root", "overlay", 0, "lowerdir=lower,upperdir=upper,workdir=work"),
	      "mount overlay");
	check(mkdir("root/old", 0755), "mkdir old");
	check(mkdir("root/data", 0777), "mkdir data");
	check(chmod("root/data", 0777), "chmod data");
	check(chmod("root", 0777), "chmod the root");
	check(chdir("root"), "chdir");
	check((int)syscall(SYS_pivot_root, ".", "old"), "pivot_root");
	check(chdir("/"), "chdir /");
	check(umount2("/old", MNT_DETACH), "umount old");
}

static void work(void)
{
	int fd = open("/data/new", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0640);

	check(fd, "create");
	check((int)write(fd, "inside", 6), "write");
	check(stat("/data/new", &inside->created), "stat");
	check(rename("/data/new", "/renamed"), "rename");
	check(chmod("/renamed", 0600), "chmod");
	check(unlink("/renamed"), "unlink");
	/* A file of the lower layer is copied up first. */
	write_file("/below", "changed");
	check(stat("/below", &inside->below), "stat");
	check(unlink("/below"), "unlink below");
}

static void run_inside(const struct way *way, struct gate *ready, struct gate *go)
{
	change_root();
	if (way->isolated)
		check(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWCGROUP), "unshare");
	/* Our parent gives the user namespace its ids, and looks at us. */
	gate_open(ready);
	gate_wait(go);
	if (way->isolated) {
		check(setresgid(0, 0, 0), "setresgid");
		check(setresuid(0, 0, 0), "setresuid");
	}
	inside->pid = getpid();
	work();
	_exit(0);
}

static void map_ids(pid_t pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	write_file(path, "0 " OUTER_ID " 1\n");
	snprintf(path, sizeof(path), "/proc/%d/gid_map", pid);
	write_file(path, "0 " OUTER_ID " 1\n");
}

/* A cgroup for whom we start next, by way of ourselves. */
static void enter_cgroup(const char *folder)
{
	char path[sizeof("/cgroup.procs") + 4200];

	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	write_file(path, "0");
}

int main(int argc, char **argv)
{
	const struct way *way = FIND_MODE(ways, argc > 1 ? argv[1] : "");
	struct gate ready = gate_make(), go = gate_make();
	char home[4096], folder[sizeof(home) + 32];
	int number = 0, err;
	pid_t child;

	inside = mmap(NULL, sizeof(*inside), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (inside == MAP_FAILED)
		die("mmap: %m");
	cgroup_folder(getpid(), home, sizeof(home));
	/* Not named after ourselves: a run is to be like the one before. */
	do {
		snprintf(folder, sizeof(folder), "%s/bpfcheck-%d", home, number++);
		err = mkdir(folder, 0755);
	} while (err && errno == EEXIST);
	check(err, "mkdir of a cgroup");
	enter_cgroup(folder);
	if (way->isolated)
		check(unshare(CLONE_NEWPID), "unshare the pid namespace");
	child = fork_or_die();
	if (child == 0)
		run_inside(way, &ready, &go);
	gate_wait(&ready);
	if (way->isolated)
		map_ids(child);
	truth_task("task", child, child);
	truth_namespaces("namespaces", child);
	truth_namespaces("ours", getpid());
	truth_cgroup("cgroup", child);
	enter_cgroup(home);
	gate_open(&go);
	expect_exit(child, 0);
	check(rmdir(folder), "rmdir of a cgroup");
	truth_number("inode", inside->created.st_ino);
	truth_number("below", inside->below.st_ino);
	truth_number("uid", inside->created.st_uid);
	truth_number("inner_pid", (uint64_t)inside->pid);
	truth_print();
	return 0;
}
