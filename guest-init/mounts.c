/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Mounts the root, and from one table every other file system that a payload finds. */
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "modules.h"
#include "mounts.h"
#include "report.h"

#define LOCKED	(MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define OPEN	(MS_NOSUID | MS_NODEV)
#define NINE_P	"trans=virtio,version=9p2000.L,msize=131072,cache=" /* msize: larger requests */
#define BUSYBOX "/bpfcheck/bin/busybox"

#define LOWER  "/.root.lower"
#define UPPER  "/.root.upper"
#define ROOT   "/.root"
#define PACKED "/.root.packed" /* files of another root that came in an archive */
#define SIZE   "size=90%"      /* the default is half of the memory */

/* Top to bottom, parents first. Without a type: a symbolic link, or without a source a folder. */
static const struct {
	const char *source, *fstype, *target;
	unsigned long flags;
	const char *data;
	enum mounts which;
} rows[] = {
	{ "proc", "proc", "/proc", LOCKED, NULL, MOUNTS_NEEDED },
	{ "sysfs", "sysfs", "/sys", LOCKED, NULL, MOUNTS_NEEDED },
	{ "devtmpfs", "devtmpfs", "/dev", MS_NOSUID, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/etc", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, SHARE, 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/root", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/bin", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/usr", 0, NULL, MOUNTS_NEEDED },
	{ NULL, NULL, "/usr/bin", 0, NULL, MOUNTS_NEEDED },
	/* The first line of a script may name these. */
	{ BUSYBOX, NULL, "/bin/busybox", 0, NULL, MOUNTS_NEEDED },
	{ BUSYBOX, NULL, "/bin/sh", 0, NULL, MOUNTS_NEEDED },
	{ BUSYBOX, NULL, "/usr/bin/env", 0, NULL, MOUNTS_NEEDED },
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
	{ "/proc/self/fd", NULL, "/dev/fd", 0, NULL, MOUNTS_REST },
	{ "/proc/self/fd/0", NULL, "/dev/stdin", 0, NULL, MOUNTS_REST },
	{ "/proc/self/fd/1", NULL, "/dev/stdout", 0, NULL, MOUNTS_REST },
	{ "/proc/self/fd/2", NULL, "/dev/stderr", 0, NULL, MOUNTS_REST },
	/* No cache: each side sees the other's writes. */
	{ "hostshare", "9p", SHARE, OPEN, NINE_P "none", MOUNTS_SHARE },
};

int mounts_make(enum mounts which)
{
	int err = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *source = rows[i].source, *type = rows[i].fstype;
		const char *target = rows[i].target;
		char name[64];
		int failed;

		if (rows[i].which != which)
			continue;
		/* Folders below /sys are the kernel's; if one is missing, mount() says so. */
		failed = source && !type ? symlink(source, target) : (mkdir(target, 0755), 0);
		if (type)
			failed = mount(source, target, type, rows[i].flags, rows[i].data);
		if (!failed)
			continue;
		err = -errno;
		snprintf(name, sizeof(name), "%s on %s", source, target);
		failure_note("mount", name, err);
	}
	return err;
}

/* Make a folder of / (MS_BIND), or what is mounted there (MS_MOVE), appear below ROOT. */
static int carry(const char *path, unsigned long how)
{
	char to[32];

	snprintf(to, sizeof(to), ROOT "%s", path);
	if (mkdir(to, 0755) && errno != EEXIST)
		return -errno;
	/* EINVAL: nothing is mounted there. */
	return mount(path, to, NULL, how, NULL) && errno != EINVAL ? -errno : 0;
}

/* Move the mount at ROOT over /, as switch_root does. */
static int root_switch(void)
{
	if (chdir(ROOT) || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		return -errno;
	return 0;
}

int root_make(void)
{
	int err;

	/* A suite that arrives later is stored here. EINVAL: a ramfs, which has no limit. */
	if (mount(NULL, "/", NULL, MS_REMOUNT, SIZE) && errno != EINVAL)
		failure_note("mount", "/", -errno);
	mkdir(ROOT, 0755);
	if (mount("tmpfs", ROOT, "tmpfs", 0, SIZE ",mode=0755")) {
		err = -errno;
		failure_note("mount", "tmpfs on /", err);
		/* A kernel without tmpfs stays on its rootfs, where pivot_root(2) may be refused. */
		return err == -ENODEV ? 0 : err;
	}
	err = carry("/bpfcheck", MS_BIND);
	if (!err && !access(PACKED, F_OK))
		err = carry(PACKED, MS_BIND);
	return err ?: root_switch();
}

/* The first of the kernel's file systems for disks that takes it. */
static int mount_disk(const char *disk, const char *target)
{
	char text[4096], *rest = text, *line;
	int err = file_read("/proc/filesystems", text, sizeof(text));

	if (err < 0 || access(disk, F_OK))
		return err < 0 ? err : -errno;
	while ((line = strsep(&rest, "\n"))) {
		/* "nodev\tproc", "\text4" */
		if (*line == '\t' && !mount(disk, target, line + 1, MS_SILENT, NULL))
			return 0;
	}
	return -EINVAL;
}

static int mount_lower(const char *how)
{
	int err;

	if (!strcmp(how, "block"))
		return mount_disk("/dev/vda", LOWER);
	/* loose: nobody else changes it during the run. */
	if (!strcmp(how, "9p"))
		err = mount("bpfcheckroot", LOWER, "9p", MS_RDONLY, NINE_P "loose");
	else if (!strcmp(how, "9p-rw"))
		err = mount("bpfcheckroot", LOWER, "9p", 0, NINE_P "mmap");
	else
		err = mount(PACKED, LOWER, NULL, MS_BIND, NULL);
	return err ? -errno : 0;
}

/* A lower root that is read-only gets a writable layer in memory. */
static int mount_writable(void)
{
	struct statvfs lower;

	if (statvfs(LOWER, &lower))
		return -errno;
	if (!(lower.f_flag & ST_RDONLY))
		return mount(LOWER, ROOT, NULL, MS_MOVE, NULL) ? -errno : 0;
	if (mount("root", UPPER, "tmpfs", 0, SIZE ",mode=0755") || mkdir(UPPER "/files", 0755) ||
	    mkdir(UPPER "/work", 0755) ||
	    mount("root", ROOT, "overlay", 0,
		  "lowerdir=" LOWER ",upperdir=" UPPER "/files,workdir=" UPPER "/work"))
		return -errno;
	return 0;
}

int root_enter(const char *how)
{
	static const char *const moved[] = { "/dev", "/proc", "/sys",	  "/run",
					     "/tmp", SHARE,   "/bpfcheck" };
	int err;

	if (!how)
		return 0;
	modules_load("/bpfcheck/modules-root");
	mkdir(LOWER, 0755);
	mkdir(UPPER, 0755);
	mkdir(ROOT, 0755);
	err = mount_lower(how) ?: mount_writable();
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]) && !err; i++)
		err = carry(moved[i], MS_MOVE);
	if (err || (err = root_switch()))
		return err;
	return setenv("PATH",
		      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/bpfcheck/bin",
		      1);
}

void root_leave(const char *how)
{
	if (how && mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL))
		say("the root cannot be made read-only: %s", strerror(errno));
}
