/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The root file system. */
#pragma once

int root_make(void); /* a tmpfs, which pivot_root(2) can leave */
/* Replace it by another, mounts included; `how` as in the settings; NULL: keep it. */
int root_enter(const char *how);
void root_leave(const char *how); /* make it read-only: its host must find all that was written */
