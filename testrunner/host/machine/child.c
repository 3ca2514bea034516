// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Starts programs, waits for them in the poll loop, and ends them all when we end. */
#include "host/machine/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/machine/loop.h"
#include "host/machine/message.h"

#define NOBODY	   65534
#define END_MS	   15000
#define OUTPUT_MAX (256 * 1024 * 1024)

static struct child *running;

static void end_all(void)
{
	while (running)
		child_end(running, running->end_signal);
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
	/* Some containers lack the user nobody; the child then stays root. */
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
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		_exit(126);
	}
	if (opened > 0)
		dup2(opened, fd);
}

static _Noreturn void become(const struct child_setup *setup, int end_signal, pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, end_signal);
	if (getppid() != parent)
		_exit(126);
	if (setup->session)
		setsid();
	open_as(0, setup->in || setup->fd_in ? setup->in : "/dev/null", setup->fd_in);
	open_as(1, setup->out, setup->fd);
	open_as(2, setup->err, setup->fd_err ? setup->fd_err : setup->fd);
	for (const int *fd = setup->keep; fd && *fd >= 0; fd++)
		fcntl(*fd, F_SETFD, 0);
	limit(RLIMIT_FSIZE, setup->file_bytes, setup->may_raise);
	limit(RLIMIT_AS, setup->memory_bytes, false);
	/* No core file of a child that oversteps its limit. */
	if (setup->file_bytes || setup->no_core)
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	if (setup->nobody)
		become_nobody();
	/* Changing user ids has cleared it. */
	prctl(PR_SET_PDEATHSIG, end_signal);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (!setup->folder || !chdir(setup->folder))
		execvp(setup->argv[0], (char *const *)setup->argv);
	fprintf(stderr, "%s: %s\n", setup->argv[0], strerror(errno));
	_exit(127);
}

static void reap(struct child *child)
{
	siginfo_t info = { 0 };
	struct child **at = &running;

	/* Until it is reaped, its id is nobody else's. */
	if (child->session)
		kill(-child->pid, SIGKILL);
	while (waitid(P_PID, (id_t)child->pid, &info, WEXITED) < 0 && errno == EINTR)
		;
	child->status = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
	child->ended = true;
	loop_remove(child->pidfd);
	close(child->pidfd);
	child->pidfd = -1;
	while (*at != child)
		at = &(*at)->next;
	*at = child->next;
}

static void pidfd_ready(void *context, short events)
{
	(void)events;
	reap(context);
}

void child_start(struct child *child, const struct child_setup *setup)
{
	static bool registered;
	pid_t parent = getpid();

	if (!registered)
		atexit(end_all);
	registered = true;
	*child = (struct child){ .session = setup->session,
				 .end_signal = setup->end_signal ? setup->end_signal : SIGTERM };
	fflush(NULL);
	child->pid = fork();
	if (!child->pid)
		become(setup, child->end_signal, parent);
	child->pidfd = child->pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0)
		die(EXIT_INFRA, "start %s: %s", setup->argv[0], strerror(errno));
	fcntl(child->pidfd, F_SETFD, FD_CLOEXEC);
	child->next = running;
	running = child;
	loop_add(child->pidfd, POLLIN, pidfd_ready, child);
}

int child_wait(struct child *child)
{
	loop_run(&child->ended, LLONG_MAX);
	return child->status;
}

static bool readable_bytes(int fd)
{
	int bytes = 0;

	return !ioctl(fd, FIONREAD, &bytes) && bytes;
}

int child_wait_reading(struct child *child, int fd, void (*readable)(void *context), void *context)
{
	for (;;) {
		if (!loop_readable(fd, 100)) {
			/* A process that the child left behind may have the other end, and is not waited for. */
			if (child->ended)
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

int child_capture(const char *const *argv, int errors, char **output, size_t *len)
{
	int fd = memfd_create("output", MFD_CLOEXEC), status;
	off_t size;
	ssize_t n;

	if (fd < 0)
		die(EXIT_INFRA, "memfd_create: %s", strerror(errno));
	status = child_run(&(struct child_setup){ .argv = argv,
						  .fd = fd,
						  .err = errors ? NULL : "/dev/null",
						  .fd_err = errors == 1 ? fd : STDERR_FILENO });
	size = lseek(fd, 0, SEEK_END);
	*output = size < 0 || size > OUTPUT_MAX ? NULL : malloc((size_t)size + 1);
	if (!*output)
		die(EXIT_INFRA, "read what %s printed: %s", argv[0], strerror(ENOMEM));
	n = pread(fd, *output, (size_t)size, 0);
	(*output)[n > 0 ? n : 0] = '\0';
	if (len)
		*len = n > 0 ? (size_t)n : 0;
	close(fd);
	return status;
}

bool child_ended(struct child *child)
{
	struct pollfd fd = { .fd = child->pidfd, .events = POLLIN };

	if (!child->ended && poll(&fd, 1, 0) > 0)
		reap(child);
	return child->ended;
}

void child_end(struct child *child, int signal)
{
	struct pollfd fd = { .fd = child->pidfd, .events = POLLIN };

	if (!child->pid || child->ended)
		return;
	syscall(SYS_pidfd_send_signal, child->pidfd, signal, NULL, 0);
	while (poll(&fd, 1, END_MS) < 0)
		;
	if (!fd.revents)
		syscall(SYS_pidfd_send_signal, child->pidfd, SIGKILL, NULL, 0);
	reap(child);
}

char *program_find(const char *name)
{
	const char *folders = getenv("PATH");

	if (strchr(name, '/'))
		return access(name, X_OK) ? NULL : realpath(name, NULL);
	while (folders && *folders) {
		int len = (int)strcspn(folders, ":");
		char *path = text_new("%.*s/%s", len, folders, name);

		if (len && !access(path, X_OK))
			return path;
		free(path);
		folders += len + (folders[len] == ':');
	}
	return NULL;
}

char *program_need(const char *name, const char *package)
{
	char *path = program_find(name);

	if (!path)
		die(EXIT_INFRA, "%s is not installed; 'make setup' or 'apt-get install %s'", name,
		    package);
	return path;
}
