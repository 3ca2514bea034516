/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Machines that were saved when init had finished its mounts and modules, and waited for settings and a
 * suite. Each is a folder of build/snapshots:
 *     ram          the guest's memory, as a file with holes
 *     vmstate      processor and devices
 *     console.log  what the guest had printed until then
 *     stamp        how the first two looked when they were last verified, and their checksum
 * Its name is a hash of everything that it depends on; the time of its stamp is that of its last use.
 */
#ifndef MACHINE_SNAPSHOT_H
#define MACHINE_SNAPSHOT_H

#include <limits.h>
#include <stdint.h>

#include "host/machine/arguments.h"

struct snapshot_want {
	const struct machine *machine;
	const char *build;	    /* the build folder */
	const char *name;	    /* DISTRO/VERSION, for messages */
	const char *base, *modules; /* the segments that it boots from */
	const char *cpuinfo;
	long boot_timeout; /* in s */
	long max_mb;	   /* that all may take together */
	bool quiet;
};

struct snapshot {
	char path[PATH_MAX]; /* of its folder, which stays until snapshot_close() */
	int lock;
	int memory, state; /* for a machine that is restored */
};

/*
 * Find a verified snapshot, or boot a machine and save it. False: there is none, with the reason in `reason` (and on
 * stderr if it was tried). snapshot_close() is due in any case.
 */
bool snapshot_open(struct snapshot *snapshot, const struct snapshot_want *want, char *reason,
		   size_t size);
/* Remove it: it proved to be of no use. */
void snapshot_drop(struct snapshot *snapshot);
void snapshot_close(struct snapshot *snapshot);

#endif
