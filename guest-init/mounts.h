/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Every file system that a payload finds mounted. */
#ifndef MOUNTS_H
#define MOUNTS_H

#define SHARE "/host"

/* MOUNTS_EARLY needs nothing; MOUNTS_MODULAR may need modules that were loaded after that. */
enum mounts_stage { MOUNTS_EARLY, MOUNTS_MODULAR };

/* Returns 0 or -errno when one that is needed failed; the others are noted. */
int mounts_make(enum mounts_stage stage);

/* Unmount the share, so that everything written to it is at the host. */
void mounts_leave(void);

#endif
