// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Waits for descriptors, deadlines and signals. */
#include "host/machine/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/machine/message.h"

struct source {
	int fd;
	short events;
	void (*ready)(void *context, short events);
	void *context;
};

static struct source *sources;
static size_t count;

static void signal_take(void *context, short events)
{
	const int *signals = context;
	struct signalfd_siginfo info;

	(void)events;
	if (read(*signals, &info, sizeof(info)) == sizeof(info))
		exit(128 + (int)info.ssi_signo);
}

void loop_open(void)
{
	static int signals = -1;
	sigset_t set;

	if (signals >= 0)
		return;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* A reader that has gone is an error of write(). */
	signal(SIGPIPE, SIG_IGN);
	signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		die(EXIT_INFRA, "signalfd: %s", strerror(errno));
	loop_add(signals, POLLIN, signal_take, &signals);
}

void loop_add(int fd, short events, void (*ready)(void *context, short events), void *context)
{
	struct source *more = reallocarray(sources, count + 1, sizeof(*more));

	if (!more)
		die(EXIT_INFRA, "out of memory");
	sources = more;
	sources[count++] = (struct source){ fd, events, ready, context };
}

static struct source *source_of(int fd)
{
	for (size_t i = 0; i < count; i++)
		if (sources[i].fd == fd)
			return &sources[i];
	return NULL;
}

void loop_change(int fd, short events)
{
	struct source *source = source_of(fd);

	if (source)
		source->events = events;
}

void loop_remove(int fd)
{
	struct source *source = source_of(fd);

	if (source)
		*source = sources[--count];
}

long long loop_now(void)
{
	return (long long)clock_ms();
}

static int timeout_until(long long until)
{
	long long left = until == LLONG_MAX ? -1 : until - loop_now();

	if (until != LLONG_MAX && left < 0)
		left = 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

void loop_wait(long long until)
{
	size_t polled = count;
	struct pollfd fds[polled];

	for (size_t i = 0; i < polled; i++)
		fds[i] = (struct pollfd){ sources[i].events ? sources[i].fd : -1, sources[i].events,
					  0 };
	if (poll(fds, polled, timeout_until(until)) < 0 && errno != EINTR)
		die(EXIT_INFRA, "poll: %s", strerror(errno));
	for (size_t i = 0; i < polled; i++) {
		/* One that was called before may have removed it. */
		struct source *source = fds[i].revents ? source_of(fds[i].fd) : NULL;

		if (source)
			source->ready(source->context, fds[i].revents);
	}
}

bool loop_run(const bool *done, long long until)
{
	while (!*done && loop_now() < until)
		loop_wait(until);
	return *done;
}

static void mark(void *context, short events)
{
	(void)events;
	*(bool *)context = true;
}

bool loop_readable(int fd, int ms)
{
	bool ready = false;

	if (fd >= 0)
		loop_add(fd, POLLIN, mark, &ready);
	loop_run(&ready, loop_now() + ms);
	loop_remove(fd);
	return ready;
}
