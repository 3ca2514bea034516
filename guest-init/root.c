/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Puts a mount that can be pivoted away from over the initial rootfs. */
#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"
#include "root.h"

#define STAGING "/.root"

int root_switch(void)
{
	/*
	 * pivot_root(2) refuses the initial rootfs because that mount has no parent; it does not
	 * mind the file system. So the same files are mounted a second time and moved on top.
	 */
	if (mkdir(STAGING, 0700) || mount("/", STAGING, NULL, MS_BIND, NULL))
		return -errno;
	if (chdir(STAGING) || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		return -errno;
	rmdir(STAGING);
	/* Half of the memory is the default, and the suite already is in it. */
	if (mount(NULL, "/", NULL, MS_REMOUNT, "size=90%"))
		failure_note("mount", "remount / with size=90%", -errno);
	return 0;
}
