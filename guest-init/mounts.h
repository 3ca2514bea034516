/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The root, and the file systems that a payload finds. Functions return -errno or 0. */
#pragma once

#define SHARE "/host"
/* Mounts that init needs; mounts that may need modules; the share, which QEMU cannot save. */
enum mounts { MOUNTS_NEEDED, MOUNTS_REST, MOUNTS_SHARE };
int mounts_make(enum mounts which); /* notes each error, returns the last */
int root_make(void);		    /* a tmpfs, which pivot_root(2) can leave */
/* Replace it by another, mounts included; `how` as in the settings; NULL: keep it. */
int root_enter(const char *how);
void root_leave(
	const char *how); /* make it read-only, so that the host finds all that was written */
