/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Mounts every file system that a payload finds, from one table. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "steps.h"

#define LOCKED (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define OPEN   (MS_NOSUID | MS_NODEV)

/* Top to bottom: a parent is mounted before its children. */
static const struct mount_row {
	const char *source, *fstype, *target;
	unsigned long flags;
	const char *data;
	bool needed;
	enum mounts_stage stage;
	const char *device; /* virtio device without which there is nothing to mount, or NULL */
} rows[] = {
	{ "proc", "proc", "/proc", LOCKED, NULL, true, MOUNTS_EARLY, NULL },
	{ "sysfs", "sysfs", "/sys", LOCKED, NULL, true, MOUNTS_EARLY, NULL },
	{ "devtmpfs", "devtmpfs", "/dev", MS_NOSUID, NULL, true, MOUNTS_EARLY, NULL },
	{ "devpts", "devpts", "/dev/pts", MS_NOSUID, "ptmxmode=0666", false, MOUNTS_EARLY, NULL },
	{ "shm", "tmpfs", "/dev/shm", OPEN, NULL, false, MOUNTS_EARLY, NULL },
	{ "run", "tmpfs", "/run", OPEN, "mode=0755", false, MOUNTS_EARLY, NULL },
	{ "tmp", "tmpfs", "/tmp", OPEN, NULL, false, MOUNTS_EARLY, NULL },
	{ "tracefs", "tracefs", "/sys/kernel/tracing", LOCKED, NULL, false, MOUNTS_EARLY, NULL },
	{ "debugfs", "debugfs", "/sys/kernel/debug", LOCKED, NULL, false, MOUNTS_EARLY, NULL },
	{ "bpf", "bpf", "/sys/fs/bpf", LOCKED, "mode=0700", false, MOUNTS_EARLY, NULL },
	{ "cgroup2", "cgroup2", "/sys/fs/cgroup", LOCKED, NULL, false, MOUNTS_EARLY, NULL },
	{ "none", "securityfs", "/sys/kernel/security", LOCKED, NULL, false, MOUNTS_EARLY, NULL },
	/* A module on most distributions, which makes the directory, too. */
	{ "none", "configfs", "/sys/kernel/config", LOCKED, NULL, false, MOUNTS_LATE, NULL },
	/* No cache: each side sees the other's writes. msize: in one piece for each request. */
	{ "hostshare", "9p", SHARE, OPEN, "trans=virtio,version=9p2000.L,msize=131072,cache=none",
	  false, MOUNTS_LATE, VIRTIO_9P },
	/* Not mounts, but the rest of /dev. */
	{ "/proc/self/fd", NULL, "/dev/fd", 0, NULL, false, MOUNTS_EARLY, NULL },
	{ "/proc/self/fd/0", NULL, "/dev/stdin", 0, NULL, false, MOUNTS_EARLY, NULL },
	{ "/proc/self/fd/1", NULL, "/dev/stdout", 0, NULL, false, MOUNTS_EARLY, NULL },
	{ "/proc/self/fd/2", NULL, "/dev/stderr", 0, NULL, false, MOUNTS_EARLY, NULL },
};

static int row_make(const struct mount_row *row)
{
	if (!row->fstype)
		return symlink(row->source, row->target) ? -errno : 0;
	/* Below /sys the kernel made it, or mount() will say that it did not. */
	mkdir(row->target, 0755);
	return mount(row->source, row->target, row->fstype, row->flags, row->data) ? -errno : 0;
}

int mounts_make(enum mounts_stage stage)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char name[64];
		int err;

		if (rows[i].stage != stage || (rows[i].device && !virtio_present(rows[i].device)))
			continue;
		err = row_make(&rows[i]);
		if (!err)
			continue;
		snprintf(name, sizeof(name), "%s on %s", rows[i].fstype ? rows[i].fstype : "link",
			 rows[i].target);
		failure_note("mount", name, err);
		if (rows[i].needed)
			return err;
	}
	return 0;
}

void mounts_leave(void)
{
	umount2(SHARE, MNT_DETACH);
}
