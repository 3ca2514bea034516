/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Mounts the root file system so that a payload can pivot_root(2). */
#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "steps.h"

int root_switch(void)
{
	/*
	 * pivot_root(2) refuses the initial rootfs because that mount has no parent; it does not mind
	 * the file system. So the same files are mounted again, over themselves: nothing is copied.
	 */
	if (mkdir("/.root", 0700) || mount("/", "/.root", NULL, MS_BIND, NULL) || chdir("/.root") ||
	    mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		return -errno;
	rmdir("/.root");
	/* The default is half of the memory. EINVAL: a ramfs, which has no limit. */
	if (mount(NULL, "/", NULL, MS_REMOUNT, "size=90%") && errno != EINVAL)
		failure_note("mount", "/", -errno);
	return 0;
}
