/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The folder that one kernel's run writes to: ROOT/DISTRO/VERSION/. */
#ifndef MACHINE_RESULTS_H
#define MACHINE_RESULTS_H

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>

struct results {
	char path[PATH_MAX]; /* absolute */
	int folder;	     /* a descriptor of it */
	int lock;
};

/*
 * Make the folder of the kernel `name`, DISTRO/VERSION, wait for its lock, and remove what an earlier run left, so
 * that nothing of that can be taken for this run's. Dies (5).
 */
void results_open(struct results *results, const char *root, const char *name);
void results_close(struct results *results);

/* A JSON string of any bytes, or null for NULL. */
json_t *results_text(const char *text);
/*
 * Write FOLDER/run.json, whole or not at all, one key per line, and let go of `run`. False, which is said: it cannot be
 * written.
 */
bool results_write(const char *folder, json_t *run);
/* Give a kernel a run.json that says why it has no other result: `key` is infra or not_run. Dies (5). */
void results_problem(const char *root, const char *name, const char *spec, const char *accel,
		     const char *key, const char *why);

/* Has the guest sent a record, over whichever channel? */
bool results_have_record(int folder);
/* Put records that came over another channel than virtio where they belong. QEMU has ended. */
void results_take_records(const struct results *results);

/*
 * Judge a kernel's folder: the verdict's exit code. `write`: junit.xml and others are written there. *summary, unless
 * NULL, is the report's text, the caller's to free.
 */
int results_judge(const char *folder, bool write, char **summary);

#endif
