// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Waits for descriptors, deadlines and signals. */
#include "host/machine/loop.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"

static void signal_take(void *context, short events)
{
	struct loop *loop = context;
	struct signalfd_siginfo info;

	(void)events;
	if (read(loop->signals, &info, sizeof(info)) == sizeof(info) && !loop->signal)
		loop->signal = (int)info.ssi_signo;
}

int loop_open(struct loop *loop)
{
	sigset_t set;

	*loop = (struct loop){ 0 };
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* A reader that has gone is an error of write(). */
	signal(SIGPIPE, SIG_IGN);
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (loop->signals < 0)
		return -errno;
	loop_add(loop, loop->signals, POLLIN, signal_take, loop);
	return 0;
}

void loop_close(struct loop *loop)
{
	close(loop->signals);
	loop->count = 0;
}

void loop_add(struct loop *loop, int fd, short events, void (*ready)(void *context, short events),
	      void *context)
{
	if (loop->count < LOOP_SOURCES)
		loop->sources[loop->count++] = (struct loop_source){ fd, events, ready, context };
}

static struct loop_source *source_of(struct loop *loop, int fd)
{
	for (size_t i = 0; i < loop->count; i++)
		if (loop->sources[i].fd == fd)
			return &loop->sources[i];
	return NULL;
}

void loop_change(struct loop *loop, int fd, short events)
{
	struct loop_source *source = source_of(loop, fd);

	if (source)
		source->events = events;
}

void loop_remove(struct loop *loop, int fd)
{
	struct loop_source *source = source_of(loop, fd);

	if (source)
		*source = loop->sources[--loop->count];
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

int loop_wait(struct loop *loop, long long until)
{
	struct pollfd fds[LOOP_SOURCES];
	size_t count = loop->count;

	if (loop->signal)
		return -EINTR;
	for (size_t i = 0; i < count; i++)
		fds[i] = (struct pollfd){ loop->sources[i].events ? loop->sources[i].fd : -1,
					  loop->sources[i].events, 0 };
	if (poll(fds, count, timeout_until(until)) < 0 && errno != EINTR)
		return -errno;
	for (size_t i = 0; i < count; i++) {
		/* One that was called before may have removed it. */
		struct loop_source *source = fds[i].revents ? source_of(loop, fds[i].fd) : NULL;

		if (source)
			source->ready(source->context, fds[i].revents);
	}
	return loop->signal ? -EINTR : 0;
}

int loop_run(struct loop *loop, const bool *done, long long until)
{
	while (!*done) {
		int err = loop_wait(loop, until);

		if (err)
			return err;
		if (!*done && loop_now() >= until)
			return -ETIME;
	}
	return 0;
}
