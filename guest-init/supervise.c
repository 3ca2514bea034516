/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Runs a child under one poll() loop: relays records and kernel log, reaps, keeps the deadline. */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/param.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "channel.h"
#include "settings.h"
#include "streams.h"
#include "supervise.h"

#define KILL_WAIT_US 5000000
#define DRAIN_US     30000000
#define OWN_FDS	     4

static int signal_fd, kmsg_fd, records_fd = -1;
static int prepared_fd = -1; /* to a runner that waits for its arguments */
static pid_t child;	     /* 0: none, or it has ended with: */
static int wait_status;

int supervise_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* It begins with the boot: warnings from before init count, too. */
	kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg_fd < 0)
		failure_note("kmsg", "/dev/kmsg", -errno);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	return signal_fd < 0 ? -errno : 0;
}

/* The device behind /dev/console, which cannot control a session, is the last of a list. */
static const char *terminal_find(void)
{
	static char path[64];
	char active[48] = " ";

	file_read("/sys/class/tty/console/active", active + 1, sizeof(active) - 1);
	*strchrnul(active, '\n') = '\0';
	snprintf(path, sizeof(path), "/dev/%s", strrchr(active, ' ') + 1);
	return path;
}

/* In a session of its own, with no signals blocked. Unless `input` is -1, it becomes the stdin. */
static int child_start(const struct payload *payload, int input)
{
	static const sigset_t none;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int pipe[2] = { -1, -1 }, ends[] = { input, -1, -1, -1 }, err;

	/* A command has no use for records, and could spoil them. */
	if (payload->streams)
		err = streams_pipe(ends) ?: unsetenv("BPFCHECK_RECORDS_FD");
	else
		err = pipe2(pipe, O_CLOEXEC) ? -errno : setenv("BPFCHECK_RECORDS_FD", "3", 1);
	if (err)
		return err;
	records_fd = pipe[0];
	ends[3] = pipe[1];
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&actions);
	/* The first terminal that a session's leader opens becomes the session's. */
	posix_spawn_file_actions_addopen(&actions, 0,
					 payload->terminal ? terminal_find() : "/dev/null", O_RDWR,
					 0);
	for (int i = 0; i < 4; i++)
		if (ends[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, ends[i], i);
	posix_spawn_file_actions_addchdir_np(&actions, payload->folder ?: "/");
	err = -posix_spawnp(&child, *payload->args, &actions, &attributes, payload->args, environ);
	posix_spawn_file_actions_destroy(&actions);
	for (int i = 0; i < 4; i++)
		fd_close(&ends[i]);
	return err;
}

static void child_drop(void)
{
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		child = 0;
	}
	fd_close(&records_fd);
	fd_close(&prepared_fd);
}

void supervise_prepare(void)
{
	static char *const args[] = { RUNNER, "prepare", NULL };
	int ends[2];
	char ready;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return;
	prepared_fd = ends[0];
	child_start(&(struct payload){ .args = args }, ends[1]);
	/* Peek: until the runner's own byte is read, it holds something; see prepare.c. */
	if (recv(prepared_fd, &ready, 1, MSG_PEEK) != 1) {
		say("the test runner could not prepare itself");
		child_drop();
	}
}

/* Send the waiting runner its arguments. Returns false if there is none, or it has died. */
static bool prepared_use(char *const *args)
{
	static char text[SETTINGS_SIZE]; /* which the arguments came from */
	char *end = text;

	if (prepared_fd < 0 || strcmp(*args, RUNNER) != 0)
		return false;
	while (*++args)
		end = stpcpy(end, *args) + 1;
	return write(prepared_fd, text, end - text) == end - text &&
	       !shutdown(prepared_fd, SHUT_WR);
}

/* Returns true when no children are left. */
static bool reap(void)
{
	pid_t pid;

	for (int status; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
		if (pid == child) {
			child = 0;
			wait_status = status;
		}
	}
	return pid < 0;
}

static void kmsg_take(void)
{
	char line[KMSG_LINE_MAX + 1];

	while (channel.records.size - channel.records.len > RELAY_GROWTH + 2 * KLOG_GROWTH) {
		ssize_t len = read(kmsg_fd, line, sizeof(line) - 1);

		/* The kernel writes faster than init reads. */
		if (len < 0 && errno == EPIPE)
			len = sprintf(line, "4,0,0,-;bpfcheck: kernel log overran, lines are lost");
		if (len < 0)
			break;
		line[len] = '\0';
		record_klog(&channel.records, line);
	}
	report_taint();
}

static void records_take(void)
{
	static char chunk[PIPE_CHUNK];
	ssize_t len = read(records_fd, chunk, sizeof(chunk));

	if (len > 0)
		relay_feed(&channel.relay, &channel.records, chunk, len);
	else
		fd_close(&records_fd);
}

/*
 * Wait until `end` for something to do, and do it. While records wait to be sent nothing is read:
 * memory stays bounded, and the payload waits at its pipe. Returns as poll() does.
 */
static int step(long long end)
{
	bool busy = channel.records.len;
	struct pollfd fds[OWN_FDS + STREAMS] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = busy ? -1 : kmsg_fd, .events = POLLIN },
		{ .fd = busy ? -1 : records_fd, .events = POLLIN },
		{ .fd = busy ? channel.fd : -1, .events = POLLOUT },
	};
	struct signalfd_siginfo info;
	long long left_ms = (end - clock_us()) / 1000;
	int ready;

	streams_poll(fds + OWN_FDS);
	ready = poll(fds, OWN_FDS + STREAMS, (int)MAX(0, MIN(left_ms, INT_MAX)));
	if (fds[0].revents && read(signal_fd, &info, sizeof(info)) > 0)
		reap();
	if (fds[1].revents)
		kmsg_take();
	if (fds[2].revents)
		records_take();
	streams_move(fds + OWN_FDS);
	channel_send();
	/* A virtio port hangs up, and is always ready, while the host's end is not connected. */
	if (fds[3].revents & POLLHUP)
		usleep(1000);
	return ready;
}

/* How it ended, or why it was not left to run on. */
static struct outcome outcome_find(void)
{
	if (streams_flooded())
		return outcome_failed("take its output", -EFBIG);
	if (!child && WIFEXITED(wait_status))
		return (struct outcome){ "exited", WEXITSTATUS(wait_status), -1, "" };
	if (!child)
		return (struct outcome){ "signaled", -1, WTERMSIG(wait_status), "" };
	if (channel.err)
		return outcome_failed("write records", channel.err);
	return (struct outcome){ "deadline", -1, -1, "" };
}

struct outcome supervise(const struct payload *payload)
{
	long long end = payload->seconds ? clock_us() + payload->seconds * 1000000 : LLONG_MAX;
	struct outcome outcome;
	int err = 0;

	if (payload->terminal || payload->fresh || !prepared_use(payload->args)) {
		child_drop();
		err = child_start(payload, -1);
	}
	while (!err && child && !channel.err && !streams_flooded() && clock_us() < end)
		step(end);
	outcome = err ? outcome_failed(*payload->args, err) : outcome_find();
	for (end = clock_us() + KILL_WAIT_US; !reap() && clock_us() < end; step(clock_us() + 20000))
		kill(-1, SIGKILL);
	if (!reap() && !*outcome.error)
		strcpy(outcome.error, "some processes could not be killed");
	end = clock_us() + DRAIN_US;
	while (streams_left() && clock_us() < end)
		step(end);
	streams_close();
	while (step(channel.records.len ? end : 0) > 0 && clock_us() < end)
		;
	fd_close(&records_fd);
	/* The rest has no newline. */
	channel.relay.dropped += channel.relay.len > 0;
	channel.relay.len = 0;
	report_taint();
	return outcome;
}
