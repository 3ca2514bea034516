/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Starts the payload with its environment, or the rescue shell with its terminal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "payload.h"

static void close_both(const int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

/* Returns -errno: exec does not come back otherwise. */
static int child_exec(const struct job *job, int records_fd)
{
	char number[16];
	sigset_t none;
	int fd;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	fd = open(job->terminal ? job->terminal : "/dev/null", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	dup2(fd, STDIN_FILENO);
	if (job->terminal) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		/* 1: take it from init, which may have it for the sake of Ctrl-C. */
		ioctl(STDIN_FILENO, TIOCSCTTY, 1);
	} else {
		snprintf(number, sizeof(number), "%d", records_fd);
		setenv("BPFCHECK_RECORDS_FD", number, 1);
		fcntl(records_fd, F_SETFD, 0);
	}
	setenv("PATH", "/bpfcheck/bin:/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", "linux", 0);
	mkdir("/root", 0700);
	execvp(job->args[0], job->args);
	return -errno;
}

int payload_start(const struct job *job, pid_t *pid, int *records_fd)
{
	int records[2] = { -1, -1 }, result[2] = { -1, -1 };
	int err = 0;

	/* Exec closes it; whatever comes through it is why there was no exec. */
	if (pipe2(result, O_CLOEXEC) || (!job->terminal && pipe2(records, O_CLOEXEC)))
		goto fail;
	if (records[0] >= 0 && fcntl(records[0], F_SETFL, O_NONBLOCK))
		goto fail;
	*pid = fork();
	if (*pid < 0)
		goto fail;
	if (!*pid) {
		err = child_exec(job, records[1]);
		_exit(write(result[1], &err, sizeof(err)) == sizeof(err) ? 127 : 126);
	}
	close(result[1]);
	result[1] = -1;
	if (read(result[0], &err, sizeof(err)) == sizeof(err)) {
		waitpid(*pid, NULL, 0);
		close_both(records);
		close(result[0]);
		return err;
	}
	close(result[0]);
	if (records[1] >= 0)
		close(records[1]);
	*records_fd = records[0];
	return 0;
fail:
	err = -errno;
	close_both(result);
	close_both(records);
	return err;
}
