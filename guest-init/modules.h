/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kernel modules. */
#ifndef MODULES_H
#define MODULES_H

/* Load every module of `folder` in the order of their names; what fails is noted. No folder: nothing to load. */
void modules_load(const char *folder);

#endif
