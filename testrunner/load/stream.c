// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * libbpf's ring buffer reader, and a perf buffer reader that restores the order of time across
 * CPUs.
 */
#include "load/stream.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define PERF_PAGES 64 /* a CPU's buffer, in pages */

/* Held back for the reader's order, at most. */
#define HELD_BYTES_MAX (64 * 1024 * 1024)

/* A record that waits for its turn. */
struct held {
	const char *map;
	uint64_t time;	 /* or the reader's order */
	uint64_t number; /* of arrival, so that equal times keep their CPU's order */
	size_t len;
	char *data;
};

/* One map. */
struct buffer {
	struct stream *stream;
	const char *map;
	struct perf_buffer *perf; /* NULL: one of the stream's rings */
};

struct stream {
	struct stream_reader reader;
	struct ring_buffer *rings; /* NULL: none */
	struct buffer **buffers;   /* pointers: the callbacks keep them */
	size_t buffer_count;
	struct held *held;
	size_t held_count, held_room, held_bytes;
	uint64_t arrivals, lost;
	int error; /* of a perf callback, which cannot return it */
};

static int hold(const struct buffer *buffer, uint64_t time, const void *data, size_t len)
{
	struct stream *stream = buffer->stream;
	struct held *entry;

	if (stream->held_count == stream->held_room) {
		size_t room = stream->held_room ? stream->held_room * 2 : 64;
		struct held *more = reallocarray(stream->held, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		stream->held = more;
		stream->held_room = room;
	}
	entry = &stream->held[stream->held_count];
	if (stream->reader.order && stream->held_bytes + len > HELD_BYTES_MAX)
		return -ENOBUFS;
	stream->held_bytes += len;
	entry->data = malloc(len ? len : 1);
	if (!entry->data)
		return -ENOMEM;
	memcpy(entry->data, data, len);
	entry->len = len;
	entry->map = buffer->map;
	entry->time = time;
	entry->number = stream->arrivals++;
	stream->held_count++;
	return 0;
}

static int on_ring(void *context, void *data, size_t len)
{
	const struct buffer *buffer = context;
	const struct stream_reader *reader = &buffer->stream->reader;

	if (!reader->order)
		return reader->fn(reader->context, buffer->map, data, len);
	return hold(buffer, reader->order(reader->context, buffer->map, data, len), data, len);
}

/* perf_event_open(2), "Ring-buffer layout": fields follow the bits of sample_type. */
static enum bpf_perf_event_ret on_perf(void *context, int cpu, struct perf_event_header *header)
{
	const struct buffer *buffer = context;
	struct stream *stream = buffer->stream;
	const struct stream_reader *reader = &stream->reader;
	struct {
		struct perf_event_header header;
		uint64_t time;
		uint32_t size;
		char data[];
	} const *sample = (const void *)header;
	struct {
		struct perf_event_header header;
		uint64_t id, lost;
	} const *lost = (const void *)header;

	(void)cpu;
	if (header->type == PERF_RECORD_LOST)
		stream->lost += lost->lost;
	if (header->type != PERF_RECORD_SAMPLE)
		return LIBBPF_PERF_EVENT_CONT;
	/* The kernel pads `size` to 8 bytes with what lies behind the record. */
	stream->error = hold(buffer,
			     reader->order ? reader->order(reader->context, buffer->map,
							   sample->data, sample->size) :
					     sample->time,
			     sample->data, sample->size);
	return stream->error ? LIBBPF_PERF_EVENT_ERROR : LIBBPF_PERF_EVENT_CONT;
}

static int by_time(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static int add_ring(struct stream *stream, struct buffer *buffer, int fd)
{
	if (stream->rings)
		return ring_buffer__add(stream->rings, fd, on_ring, buffer);
	stream->rings = ring_buffer__new(fd, on_ring, buffer, NULL);
	return stream->rings ? 0 : -errno;
}

static int add_perf(struct buffer *buffer, int fd)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_TIME | PERF_SAMPLE_RAW,
		.sample_period = 1,
		.wakeup_events = 1,
		/* So that times compare with our own clock. */
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};

	buffer->perf = perf_buffer__new_raw(fd, PERF_PAGES, &attr, on_perf, buffer, NULL);
	return buffer->perf ? 0 : -errno;
}

static int add_buffer(struct stream *stream, const struct bpf_map *map)
{
	struct buffer **buffers =
		reallocarray(stream->buffers, stream->buffer_count + 1, sizeof(struct buffer *));
	struct buffer *buffer = calloc(1, sizeof(*buffer));

	if (buffers)
		stream->buffers = buffers;
	if (!buffers || !buffer) {
		free(buffer);
		return -ENOMEM;
	}
	buffers[stream->buffer_count++] = buffer;
	buffer->stream = stream;
	buffer->map = bpf_map__name(map);
	return bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF ?
		       add_ring(stream, buffer, bpf_map__fd(map)) :
		       add_perf(buffer, bpf_map__fd(map));
}

bool stream_takes(const struct bpf_map *map)
{
	return bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF ||
	       bpf_map__type(map) == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
}

int stream_open(struct bpf_object *object, const struct stream_reader *reader, struct stream **out,
		char *error, size_t error_size)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	struct bpf_map *map;
	int err = 0;

	if (!stream)
		return -ENOMEM;
	stream->reader = *reader;
	bpf_object__for_each_map(map, object)
	{
		if (stream_takes(map))
			err = add_buffer(stream, map);
		if (err) {
			snprintf(error, error_size, "open the buffer of map %s: %s",
				 bpf_map__name(map), strerror(-err));
			stream_close(stream);
			return err;
		}
	}
	*out = stream;
	return 0;
}

void stream_close(struct stream *stream)
{
	if (!stream)
		return;
	ring_buffer__free(stream->rings);
	for (size_t i = 0; i < stream->buffer_count; i++) {
		perf_buffer__free(stream->buffers[i]->perf);
		free(stream->buffers[i]);
	}
	free(stream->buffers);
	for (size_t i = 0; i < stream->held_count; i++)
		free(stream->held[i].data);
	free(stream->held);
	free(stream);
}

size_t stream_fds(const struct stream *stream, int *fds, size_t max)
{
	size_t count = 0;

	if (stream->rings && count < max)
		fds[count++] = ring_buffer__epoll_fd(stream->rings);
	for (size_t i = 0; i < stream->buffer_count && count < max; i++) {
		if (stream->buffers[i]->perf)
			fds[count++] = perf_buffer__epoll_fd(stream->buffers[i]->perf);
	}
	return count;
}

/* Hand over, in order, `all` held records, or those that were made before `until`. */
static int release(struct stream *stream, bool all, uint64_t until)
{
	size_t done = 0;
	int err = 0;

	qsort(stream->held, stream->held_count, sizeof(*stream->held), by_time);
	while (!err && done < stream->held_count && (all || stream->held[done].time < until)) {
		const struct held *held = &stream->held[done++];

		err = stream->reader.fn(stream->reader.context, held->map, held->data, held->len);
		stream->held_bytes -= held->len;
		free(held->data);
	}
	stream->held_count -= done;
	memmove(stream->held, stream->held + done, stream->held_count * sizeof(*stream->held));
	return err;
}

int stream_consume(struct stream *stream, bool all)
{
	/*
	 * A record older than this is in its CPU's buffer by now: none can come that belongs before
	 * it.
	 */
	uint64_t until = stream->reader.order ? 0 : clock_ns();
	int err = 0;

	if (stream->rings)
		err = ring_buffer__consume(stream->rings);
	for (size_t i = 0; err >= 0 && i < stream->buffer_count; i++) {
		if (!stream->buffers[i]->perf)
			continue;
		err = perf_buffer__consume(stream->buffers[i]->perf);
		if (stream->error)
			err = stream->error;
	}
	if (err >= 0 && stream->held_count)
		err = release(stream, all, until);
	return err < 0 ? err : 0;
}

uint64_t stream_lost(const struct stream *stream)
{
	return stream->lost;
}
