/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Mounts the root: a tmpfs, or for the payload a folder of the host, a disk, or an archive's files. */
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "modules.h"
#include "report.h"
#include "root.h"

#define LOWER  "/.root.lower"
#define UPPER  "/.root.upper"
#define ROOT   "/.root"
#define PACKED "/.root.packed" /* what the initramfs or a later archive has of another root */
#define SIZE   "size=90%"

/* Put the mount at ROOT on top of /, as switch_root does. */
static int root_switch(void)
{
	return chdir(ROOT) || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/") ?
		       -errno :
		       0;
}

int root_make(void)
{
	static const struct {
		const char *from, *to;
	} bound[] = { { "/bpfcheck", ROOT "/bpfcheck" }, { PACKED, ROOT PACKED } };

	/* Later archives are unpacked to here. The default is half of the memory. */
	if (mount(NULL, "/", NULL, MS_REMOUNT, SIZE) && errno != EINVAL)
		failure_note("mount", "/", -errno);
	mkdir(ROOT, 0700);
	if (mount("tmpfs", ROOT, "tmpfs", 0, SIZE ",mode=0755"))
		return -errno;
	for (size_t i = 0; i < sizeof(bound) / sizeof(bound[0]); i++) {
		/* The initramfs has another root only for run-kernel --root. */
		if (access(bound[i].from, F_OK))
			continue;
		if (mkdir(bound[i].to, 0755) ||
		    mount(bound[i].from, bound[i].to, NULL, MS_BIND, NULL))
			return -errno;
	}
	return root_switch();
}

/* The first of the kernel's file systems for disks that takes it. */
static int mount_disk(const char *disk, const char *target)
{
	char text[4096], *rest = text, *line;
	ssize_t len = file_read("/proc/filesystems", text, sizeof(text));

	if (len < 0)
		return (int)len;
	if (access(disk, F_OK))
		return -errno;
	while ((line = strsep(&rest, "\n"))) {
		/* "nodev\tproc", "\text4" */
		if (*line == '\t' && !mount(disk, target, line + 1, MS_SILENT, NULL))
			return 0;
	}
	return -EINVAL;
}

static int mount_lower(const char *how)
{
	/* Nobody changes it meanwhile. */
	const char *read_only = "trans=virtio,version=9p2000.L,msize=131072,cache=loose";
	const char *writable = "trans=virtio,version=9p2000.L,msize=131072,cache=mmap";

	if (!strcmp(how, "9p"))
		return mount("bpfcheckroot", LOWER, "9p", MS_RDONLY, read_only) ? -errno : 0;
	if (!strcmp(how, "9p-rw"))
		return mount("bpfcheckroot", LOWER, "9p", 0, writable) ? -errno : 0;
	if (!strcmp(how, "block"))
		return mount_disk("/dev/vda", LOWER);
	return mount(PACKED, LOWER, NULL, MS_BIND, NULL) ? -errno : 0;
}

/* What cannot be written to gets a layer in memory that can. */
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
	static const char *const moved[] = { "dev", "proc", "sys", "run", "tmp", "host" };
	int err;

	if (!how)
		return 0;
	modules_load("/bpfcheck/modules-root");
	mkdir(LOWER, 0755);
	mkdir(UPPER, 0755);
	mkdir(ROOT, 0755);
	err = mount_lower(how) ?: mount_writable();
	if (err)
		return err;
	for (size_t i = 0; i < sizeof(moved) / sizeof(moved[0]); i++) {
		char from[16], to[32];

		snprintf(from, sizeof(from), "/%s", moved[i]);
		snprintf(to, sizeof(to), ROOT "/%s", moved[i]);
		if (mkdir(to, 0755) && errno != EEXIST)
			return -errno;
		/* EINVAL: nothing is mounted there. */
		if (mount(from, to, NULL, MS_MOVE, NULL) && errno != EINVAL)
			return -errno;
	}
	if ((mkdir(ROOT "/bpfcheck", 0755) && errno != EEXIST) ||
	    mount("/bpfcheck", ROOT "/bpfcheck", NULL, MS_BIND, NULL))
		return -errno;
	err = root_switch();
	if (err)
		return err;
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/bpfcheck/bin",
	       1);
	return 0;
}

void root_leave(const char *how)
{
	/* What is mounted inside of it does not matter; a file that is open for writing does. */
	if (how && mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL))
		say("the root cannot be made read-only: %s", strerror(errno));
}
