/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The rescue shell. */
#pragma once

extern char *const rescue_args[];
void rescue_applets(void);	   /* link all that busybox can do into /bin */
const char *rescue_terminal(void); /* behind /dev/console, which cannot control a session */
