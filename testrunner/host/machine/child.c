// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Child processes that die with us, and the signals that end us both. */
#include "host/machine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/machine/message.h"

#define NOBODY 65534

static int signals = -1;
/* The child that child_wait waits for: it ends with us. */
static struct child *waited;

static void end_waited(void)
{
	if (waited)
		child_end(waited, SIGTERM);
}

void signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals < 0)
		die(EXIT_INFRA, "signalfd: %s", strerror(errno));
	atexit(end_waited);
}

bool signals_poll(int fd, int ms)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	struct signalfd_siginfo info;

	if (poll(fds, 2, ms) < 0)
		return false;
	if (fds[0].revents && read(signals, &info, sizeof(info)) == sizeof(info))
		exit(128 + (int)info.ssi_signo);
	return fds[1].revents;
}

static void limit(int resource, long most, bool may_raise)
{
	struct rlimit now;

	if (!most || getrlimit(resource, &now))
		return;
	now.rlim_cur = (rlim_t)most < now.rlim_max ? (rlim_t)most : now.rlim_max;
	now.rlim_max = may_raise ? now.rlim_max : now.rlim_cur;
	if (setrlimit(resource, &now))
		_exit(126);
}

static void become_nobody(void)
{
	if (getuid())
		return;
	/* In some containers there is no such user. */
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return;
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void open_as(int fd, const char *path, int other)
{
	int flags = fd ? O_WRONLY | O_CREAT | O_TRUNC : O_RDONLY;
	int opened = path ? open(path, flags | O_CLOEXEC, 0666) : other;

	if (path && opened < 0) {
		fprintf(stderr, "run-tests: %s: %s\n", path, strerror(errno));
		_exit(126);
	}
	if (opened > 0)
		dup2(opened, fd);
}

static noreturn void become(const struct child_setup *setup, pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, setup->death_signal ? setup->death_signal : SIGTERM);
	if (getppid() != parent)
		_exit(126);
	if (setup->session)
		setsid();
	open_as(0, setup->in ? setup->in : "/dev/null", 0);
	open_as(1, setup->out, setup->fd);
	open_as(2, setup->err, setup->fd);
	limit(RLIMIT_FSIZE, setup->file_bytes, setup->may_raise);
	limit(RLIMIT_AS, setup->memory_bytes, false);
	/* No core file of what oversteps its limit. */
	if (setup->file_bytes)
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	if (setup->nobody)
		become_nobody();
	/* Changing user ids has cleared it. */
	prctl(PR_SET_PDEATHSIG, setup->death_signal ? setup->death_signal : SIGTERM);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(setup->argv[0], (char *const *)setup->argv);
	fprintf(stderr, "run-tests: %s: %s\n", setup->argv[0], strerror(errno));
	_exit(127);
}

void child_start(struct child *child, const struct child_setup *setup)
{
	pid_t parent = getpid();

	fflush(NULL);
	child->pid = fork();
	if (!child->pid)
		become(setup, parent);
	child->pidfd = child->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0)
		die(EXIT_INFRA, "start %s: %s", setup->argv[0], strerror(errno));
	fcntl(child->pidfd, F_SETFD, FD_CLOEXEC);
}

bool child_ended(const struct child *child)
{
	struct pollfd fd = { .fd = child->pidfd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

static int child_reap(struct child *child)
{
	int status = 0;

	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(child->pidfd);
	child->pid = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static bool readable_bytes(int fd)
{
	int bytes = 0;

	return !ioctl(fd, FIONREAD, &bytes) && bytes;
}

int child_wait(struct child *child)
{
	waited = child;
	while (!signals_poll(child->pidfd, -1))
		;
	waited = NULL;
	return child_reap(child);
}

int child_wait_reading(struct child *child, int fd, void (*readable)(void *context), void *context)
{
	waited = child;
	for (;;) {
		if (!signals_poll(fd, 100)) {
			/* What it left behind may have the other end, and is not waited for. */
			if (child_ended(child))
				break;
		} else if (readable_bytes(fd)) {
			readable(context);
		} else {
			break;
		}
	}
	return child_wait(child);
}

int child_run(const struct child_setup *setup)
{
	struct child child;

	child_start(&child, setup);
	return child_wait(&child);
}

void child_end(struct child *child, int signal)
{
	struct pollfd fd = { .fd = child->pidfd, .events = POLLIN };

	if (!child->pid)
		return;
	kill(child->pid, signal);
	while (poll(&fd, 1, -1) < 0)
		;
	/* Not reaped, its id is nobody else's: the group, if it has one, is its own. */
	if (getpgid(child->pid) == child->pid)
		kill(-child->pid, SIGKILL);
	child_reap(child);
}

bool program_exists(const char *name)
{
	const char *path = getenv("PATH");
	bool found = strchr(name, '/') && !access(name, X_OK);

	while (!found && path && !strchr(name, '/')) {
		const char *end = strchrnul(path, ':');
		char *file = text_new("%.*s/%s", (int)(end - path), path, name);

		found = !access(file, X_OK);
		free(file);
		path = *end ? end + 1 : NULL;
	}
	return found;
}
