/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A command's stdin, stdout and stderr, each with a port to the host, and pipes in between. */
#include <fcntl.h>
#include <sched.h>
#include <sys/param.h>
#include <sys/syscall.h>

#include "channel.h"
#include "report.h"
#include "streams.h"

#define OUTPUT_MAX (1LL << 30) /* of each: what it may fill of the host's disk */

/*
 * Not the ports themselves: they can be opened only once, and /dev/stdout opens what it stands for
 * again.
 */
static struct stream {
	int from, to; /* never block; -1: at its end */
	size_t len;
	long long moved;
	char *data;
} streams[STREAMS] = { { .from = -1, .to = -1 },
		       { .from = -1, .to = -1 },
		       { .from = -1, .to = -1 } };
static char buffers[STREAMS][PIPE_CHUNK];
static const char *input_mark; /* what ends the input: that of a port has no end of its own */

int streams_open(const char *mark)
{
	input_mark = mark;
	streams[1].to = port_open("org.bpfcheck.stdout", O_WRONLY | O_NONBLOCK);
	streams[2].to = port_open("org.bpfcheck.stderr", O_WRONLY | O_NONBLOCK);
	if (mark)
		streams[0].from = port_open("org.bpfcheck.stdin", O_RDONLY | O_NONBLOCK);
	return streams[1].to < 0 || streams[2].to < 0 || (mark && streams[0].from < 0) ? -ENODEV :
											 0;
}

int streams_pipe(int ends[STREAMS])
{
	struct sched_param priority = { .sched_priority = 1 };
	int fds[2];

	for (int i = input_mark ? 0 : 1; i < STREAMS; i++) {
		int ours = i ? 0 : 1;

		if (pipe2(fds, O_CLOEXEC))
			return -errno;
		fcntl(fds[ours], F_SETFL, O_NONBLOCK);
		*(i ? &streams[i].from : &streams[i].to) = fds[ours];
		streams[i].data = buffers[i];
		ends[i] = fds[!ours];
	}
	/*
	 * What a command has written is on its way to the host before it goes on, be that to kill the
	 * kernel. (musl has no sched_setscheduler().)
	 */
	syscall(SYS_sched_setscheduler, 0, SCHED_FIFO | SCHED_RESET_ON_FORK, &priority);
	return 0;
}

size_t streams_held(const char *data, size_t len, const char *mark)
{
	size_t held = MIN(len, strlen(mark));

	while (held && memcmp(data + len - held, mark, held) != 0)
		held--;
	return held;
}

/* Of what is there, what may be written. */
static size_t ready(const struct stream *stream)
{
	return stream->len -
	       (stream == streams ? streams_held(stream->data, stream->len, input_mark) : 0);
}

void streams_poll(struct pollfd fds[STREAMS])
{
	for (int i = 0; i < STREAMS; i++) {
		struct stream *stream = &streams[i];
		bool writes = stream->len && ready(stream);

		fds[i] = (struct pollfd){ .fd = writes ? stream->to : stream->from,
					  .events = writes ? POLLOUT : POLLIN };
	}
}

static void end_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void stream_read(struct stream *stream)
{
	ssize_t len = read(stream->from, stream->data + stream->len, PIPE_CHUNK - stream->len);

	stream->len += MAX(len, 0);
	/* A port without a host's end is at its end as well, for a moment. */
	if (!len && stream == streams)
		usleep(1000);
	else if (len <= 0 && (!len || errno != EAGAIN))
		end_close(&stream->from);
}

static void stream_write(struct stream *stream)
{
	ssize_t len = write(stream->to, stream->data, ready(stream));

	if (len > 0) {
		stream->moved += len;
		stream->len -= len;
		memmove(stream->data, stream->data + len, stream->len);
	} else if (len < 0 && errno != EAGAIN) {
		/* A command that wants no more input. */
		end_close(&stream->to);
		end_close(&stream->from);
		stream->len = 0;
	}
}

void streams_move(const struct pollfd fds[STREAMS])
{
	for (int i = 0; i < STREAMS; i++) {
		struct stream *stream = &streams[i];

		if (!fds[i].revents)
			continue;
		if (fds[i].events == POLLIN)
			stream_read(stream);
		if (stream->len && ready(stream))
			stream_write(stream);
	}
	if (input_mark && streams[0].len == strlen(input_mark) && !ready(streams)) {
		end_close(&streams[0].from);
		end_close(&streams[0].to);
		streams[0].len = 0;
	}
}

bool streams_left(void)
{
	return streams[1].from >= 0 || streams[1].len || streams[2].from >= 0 || streams[2].len;
}

bool streams_flooded(void)
{
	return MAX(streams[1].moved, streams[2].moved) > OUTPUT_MAX;
}

void streams_close(void)
{
	for (int i = 0; i < STREAMS; i++) {
		end_close(&streams[i].from);
		/* A port: the host answers a message sent after the data. */
		end_close(&streams[i].to);
		streams[i].len = 0;
	}
}

long long streams_said(int i)
{
	return streams[i].moved;
}
