/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Runs a child under one poll() loop: relays records and kernel log, reaps, keeps the deadline. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"

#define KILL_WAIT_MS 5000
#define STALL_MS     10000 /* the host that takes no byte for so long will take no more */
#define DRAIN_MS     30000

static int signal_fd = -1, kmsg_fd = -1, records_fd = -1;
static pid_t child;	/* 0: has ended */
static int wait_status; /* then its, from waitpid() */

static long long now_ms(void)
{
	return clock_us(CLOCK_MONOTONIC) / 1000;
}

int supervise_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	/* Read from boot on: what the kernel said before us matters as well. */
	kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg_fd < 0)
		failure_note("kmsg", "/dev/kmsg", -errno);
	return signal_fd < 0 ? -errno : 0;
}

/* In a session of its own, with no signals blocked. Returns 0, or -errno when there is no child. */
static int child_start(char *const *args, const char *terminal)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int fds[2], err;
	sigset_t none;

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&actions);
	/* The first terminal that a session's leader opens becomes the session's. */
	posix_spawn_file_actions_addopen(&actions, 0, terminal ? terminal : "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(&actions, fds[1], 3);
	setenv("BPFCHECK_RECORDS_FD", "3", 1);
	err = -posix_spawnp(&child, *args, &actions, &attributes, args, environ);
	child = err ? 0 : child;
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	records_fd = fds[0];
	return err;
}

/* Returns true when there are no children left. */
static bool reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != child)
			continue;
		child = 0;
		wait_status = status;
	}
	return pid < 0;
}

static void kmsg_take(struct records *records)
{
	char line[KMSG_LINE_MAX + 1];
	bool warned = false;

	while (records->size - records->len > RELAY_GROWTH + 2 * KLOG_GROWTH) {
		ssize_t len = read(kmsg_fd, line, sizeof(line) - 1);

		if (len < 0 && errno != EPIPE)
			break;
		line[len < 0 ? 0 : len] = '\0';
		/* EPIPE: the kernel wrote faster than we read. */
		if (len < 0)
			strcpy(line, "4,0,0,-;bpfcheck: kernel log overran, lines are lost");
		warned |= record_klog(records, line);
	}
	if (warned)
		report_taint(records);
}

static void records_take(struct channel *channel)
{
	static char chunk[PIPE_CHUNK];
	ssize_t len = read(records_fd, chunk, sizeof(chunk));

	if (len > 0) {
		relay_feed(&channel->relay, &channel->records, chunk, len);
	} else if (!len) {
		close(records_fd);
		records_fd = -1;
	}
}

/*
 * Wait for something to do, and do it. While the channel is busy nothing is taken in: memory is
 * bounded, the payload waits at its pipe. Returns as poll() does.
 */
static int step(struct channel *channel, int timeout_ms)
{
	bool busy = channel_pending(channel);
	struct pollfd fds[] = {
		{ .fd = signal_fd, .events = POLLIN },
		{ .fd = busy ? -1 : kmsg_fd, .events = POLLIN },
		{ .fd = busy ? -1 : records_fd, .events = POLLIN },
		{ .fd = busy ? channel->fd : -1, .events = POLLOUT },
	};
	struct signalfd_siginfo info;
	int ready = poll(fds, sizeof(fds) / sizeof(fds[0]), timeout_ms);

	if (fds[0].revents && read(signal_fd, &info, sizeof(info)) > 0)
		reap();
	if (fds[1].revents)
		kmsg_take(&channel->records);
	if (fds[2].revents)
		records_take(channel);
	channel_send(channel);
	/* A virtio port hangs up, and is always ready, while the host's end is not connected. */
	if (fds[3].revents & POLLHUP)
		usleep(1000);
	return ready;
}

/* Leave no process, nothing unsaid. */
static void finish(struct channel *channel, struct outcome *outcome)
{
	long long end = now_ms() + KILL_WAIT_MS;

	while (!reap() && now_ms() < end) {
		kill(-1, SIGKILL);
		step(channel, 20);
	}
	if (!reap() && !*outcome->error)
		strcpy(outcome->error, "some processes could not be killed");
	end = now_ms() + DRAIN_MS;
	while (step(channel, channel_pending(channel) ? STALL_MS : 0) > 0 && now_ms() < end)
		;
	close(records_fd);
	records_fd = -1;
	/* A line without an end. */
	if (channel->relay.len)
		channel->relay.dropped++;
	channel->relay.len = 0;
	report_taint(&channel->records);
}

void supervise(struct channel *channel, char *const *args, const char *terminal, long long seconds,
	       struct outcome *outcome)
{
	long long end = now_ms() + seconds * 1000;
	long long left = seconds ? seconds * 1000 : -1;
	int err = child_start(args, terminal);

	while (child && !channel->err && (!seconds || left > 0)) {
		step(channel, (int)left);
		left = seconds ? end - now_ms() : -1;
	}
	*outcome = (struct outcome){ .reason = "deadline", .status = -1, .signal = -1 };
	if (err) {
		outcome_fail(outcome, *args, err);
	} else if (!child && WIFEXITED(wait_status)) {
		outcome->reason = "exited";
		outcome->status = WEXITSTATUS(wait_status);
	} else if (!child) {
		outcome->reason = "signaled";
		outcome->signal = WTERMSIG(wait_status);
	} else if (channel->err) {
		outcome_fail(outcome, "write records", channel->err);
	}
	finish(channel, outcome);
}
