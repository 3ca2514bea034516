/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Mounts every file system that a payload finds, from one table. */
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "mounts.h"
#include "report.h"

#define LOCKED (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define OPEN   (MS_NOSUID | MS_NODEV)

/* Top to bottom: a parent is mounted before its children. */
static const struct {
	const char *source, *fstype, *target;
	unsigned long flags;
	const char *data;
	enum mounts which;
} rows[] = {
	{ "proc", "proc", "/proc", LOCKED, NULL, MOUNTS_NEEDED },
	{ "sysfs", "sysfs", "/sys", LOCKED, NULL, MOUNTS_NEEDED },
	{ "devtmpfs", "devtmpfs", "/dev", MS_NOSUID, NULL, MOUNTS_NEEDED },
	{ "devpts", "devpts", "/dev/pts", MS_NOSUID, "ptmxmode=0666", MOUNTS_REST },
	{ "shm", "tmpfs", "/dev/shm", OPEN, NULL, MOUNTS_REST },
	{ "run", "tmpfs", "/run", OPEN, "mode=0755", MOUNTS_REST },
	{ "tmp", "tmpfs", "/tmp", OPEN, NULL, MOUNTS_REST },
	{ "tracefs", "tracefs", "/sys/kernel/tracing", LOCKED, NULL, MOUNTS_REST },
	{ "debugfs", "debugfs", "/sys/kernel/debug", LOCKED, NULL, MOUNTS_REST },
	{ "bpf", "bpf", "/sys/fs/bpf", LOCKED, "mode=0700", MOUNTS_REST },
	{ "cgroup2", "cgroup2", "/sys/fs/cgroup", LOCKED, NULL, MOUNTS_REST },
	{ "securityfs", "securityfs", "/sys/kernel/security", LOCKED, NULL, MOUNTS_REST },
	{ "configfs", "configfs", "/sys/kernel/config", LOCKED, NULL, MOUNTS_REST },
	/* No cache: each side sees the other's writes. msize: in one piece for each request. */
	{ "hostshare", "9p", SHARE, OPEN, "trans=virtio,version=9p2000.L,msize=131072,cache=none",
	  MOUNTS_SHARE },
	/* Not mounts: folders and symbolic links. The first line of a script may name these programs. */
	{ NULL, NULL, "/etc", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/host", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/root", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/bin", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/usr", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/usr/bin", 0, NULL, MOUNTS_NEEDED },
	{ "/bpfcheck/bin/busybox", NULL, "/bin/busybox", 0, NULL, MOUNTS_NEEDED },
	{ "/bpfcheck/bin/busybox", NULL, "/bin/sh", 0, NULL, MOUNTS_NEEDED },
	{ "/bpfcheck/bin/busybox", NULL, "/usr/bin/env", 0, NULL, MOUNTS_NEEDED },
	{ "/proc/self/fd", NULL, "/dev/fd", 0, NULL, MOUNTS_REST },
	{ "/proc/self/fd/0", NULL, "/dev/stdin", 0, NULL, MOUNTS_REST },
	{ "/proc/self/fd/1", NULL, "/dev/stdout", 0, NULL, MOUNTS_REST },
	{ "/proc/self/fd/2", NULL, "/dev/stderr", 0, NULL, MOUNTS_REST },
};

int mounts_make(enum mounts which)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *source = rows[i].source, *type = rows[i].fstype;
		const char *target = rows[i].target;
		bool link = source && !type;
		char name[64];

		if (rows[i].which != which)
			continue;
		/* Below /sys the kernel made it, or mount() will say that it did not. */
		if (!link)
			mkdir(target, 0755);
		if (link ? !symlink(source, target) :
			   !type || !mount(source, target, type, rows[i].flags, rows[i].data))
			continue;
		err = -errno;
		snprintf(name, sizeof(name), "%s on %s", source, target);
		failure_note("mount", name, err);
	}
	return err;
}
