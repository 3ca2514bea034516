/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Mounts, from one table. */
#include <errno.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mounts.h"
#include "report.h"
#include "virtio.h"

#define LOCKED (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* Top to bottom: a parent is mounted before its children. */
static const struct mount_row {
	enum mounts_stage stage;
	const char *source, *fstype, *target;
	unsigned long flags;
	const char *data;
	bool needed;
	const char *device; /* virtio device without which there is nothing to mount */
} rows[] = {
	{ MOUNTS_EARLY, "proc", "proc", "/proc", LOCKED, NULL, true, NULL },
	{ MOUNTS_EARLY, "sysfs", "sysfs", "/sys", LOCKED, NULL, true, NULL },
	{ MOUNTS_EARLY, "devtmpfs", "devtmpfs", "/dev", MS_NOSUID, "mode=0755", true, NULL },
	{ MOUNTS_EARLY, "devpts", "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "mode=0620,ptmxmode=0666", false, NULL },
	{ MOUNTS_EARLY, "shm", "tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777", false, NULL },
	{ MOUNTS_EARLY, "run", "tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755", false, NULL },
	{ MOUNTS_EARLY, "tmp", "tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777", false, NULL },
	{ MOUNTS_EARLY, "tracefs", "tracefs", "/sys/kernel/tracing", LOCKED, NULL, false, NULL },
	{ MOUNTS_EARLY, "debugfs", "debugfs", "/sys/kernel/debug", LOCKED, NULL, false, NULL },
	{ MOUNTS_EARLY, "bpf", "bpf", "/sys/fs/bpf", LOCKED, "mode=0700", false, NULL },
	{ MOUNTS_EARLY, "cgroup2", "cgroup2", "/sys/fs/cgroup", LOCKED, NULL, false, NULL },
	{ MOUNTS_EARLY, "securityfs", "securityfs", "/sys/kernel/security", LOCKED, NULL, false, NULL },
	/* A module on most distributions, which makes the directory too. */
	{ MOUNTS_MODULAR, "configfs", "configfs", "/sys/kernel/config", LOCKED, NULL, false, NULL },
	/*
	 * cache=none: both sides see each other's writes at once. msize: what a fragmented 256 MB
	 * guest can still allocate in one piece for each request.
	 */
	{ MOUNTS_MODULAR, "hostshare", "9p", SHARE, MS_NOSUID | MS_NODEV,
	  "trans=virtio,version=9p2000.L,msize=131072,cache=none", false, VIRTIO_9P },
};

static const struct {
	const char *target, *path;
} links[] = {
	{ "/proc/self/fd", "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
};

int mounts_make(enum mounts_stage stage)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct mount_row *row = &rows[i];
		int err;

		if (row->stage != stage || (row->device && !virtio_present(row->device)))
			continue;
		/* Below /sys the kernel made it, or mount will say that it did not. */
		mkdir(row->target, 0755);
		if (!mount(row->source, row->target, row->fstype, row->flags, row->data))
			continue;
		err = -errno;
		failure_note("mount", row->target, err);
		if (row->needed)
			return err;
	}
	for (size_t i = 0; stage == MOUNTS_EARLY && i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i].target, links[i].path) && errno != EEXIST)
			failure_note("mount", links[i].path, -errno);
	return 0;
}

void mounts_leave(void)
{
	/* EINVAL: it never was mounted. */
	if (umount2(SHARE, 0) && errno != EINVAL && errno != ENOENT)
		umount2(SHARE, MNT_DETACH);
}
