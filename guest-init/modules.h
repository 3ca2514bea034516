/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernel modules. */
#pragma once

/* Load all of a folder, in the order of their names. Each error is noted; returns the last, or 0. */
int modules_load(const char *folder);
extern char module_failed[]; /* the step of the last error, for a message */
