/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What init.c puts in order: each step in the file of its name. Results: 0 or -errno. */
#pragma once
#include "channel.h"
#include "report.h"

#define SHARE "/host"

/* Make / a mount that can be pivoted away from. */
int root_switch(void);

/* MOUNTS_LATE may need modules. An error: one that is needed failed. */
enum mounts_stage { MOUNTS_EARLY, MOUNTS_LATE };
int mounts_make(enum mounts_stage stage);
void mounts_leave(void);

/* Load all of `folder` in the order of the names. */
void modules_load(const char *folder);

/* Network, name (NULL: a default), limits, kernel settings, clock (0: leave it). */
void machine_prepare(const char *hostname, long long time);

/* Once, before the first child. */
int supervise_open(void);
/*
 * Run args (found in PATH) to their end or to that of `seconds` (0: no limit), leave no process
 * behind, send what it and the kernel had to say. `terminal`: what controls it, or NULL.
 */
void supervise(struct channel *channel, char *const *args, const char *terminal, long long seconds,
	       struct outcome *outcome);

/* The device behind /dev/console, which itself can control nobody. */
const char *rescue_terminal(void);
/* The shell for people, until they leave it. */
void rescue_run(struct channel *channel, struct outcome *outcome);
