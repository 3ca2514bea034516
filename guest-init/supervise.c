/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Runs a child under one poll() loop: relays records and kernel log, reaps, keeps the deadline. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "steps.h"

#define KILL_WAIT_MS 5000
#define STALL_MS     10000 /* the host that takes no byte for so long will take no more */
#define DRAIN_MS     30000

static int signal_fd, kmsg_fd, records_fd;
static pid_t child;	/* 0: has ended */
static int wait_status; /* then its, from waitpid() */

static long long now_ms(void)
{
	return clock_us(CLOCK_MONOTONIC) / 1000;
}

/* What stays open from the first child to the last. */
static void watches_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	/* From boot on: what the kernel said before us matters as well. */
	kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* Become the program, in a session of its own. Returns only if that fails, -errno. */
static int child_exec(char *const *args, const char *terminal, int records)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	close(STDIN_FILENO);
	/* The first terminal that a session's leader opens becomes the session's. */
	if (open(terminal ? terminal : "/dev/null", O_RDWR) || fcntl(records, F_SETFD, 0))
		return -errno;
	execvp(*args, args);
	return -errno;
}

/* Returns 0, or -errno when there is no child. */
static int child_start(char *const *args, const char *terminal)
{
	int records[2], result[2], err = 0;
	char number[16];

	if (pipe2(records, O_CLOEXEC) || pipe2(result, O_CLOEXEC))
		return -errno;
	fcntl(records[0], F_SETFL, O_NONBLOCK);
	snprintf(number, sizeof(number), "%d", records[1]);
	setenv("BPFCHECK_RECORDS_FD", number, 1);
	child = fork();
	if (!child) {
		err = child_exec(args, terminal, records[1]);
		_exit(write(result[1], &err, sizeof(err)) < 0);
	}
	close(records[1]);
	close(result[1]);
	records_fd = records[0];
	/* Closed by exec, unless it fails. */
	if (child > 0 && read(result[0], &err, sizeof(err)) <= 0)
		err = 0;
	close(result[0]);
	if (child < 0)
		err = -EAGAIN;
	child = child < 0 ? 0 : child;
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
	/* A virtio port hangs up while the host's end is not connected. */
	if (fds[3].revents & POLLHUP)
		usleep(1000);
	channel_send(channel);
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
	int err;

	if (!signal_fd)
		watches_open();
	err = child_start(args, terminal);
	while (child && !channel->err && (!seconds || now_ms() < end))
		step(channel, seconds ? (int)(end - now_ms()) : -1);
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
