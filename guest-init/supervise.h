/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The watch over a running child: records, kernel log, signals, deadline. */
#ifndef SUPERVISE_H
#define SUPERVISE_H

#include <stdbool.h>
#include <sys/types.h>

#include "channel.h"
#include "payload.h"
#include "report.h"

struct supervisor {
	struct channel *channel;
	struct relay relay;
	int signal_fd, kmsg_fd, records_fd; /* -1: not open */
	pid_t child;	 /* 0: has ended */
	int status;	 /* of the child, from waitpid() */
	int stop_signal; /* that asked for the end of the child, or 0 */
};

/* Returns 0 or -errno. The kernel log is read from boot on; a kernel without /dev/kmsg is noted. */
int supervisor_open(struct supervisor *supervisor, struct channel *channel);

/* Run a child to its end, leave no process behind, send what it and the kernel had to say. */
void supervise(struct supervisor *supervisor, const struct job *job, struct outcome *outcome);

#endif
