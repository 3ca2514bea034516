/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One poll() loop: relays records and kernel log, reaps, keeps the deadline. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "supervise.h"

#define CHUNK	     (64 * 1024)	   /* a full pipe */
#define KMSG_GROWTH  (6 * KMSG_LINE_MAX + 512) /* of records, by one line */
#define KILL_WAIT_MS 5000
#define STALL_MS     10000 /* without a byte taken by the host: it will take no more */
#define DRAIN_MS     30000

static const int watched_signals[] = { SIGCHLD, SIGINT, SIGTERM, SIGPWR, SIGUSR1, SIGUSR2 };

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

int supervisor_open(struct supervisor *supervisor, struct channel *channel)
{
	static char line[RECORD_LINE_MAX];
	sigset_t set;

	*supervisor = (struct supervisor){ .channel = channel, .relay.line = line, .records_fd = -1 };
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(watched_signals) / sizeof(watched_signals[0]); i++)
		sigaddset(&set, watched_signals[i]);
	/* Blocked signals reach even PID 1, which has no default actions. */
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	supervisor->kmsg_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (supervisor->kmsg_fd < 0)
		failure_note("kmsg", "/dev/kmsg", -errno);
	supervisor->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return supervisor->signal_fd < 0 ? -errno : 0;
}

/* Returns true when there are no children left. */
static bool reap(struct supervisor *supervisor)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid != supervisor->child)
			continue;
		supervisor->child = 0;
		supervisor->status = status;
	}
	return pid < 0;
}

static void signals_take(struct supervisor *supervisor)
{
	struct signalfd_siginfo info;

	while (read(supervisor->signal_fd, &info, sizeof(info)) == sizeof(info)) {
		/* Ctrl-C comes from the terminal; a process may not play the user. */
		if (info.ssi_signo != SIGCHLD && (info.ssi_signo != SIGINT || info.ssi_code == SI_KERNEL))
			supervisor->stop_signal = info.ssi_signo;
	}
	reap(supervisor);
}

static void kmsg_take(struct supervisor *supervisor)
{
	struct records *records = &supervisor->channel->records;
	bool warned = false;

	while (channel_room(supervisor->channel) >= RELAY_GROWTH(CHUNK) + KMSG_GROWTH) {
		char line[KMSG_LINE_MAX + 1];
		ssize_t len = read(supervisor->kmsg_fd, line, sizeof(line) - 1);
		struct kmsg kmsg = { .level = KMSG_WARNING, .text = "bpfcheck: kernel log overran, lines are lost" };

		if (len <= 0 && errno != EPIPE)
			break;
		line[len > 0 ? len : 0] = '\0';
		if (len > 0 && (kmsg_parse(line, &kmsg) || kmsg.user_space || kmsg.level > KMSG_WARNING))
			continue;
		report_klog(records, &kmsg);
		warned = true;
	}
	if (warned)
		report_taint(records);
}

static void records_take(struct supervisor *supervisor)
{
	static char chunk[CHUNK];
	ssize_t len = read(supervisor->records_fd, chunk, sizeof(chunk));

	if (len > 0) {
		relay_feed(&supervisor->relay, &supervisor->channel->records, chunk, len);
	} else if (len == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(supervisor->records_fd);
		supervisor->records_fd = -1;
	}
}

/*
 * Wait for something to do and do it. While the channel is busy nothing more is taken in: so what is kept in memory is
 * bounded, and the payload waits at its pipe. Returns as poll() does.
 */
static int supervisor_step(struct supervisor *supervisor, int timeout_ms)
{
	enum { SIGNALS, KMSG, RECORDS, CHANNEL, COUNT };
	bool busy = channel_pending(supervisor->channel);
	struct pollfd fds[COUNT] = {
		[SIGNALS] = { .fd = supervisor->signal_fd, .events = POLLIN },
		[KMSG] = { .fd = busy ? -1 : supervisor->kmsg_fd, .events = POLLIN },
		[RECORDS] = { .fd = busy ? -1 : supervisor->records_fd, .events = POLLIN },
		[CHANNEL] = { .fd = busy ? supervisor->channel->fd : -1, .events = POLLOUT },
	};
	int ready = poll(fds, COUNT, timeout_ms);

	if (ready <= 0)
		return ready;
	if (fds[SIGNALS].revents)
		signals_take(supervisor);
	if (fds[KMSG].revents)
		kmsg_take(supervisor);
	if (fds[RECORDS].revents)
		records_take(supervisor);
	/* A virtio port hangs up while the host's side is not connected. */
	if (fds[CHANNEL].revents & POLLHUP)
		usleep(1000);
	channel_send(supervisor->channel);
	return ready;
}

static void kill_all(struct supervisor *supervisor, struct outcome *outcome)
{
	long long end = now_ms() + KILL_WAIT_MS;

	while (now_ms() < end) {
		kill(-1, SIGKILL);
		if (reap(supervisor))
			return;
		supervisor_step(supervisor, 20);
	}
	say("some processes cannot be killed");
	if (!outcome->error[0])
		snprintf(outcome->error, sizeof(outcome->error), "some processes could not be killed");
}

static void drain(struct supervisor *supervisor)
{
	long long end = now_ms() + DRAIN_MS;
	int ready = 1;

	while (ready > 0 && now_ms() < end)
		ready = supervisor_step(supervisor, channel_pending(supervisor->channel) ? STALL_MS : 0);
	if (supervisor->records_fd >= 0)
		close(supervisor->records_fd);
	supervisor->records_fd = -1;
	relay_finish(&supervisor->relay);
	report_taint(&supervisor->channel->records);
}

static void outcome_decide(const struct supervisor *supervisor, struct outcome *outcome)
{
	if (!supervisor->child && WIFEXITED(supervisor->status)) {
		outcome->reason = REASON_EXITED;
		outcome->value = WEXITSTATUS(supervisor->status);
	} else if (!supervisor->child) {
		outcome->reason = REASON_SIGNALED;
		outcome->value = WTERMSIG(supervisor->status);
	} else if (supervisor->stop_signal) {
		outcome->reason = REASON_FAILED;
		snprintf(outcome->error, sizeof(outcome->error), "stopped by signal: %s",
			 strsignal(supervisor->stop_signal));
	} else if (supervisor->channel->err) {
		outcome_fail(outcome, "write records", supervisor->channel->err);
	} else {
		outcome->reason = REASON_DEADLINE;
	}
}

void supervise(struct supervisor *supervisor, const struct job *job, struct outcome *outcome)
{
	long long end;
	int err;

	memset(outcome, 0, sizeof(*outcome));
	supervisor->stop_signal = 0;
	err = payload_start(job, &supervisor->child, &supervisor->records_fd);
	if (err) {
		outcome_fail(outcome, job->args[0], err);
		drain(supervisor);
		return;
	}
	end = now_ms() + job->deadline * 1000LL;
	while (supervisor->child && !supervisor->stop_signal && !supervisor->channel->err) {
		long long left = job->deadline ? end - now_ms() : -1;

		if (job->deadline && left <= 0)
			break;
		supervisor_step(supervisor, (int)left);
	}
	outcome_decide(supervisor, outcome);
	kill_all(supervisor, outcome);
	drain(supervisor);
}
