// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Starts programs, and ends them. */
#include "host/machine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/machine/path.h"

#define EXIT_NOT_FOUND 127
#define TERMINATE_MS   2000
#define OUTPUT_MAX     (16 * 1024 * 1024)

static void reap(struct child *child)
{
	siginfo_t info = { 0 };

	while (waitid(P_PID, (id_t)child->pid, &info, WEXITED) < 0)
		if (errno != EINTR)
			return;
	child->status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	child->ended = true;
	loop_remove(child->loop, child->pidfd);
	close(child->pidfd);
	child->pidfd = -1;
}

static void pidfd_ready(void *context, short events)
{
	(void)events;
	reap(context);
}

static void keep_open(const int *fds)
{
	for (; fds && *fds >= 0; fds++)
		fcntl(*fds, F_SETFD, 0);
}

static bool standard_take(const int fds[3])
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), moved[3];

	for (int i = 0; i < 3; i++) {
		/* Above the three, so that none is overwritten before it was used. */
		moved[i] = fcntl(fds[i] < 0 ? null : fds[i], F_DUPFD_CLOEXEC, 3);
		if (moved[i] < 0)
			return false;
	}
	for (int i = 0; i < 3; i++)
		if (dup2(moved[i], i) < 0)
			return false;
	return true;
}

/* In the child; does not come back. */
static void become(const struct child_start *start, pid_t parent)
{
	sigset_t none;

	/* Our parent may have died before this. */
	if (prctl(PR_SET_PDEATHSIG, start->death_signal ? start->death_signal : SIGKILL) ||
	    getppid() != parent)
		_exit(EXIT_NOT_FOUND);
	if (start->no_core)
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	keep_open(start->keep);
	if (standard_take(start->fds) && (!start->folder || chdir(start->folder) == 0))
		execvp(start->argv[0], (char *const *)start->argv);
	fprintf(stderr, "%s: %s\n", start->argv[0], strerror(errno));
	_exit(EXIT_NOT_FOUND);
}

int child_start(struct child *child, struct loop *loop, const struct child_start *start)
{
	pid_t parent = getpid();

	*child = (struct child){ .pidfd = -1, .loop = loop };
	child->pid = fork();
	if (child->pid < 0)
		return -errno;
	if (child->pid == 0)
		become(start, parent);
	/* Nobody else reaps it, so the number is its own until then. */
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0) {
		int err = -errno;

		kill(child->pid, SIGKILL);
		reap(child);
		return err;
	}
	fcntl(child->pidfd, F_SETFD, FD_CLOEXEC);
	loop_add(loop, child->pidfd, POLLIN, pidfd_ready, child);
	return 0;
}

int child_wait(struct child *child, long long until)
{
	return loop_run(child->loop, &child->ended, until);
}

void child_kill(const struct child *child)
{
	if (child->pidfd >= 0)
		syscall(SYS_pidfd_send_signal, child->pidfd, SIGKILL, NULL, 0);
}

void child_end(struct child *child)
{
	if (child->pidfd < 0)
		return;
	child_kill(child);
	reap(child);
}

void child_terminate(struct child *child)
{
	struct pollfd fd = { child->pidfd, POLLIN, 0 };

	if (child->pidfd < 0)
		return;
	syscall(SYS_pidfd_send_signal, child->pidfd, SIGTERM, NULL, 0);
	poll(&fd, 1, TERMINATE_MS);
	child_end(child);
}

static char *read_output(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = len < 0 || len > OUTPUT_MAX ? NULL : malloc((size_t)len + 1);
	ssize_t n = text ? pread(fd, text, (size_t)len, 0) : 0;

	if (text)
		text[n > 0 ? n : 0] = '\0';
	return text;
}

int child_capture(struct loop *loop, const char *const *argv, int errors, char **output)
{
	int fd = memfd_create("output", MFD_CLOEXEC), err = fd < 0 ? -errno : 0;
	struct child child = { .pidfd = -1 };

	*output = NULL;
	if (!err)
		err = child_start(&child, loop,
				  &(struct child_start){
					  .argv = argv,
					  .fds = { -1, fd, errors == CHILD_SAME ? fd : errors } });
	if (!err)
		err = child_wait(&child, LLONG_MAX);
	child_end(&child);
	if (!err)
		*output = read_output(fd);
	if (!err && !*output)
		err = -ENOMEM;
	if (fd >= 0)
		close(fd);
	return err ? err : child.status;
}

bool program_find(const char *name, char path[PATH_MAX])
{
	const char *folders = getenv("PATH");

	if (strchr(name, '/'))
		return access(name, X_OK) == 0 && realpath(name, path);
	while (folders && *folders) {
		int len = (int)strcspn(folders, ":");

		path_set(path, "%.*s/%s", len, folders, name);
		if (len && access(path, X_OK) == 0)
			return true;
		folders += len + (folders[len] == ':');
	}
	return false;
}
