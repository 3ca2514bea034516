/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The shell for people. */
#ifndef RESCUE_H
#define RESCUE_H

#include "payload.h"

/* Let Ctrl-C on the console reach init as SIGINT. */
void rescue_listen(void);

/* The job that is the shell. */
const struct job *rescue_job(void);

#endif
