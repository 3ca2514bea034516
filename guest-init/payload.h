/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The start of a child: the payload or the rescue shell. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include <sys/types.h>

struct job {
	char *const *args;     /* NULL terminated, looked up in PATH */
	const char *terminal;  /* its controlling terminal, or NULL: it writes records instead */
	unsigned int deadline; /* seconds, 0: none */
};

/*
 * Start it in a session of its own. *records_fd: read end of its records pipe, not blocking; -1 for a terminal's job.
 * Returns 0 or -errno, also when exec failed; then there is no child and no pipe.
 */
int payload_start(const struct job *job, pid_t *pid, int *records_fd);

#endif
