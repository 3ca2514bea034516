/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Copies between a command's pipes and the ports that lead to the host. */
#include <fcntl.h>
#include <sched.h>
#include <sys/param.h>
#include <sys/syscall.h>

#include "channel.h"
#include "report.h"
#include "streams.h"

#define OUTPUT_MAX (1LL << 30) /* of each: a command may not fill the host's disk */

/* A command cannot have the ports themselves: each opens only once, and /dev/stdout opens it again. */
static struct stream {
	int from, to; /* never block; -1: at its end */
	size_t len;
	long long moved;
	char *data;
} streams[STREAMS] = { [0 ... STREAMS - 1] = { .from = -1, .to = -1 } };
static char buffers[STREAMS][PIPE_CHUNK];
static const char *input_mark; /* ends the input: a port has no end of file of its own */

int streams_open(const char *mark)
{
	input_mark = mark;
	if (mark)
		streams[0].from = port_open("org.bpfcheck.stdin", O_RDONLY | O_NONBLOCK);
	streams[1].to = port_open("org.bpfcheck.stdout", O_WRONLY | O_NONBLOCK);
	streams[2].to = port_open("org.bpfcheck.stderr", O_WRONLY | O_NONBLOCK);
	return streams[1].to < 0 || streams[2].to < 0 || (mark && streams[0].from < 0) ? -ENODEV :
											 0;
}

int streams_pipe(int ends[STREAMS])
{
	struct sched_param priority = { .sched_priority = 1 };

	for (int i = input_mark ? 0 : 1; i < STREAMS; i++) {
		int fds[2], ours = i ? 0 : 1;

		if (pipe2(fds, O_CLOEXEC))
			return -errno;
		fcntl(fds[ours], F_SETFL, O_NONBLOCK);
		*(i ? &streams[i].from : &streams[i].to) = fds[ours];
		streams[i].data = buffers[i];
		ends[i] = fds[!ours];
	}
	/* Output reaches the host before write() returns, so the last words before a crash are kept. */
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

/* How many bytes can be written: of the input, not a mark or its beginning. */
static size_t ready(const struct stream *stream)
{
	if (stream != streams || !stream->len)
		return stream->len;
	return stream->len - streams_held(stream->data, stream->len, input_mark);
}

void streams_poll(struct pollfd fds[STREAMS])
{
	for (int i = 0; i < STREAMS; i++) {
		bool writes = ready(&streams[i]);

		fds[i].fd = writes ? streams[i].to : streams[i].from;
		fds[i].events = writes ? POLLOUT : POLLIN;
	}
}

static void stream_close(struct stream *stream)
{
	fd_close(&stream->from);
	/* To close a port waits until the host has answered a message sent after the data. */
	fd_close(&stream->to);
	stream->len = 0;
}

static void stream_read(struct stream *stream)
{
	ssize_t len = read(stream->from, stream->data + stream->len, PIPE_CHUNK - stream->len);

	stream->len += MAX(len, 0);
	/* A port is at end of file also while the host's end is not connected. */
	if (!len && stream == streams)
		usleep(1000);
	else if (!len || (len < 0 && errno != EAGAIN))
		fd_close(&stream->from);
}

static void stream_write(struct stream *stream)
{
	ssize_t len = write(stream->to, stream->data, ready(stream));

	if (len > 0) {
		stream->moved += len;
		stream->len -= len;
		memmove(stream->data, stream->data + len, stream->len);
	} else if (len < 0 && errno != EAGAIN) {
		stream_close(stream); /* A command that wants no more input. */
	}
}

void streams_move(const struct pollfd fds[STREAMS])
{
	for (int i = 0; i < STREAMS; i++) {
		if (fds[i].revents && fds[i].events == POLLIN)
			stream_read(&streams[i]);
		if (fds[i].revents && ready(&streams[i]))
			stream_write(&streams[i]);
	}
	if (input_mark && streams[0].len == strlen(input_mark) && !ready(streams))
		stream_close(streams);
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
	for (int i = 0; i < STREAMS; i++)
		stream_close(&streams[i]);
}

void streams_report(void)
{
	record_write(&channel.records, "init",
		     "\"type\":\"output\",\"stdout\":%lld,\"stderr\":%lld", streams[1].moved,
		     streams[2].moved);
}
