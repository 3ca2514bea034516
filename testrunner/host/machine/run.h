/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One run of a kernel: what all its steps share. */
#ifndef MACHINE_RUN_H
#define MACHINE_RUN_H

#include "host/machine/guest.h"
#include "host/machine/options.h"
#include "host/machine/results.h"
#include "host/machine/root.h"
#include "host/machine/snapshot.h"
#include "host/machine/streams.h"
#include "host/machine/suite_segment.h"

#define NONCE_BYTES   16
#define ENTROPY_BYTES 64

struct run {
	struct options options;
	const char *build;	/* the build folder */
	const char *suite;	/* NULL: a command without one */
	char btf[PATH_MAX];	/* of a kernel that has none itself, or "" */
	char modules[PATH_MAX]; /* the segment with the kernel's modules */
	char name[520];		/* DISTRO/VERSION */
	struct kernel_folder kernel;
	struct results results;
	struct machine machine;
	struct root root;
	char cmdline[4096];
	char *cpuinfo; /* of the first processor */
	char nonce[2 * NONCE_BYTES + 1];
	struct streams streams;
	struct suite_segment segment;
	struct snapshot snapshot;
	struct guest guest;
	char *settings; /* the segment with this run's settings */
	size_t settings_len;
	long long begun; /* in ms since 1970; 0: not yet */
	bool warm;
};

/* The kind of start that the settings are for. */
enum settings_for { SETTINGS_BOOT, SETTINGS_RESTORED, SETTINGS_SHELL };

/* Write `len` random bytes as hexadecimal digits, with a NUL behind them. Dies (5). */
void random_digits(char *digits, size_t len);
/* Make run->settings. Dies. */
void run_settings(struct run *run, enum settings_for purpose);

/* Run the machine, cold or warm, and write run.json. Dies. */
void run_machine(struct run *run);
/* Run it with its console on our terminal. Dies. */
void run_shell(struct run *run);

/* Write run.json; `infra`: why the run could not be done, or NULL. False, which is said: it cannot be written. */
bool run_write(struct run *run, const char *infra);
/* Judge the results. Returns the verdict's exit code. */
int run_report(struct run *run);

#endif
