// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The signals of a run. */
#include "run/run.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

void run_take_signals(struct run *run)
{
	struct signalfd_siginfo info;

	while (read(run->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			run->stopped = true;
	}
}
