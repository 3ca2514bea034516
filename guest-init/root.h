/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The root file system. */
#ifndef ROOT_H
#define ROOT_H

/* Make / a mount that can be pivoted away from. Returns 0 or -errno. */
int root_switch(void);

#endif
