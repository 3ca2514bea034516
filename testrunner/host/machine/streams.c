// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Copies a command's input and output. */
#include "host/machine/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/machine/loop.h"
#include "host/machine/message.h"

/* A pipe that is ready takes so many bytes without blocking (pipe(7)). */
#define PIPE_CHUNK 4096
#define FILE_CHUNK 262144

static const char *const names[] = { "stdout", "stderr" };

void streams_init(struct streams *streams, const char *end)
{
	struct stat st;

	*streams = (struct streams){ .port = -1, .end = end };
	streams->outputs[0].file = streams->outputs[1].file = -1;
	streams->has_input = fstat(STDIN_FILENO, &st) == 0 &&
			     (S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode));
}

static long long pending(const struct output *output)
{
	return output->gone ? 0 : output->size - output->copied;
}

static void output_give_up(struct output *output, bool problem)
{
	output->gone = true;
	loop_remove(output->to);
	if (problem)
		*output->problem = "what the command printed cannot be written";
}

static void output_ready(void *context, short events)
{
	static char bytes[FILE_CHUNK];
	struct output *output = context;
	size_t want = output->regular ? FILE_CHUNK : PIPE_CHUNK;
	ssize_t n = pread(output->file, bytes, want, output->copied);

	(void)events;
	n = n > 0 ? write(output->to, bytes, (size_t)n) : n;
	if (n > 0)
		output->copied += n;
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		output_give_up(output, errno != EPIPE);
	if (!output->gone && pending(output) == 0)
		loop_change(output->to, 0);
}

static void output_look(struct output *output)
{
	struct stat st;

	if (output->gone || fstat(output->file, &st))
		return;
	output->size = st.st_size;
	if (pending(output) > 0)
		loop_change(output->to, POLLOUT);
}

void streams_open(struct streams *streams, int folder)
{
	for (int i = 0; i < 2; i++) {
		struct output *output = &streams->outputs[i];
		struct stat st;

		*output = (struct output){ .to = STDOUT_FILENO + i };
		output->problem = &streams->problem;
		output->file =
			openat(folder, names[i], O_RDONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
		if (output->file < 0)
			die(EXIT_INFRA, "make a file for the command's output: %s",
			    strerror(errno));
		output->regular = fstat(output->to, &st) == 0 && S_ISREG(st.st_mode);
		loop_add(output->to, 0, output_ready, output);
	}
}

void streams_look(struct streams *streams)
{
	output_look(&streams->outputs[0]);
	output_look(&streams->outputs[1]);
}

void streams_finish(struct streams *streams)
{
	streams_look(streams);
	while (pending(&streams->outputs[0]) || pending(&streams->outputs[1]))
		loop_wait(LLONG_MAX);
}

/* Either there is something to send, or there is something to read. */
static void input_wait(struct streams *streams)
{
	bool full = streams->sent < streams->filled;

	loop_change(streams->port, full ? POLLOUT : 0);
	loop_change(STDIN_FILENO, full || streams->ended ? 0 : POLLIN);
}

static void input_read(void *context, short events)
{
	struct streams *streams = context;
	ssize_t n = read(STDIN_FILENO, streams->buffer, sizeof(streams->buffer));

	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		streams->problem = "standard input cannot be read";
	streams->ended = n <= 0;
	streams->sent = 0;
	streams->filled = n > 0 ? (size_t)n : strlen(streams->end);
	if (n <= 0)
		memcpy(streams->buffer, streams->end, streams->filled);
	input_wait(streams);
}

static void input_send(void *context, short events)
{
	struct streams *streams = context;
	ssize_t n = send(streams->port, streams->buffer + streams->sent,
			 streams->filled - streams->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

	(void)events;
	if (n > 0)
		streams->sent += (size_t)n;
	else if (errno != EAGAIN && errno != EINTR)
		streams_unfeed(streams);
	if (streams->port >= 0)
		input_wait(streams);
}

void streams_feed(struct streams *streams, int port)
{
	if (!streams->has_input || streams->port >= 0)
		return;
	streams->port = port;
	loop_add(port, 0, input_send, streams);
	loop_add(STDIN_FILENO, 0, input_read, streams);
	input_wait(streams);
}

void streams_unfeed(struct streams *streams)
{
	if (streams->port < 0)
		return;
	loop_remove(streams->port);
	loop_remove(STDIN_FILENO);
	streams->port = -1;
}

void streams_close(struct streams *streams)
{
	streams_unfeed(streams);
	for (int i = 0; i < 2; i++) {
		if (streams->outputs[i].file < 0)
			continue;
		loop_remove(streams->outputs[i].to);
		close(streams->outputs[i].file);
		streams->outputs[i].file = -1;
	}
}
