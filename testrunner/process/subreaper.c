/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The process that keeps a program's tree together, and our side of it. */
#include "process/subreaper.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/process_tree.h"

#define KILL_MS	 5000
#define PAUSE_MS 1

/* The one message of the subreaper. */
struct ending {
	int error, status;
};

/* In the program's process, which is a copy of the subreaper. */
__attribute__((noreturn)) static void become_program(const char *path, char *const argv[], int out,
						     int err, int control)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct ending ending = { 0 };
	char folder[PATH_MAX];
	sigset_t none;

	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	snprintf(folder, sizeof(folder), "%s", path);
	if (null >= 0 && dup2(null, 0) >= 0 && dup2(out, 1) >= 0 && dup2(err, 2) >= 0 &&
	    chdir(dirname(folder)) == 0)
		execv(path, argv);
	ending.error = errno;
	send(control, &ending, sizeof(ending), MSG_NOSIGNAL);
	_exit(127);
}

/* Reap ended processes, and report the end of the program. Returns false if no process is left. */
static bool reap(pid_t program, int control)
{
	struct ending ending = { 0 };
	pid_t pid;

	while ((pid = waitpid(-1, &ending.status, WNOHANG)) > 0 || (pid < 0 && errno == EINTR)) {
		if (pid == program)
			send(control, &ending, sizeof(ending), MSG_NOSIGNAL);
	}
	return pid == 0;
}

/* Until our runner closes its end, or is gone. */
__attribute__((noreturn)) static void keep(const char *path, char *const argv[], int out, int err,
					   int control)
{
	struct pollfd fds[2] = { { .fd = control, .events = POLLIN }, { .events = POLLIN } };
	struct signalfd_siginfo info;
	unsigned char signal;
	sigset_t child;
	pid_t program;
	ssize_t n = 1;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	program = fork();
	if (program == 0)
		become_program(path, argv, out, err, control);
	if (program < 0)
		send(control, &(struct ending){ .error = errno }, sizeof(struct ending),
		     MSG_NOSIGNAL);
	/* Whoever reads its output shall see the end of it. */
	close(out);
	close(err);
	fds[1].fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	while (n != 0) {
		poll(fds, 2, -1);
		while (read(fds[1].fd, &info, sizeof(info)) > 0)
			;
		reap(program, control);
		n = recv(control, &signal, 1, MSG_DONTWAIT);
		if (n == 1 && program > 0)
			kill(-program, signal);
	}
	while (reap(program, control)) {
		kill_children();
		poll(&fds[1], 1, PAUSE_MS);
		while (read(fds[1].fd, &info, sizeof(info)) > 0)
			;
	}
	_exit(0);
}

int subreaper_start(struct subreaper *subreaper, const char *path, char *const argv[], int out,
		    int err)
{
	int ends[2];

	*subreaper = (struct subreaper){ .control = -1 };
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	/*
	 * As fork(), but its end sends no signal: such a child no waitpid() sees that does not ask
	 * for it, so to the generator's tree it does not belong.
	 */
	subreaper->pid = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, NULL);
	if (subreaper->pid == 0) {
		close(ends[0]);
		keep(path, argv, out, err, ends[1]);
	}
	if (subreaper->pid < 0) {
		int error = -errno;

		close(ends[0]);
		close(ends[1]);
		return error;
	}
	close(ends[1]);
	spare_child(subreaper->pid);
	subreaper->control = ends[0];
	return 0;
}

void subreaper_read(struct subreaper *subreaper)
{
	struct ending ending;
	ssize_t n;

	if (subreaper->control < 0 || subreaper->ended)
		return;
	n = recv(subreaper->control, &ending, sizeof(ending), MSG_DONTWAIT);
	if (n < 0)
		return;
	/* A subreaper that goes without a word was killed, by whoever is short of memory. */
	if (n == 0)
		ending = (struct ending){ .status = SIGKILL };
	subreaper->ended = true;
	subreaper->error = ending.error;
	subreaper->status = ending.status;
}

void subreaper_signal(struct subreaper *subreaper, int signal)
{
	unsigned char byte = (unsigned char)signal;

	if (subreaper->control >= 0)
		send(subreaper->control, &byte, 1, MSG_NOSIGNAL);
}

/* Wait until the subreaper has closed its end, as it does when it exits. */
static bool await_end(int control)
{
	struct pollfd fd = { .fd = control, .events = POLLIN };
	struct ending ending;

	for (int waited = 0; waited < KILL_MS; waited++) {
		ssize_t n = recv(control, &ending, sizeof(ending), MSG_DONTWAIT);

		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return true;
		if (n < 0)
			poll(&fd, 1, 1);
	}
	return false;
}

int subreaper_end(struct subreaper *subreaper)
{
	bool gone;

	if (subreaper->control < 0)
		return 0;
	shutdown(subreaper->control, SHUT_WR);
	gone = await_end(subreaper->control);
	if (!gone)
		kill(subreaper->pid, SIGKILL);
	waitpid(subreaper->pid, NULL, __WCLONE);
	close(subreaper->control);
	subreaper->control = -1;
	spare_child(0);
	return gone ? 0 : -ETIMEDOUT;
}
