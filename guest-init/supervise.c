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
#include "report.h"
#include "settings.h"
#include "streams.h"
#include "supervise.h"

#define KILL_WAIT_US 5000000
#define DRAIN_US     30000000
#define OWN_FDS	     4 /* to be polled, besides those of streams */

static int signal_fd = -1, kmsg_fd = -1, records_fd = -1;
static int standby_fd = -1; /* to a runner that waits for its arguments */
static pid_t child;	    /* 0: has ended */
static int wait_status;	    /* then its, from waitpid() */

int supervise_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* Read from boot on: what the kernel said before us matters as well. */
	kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kmsg_fd < 0)
		failure_note("kmsg", "/dev/kmsg", -errno);
	signal_fd = signalfd(-1, &set, SFD_CLOEXEC);
	return signal_fd < 0 ? -errno : 0;
}

/* Ends that are -1 stay closed. */
static void ends_close(const int *ends, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

/*
 * In a session of its own, with no signals blocked; stdin is from its terminal, or a descriptor, or
 * neither (-1). Returns 0, or -errno when there is no child.
 */
static int child_start(const struct payload *payload, int input)
{
	static const sigset_t none;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int fds[2] = { -1, -1 }, streams[STREAMS] = { -1, -1, -1 }, err;

	/* A command has no use for records, and could spoil them. */
	if (payload->streams)
		err = streams_pipe(streams) ?: unsetenv("BPFCHECK_RECORDS_FD");
	else
		err = pipe2(fds, O_CLOEXEC) ? -errno : setenv("BPFCHECK_RECORDS_FD", "3", 1);
	if (err)
		return err;
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawn_file_actions_init(&actions);
	/* The first terminal that a session's leader opens becomes the session's. */
	if (input < 0)
		posix_spawn_file_actions_addopen(&actions, 0,
						 payload->terminal ? payload->terminal :
								     "/dev/null",
						 O_RDWR, 0);
	else
		posix_spawn_file_actions_adddup2(&actions, input, 0);
	for (int i = 0; i < STREAMS; i++)
		if (streams[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, streams[i], i);
	if (fds[1] >= 0)
		posix_spawn_file_actions_adddup2(&actions, fds[1], 3);
	posix_spawn_file_actions_addchdir_np(&actions, payload->folder ? payload->folder : "/");
	err = -posix_spawnp(&child, *payload->args, &actions, &attributes, payload->args, environ);
	posix_spawn_file_actions_destroy(&actions);
	ends_close(streams, STREAMS);
	ends_close(fds + 1, 1);
	records_fd = fds[0];
	return err;
}

static void child_drop(void)
{
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		close(records_fd);
		child = 0;
	}
	if (standby_fd >= 0)
		close(standby_fd);
	standby_fd = -1;
}

void supervise_standby(void)
{
	static char *const args[] = { RUNNER, "standby", NULL };
	static const struct payload payload = { .args = args };
	char ready;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds))
		return;
	standby_fd = fds[0];
	if (child_start(&payload, fds[1]))
		child = 0;
	close(fds[1]);
	/* What it says holds something, see standby.c. End of file: it has died. */
	if (recv(standby_fd, &ready, 1, MSG_PEEK) != 1) {
		say("the runner does not stand by");
		child_drop();
	}
}

/* Give the runner that waits its arguments. Returns false when there is none, or it has died. */
static bool standby_use(char *const *args)
{
	static char text[SETTINGS_SIZE]; /* which they came from */
	char *end = text;

	if (standby_fd < 0 || strcmp(*args, RUNNER) != 0)
		return false;
	while (*++args)
		end = stpcpy(end, *args) + 1;
	return write(standby_fd, text, end - text) == end - text && !shutdown(standby_fd, SHUT_WR);
}

/* Returns true when there are no children left. */
static bool reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
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

		/* The kernel wrote faster than we read. */
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

	if (len > 0) {
		relay_feed(&channel.relay, &channel.records, chunk, len);
	} else {
		close(records_fd);
		records_fd = -1;
	}
}

/*
 * Wait for something to do, until `end`, and do it. While the channel is busy nothing is taken in:
 * memory is bounded, the payload waits at its pipe. Returns as poll() does.
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
	ready = poll(fds, sizeof(fds) / sizeof(fds[0]), (int)MAX(0, MIN(left_ms, INT_MAX)));
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

struct outcome supervise(const struct payload *payload)
{
	struct outcome outcome = { .reason = "deadline", .status = -1, .signal = -1 };
	long long end = payload->seconds ? clock_us() + payload->seconds * 1000000 : LLONG_MAX;
	int err = 0;

	if (payload->terminal || payload->fresh || !standby_use(payload->args)) {
		child_drop();
		err = child_start(payload, -1);
	}
	while (!err && child && !channel.err && !streams_flooded() && clock_us() < end)
		step(end);
	if (err) {
		outcome = outcome_failed(*payload->args, err);
	} else if (streams_flooded()) {
		outcome = outcome_failed("take its output", -EFBIG);
	} else if (!child && WIFEXITED(wait_status)) {
		outcome.reason = "exited";
		outcome.status = WEXITSTATUS(wait_status);
	} else if (!child) {
		outcome.reason = "signaled";
		outcome.signal = WTERMSIG(wait_status);
	} else if (channel.err) {
		outcome = outcome_failed("write records", channel.err);
	}
	/* Leave no process, nothing unsaid. */
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
	ends_close(&records_fd, 1);
	records_fd = -1;
	/* A line without an end. */
	channel.relay.dropped += channel.relay.len > 0;
	channel.relay.len = 0;
	report_taint();
	return outcome;
}
