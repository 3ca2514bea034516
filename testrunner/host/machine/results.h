/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The folder that one kernel's run writes to: ROOT/DISTRO/VERSION/. */
#ifndef HOST_RESULTS_H
#define HOST_RESULTS_H

#include <limits.h>

#include "host/machine/loop.h"

struct results {
	char path[PATH_MAX]; /* absolute */
	int folder;	     /* a descriptor of it; < 0: none is open */
	int lock;
};

/*
 * Make the folder, wait for its lock, and remove what an earlier run left, so that nothing of that can
 * be taken for this run's. Returns 0 or an exit code, with a message.
 */
int results_open(struct results *results, struct loop *loop, const char *root, const char *distro,
		 const char *version);
void results_close(struct results *results);

/* The contents of run.json. A NULL becomes null. */
struct run_facts {
	const char *distro, *version, *spec, *nonce, *accel, *start, *kernel_args, *key;
	long long wall_ms;
	int qemu_status; /* < 0: QEMU was not run */
	bool timed_out;
	const char *function; /* of the kernel, where it was at the deadline */
	const char *infra;    /* why the run could not be done */
	const char *not_run;  /* why it was not even tried */
};

/* Write run.json, whole or not at all. Returns 0 or an exit code, with a message. */
int results_write(const struct results *results, const struct run_facts *facts);

/* Has the guest sent a record, over whichever channel? */
bool results_have_record(int folder);
/* Put records that came over another channel than virtio where they belong. QEMU has ended. */
void results_take_records(const struct results *results);

/* Remove a file or a folder with all that is in it, following no link. Errors: -errno. */
int tree_remove(int folder, const char *name);
/* Fail with a message if less than `megabytes` are free. Returns 0 or an exit code. */
int space_need(int folder, const char *path, long megabytes);
/* Wait for a lock (flock) until a signal comes. `what` it is for goes to a message. Errors: -errno. */
int lock_wait(struct loop *loop, int fd, int operation, const char *what);
/* Make a folder and those above it. Errors: -errno. */
int folder_make(const char *path);

#endif
