// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * libbpf's ring buffer reader, and a perf buffer reader that restores the order of time across
 * CPUs.
 */
#include "stream.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define PERF_PAGES 64 /* a CPU's buffer, in pages */

/* A perf record that waits for its turn. */
struct held {
	uint64_t time;
	uint64_t number; /* of arrival, so that equal times keep their CPU's order */
	size_t len;
	char *data;
};

struct stream {
	stream_fn *fn;
	void *context;
	struct ring_buffer *rings; /* NULL: none */
	struct perf_buffer **perfs;
	size_t perf_count;
	struct held *held;
	size_t held_count, held_room;
	uint64_t arrivals, lost;
	int error; /* of a perf callback, which cannot return it */
};

static int on_ring(void *context, void *data, size_t len)
{
	struct stream *stream = context;

	return stream->fn(stream->context, data, len);
}

static int hold(struct stream *stream, uint64_t time, const void *data, size_t len)
{
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
	entry->data = malloc(len);
	if (!entry->data)
		return -ENOMEM;
	memcpy(entry->data, data, len);
	entry->len = len;
	entry->time = time;
	entry->number = stream->arrivals++;
	stream->held_count++;
	return 0;
}

/* perf_event_open(2), "Ring-buffer layout": fields follow the bits of sample_type. */
static enum bpf_perf_event_ret on_perf(void *context, int cpu, struct perf_event_header *header)
{
	struct stream *stream = context;
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
	stream->error = hold(stream, sample->time, sample->data, sample->size);
	return stream->error ? LIBBPF_PERF_EVENT_ERROR : LIBBPF_PERF_EVENT_CONT;
}

static int by_time(const void *a, const void *b)
{
	const struct held *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static int add_ring(struct stream *stream, int fd)
{
	if (stream->rings)
		return ring_buffer__add(stream->rings, fd, on_ring, stream);
	stream->rings = ring_buffer__new(fd, on_ring, stream, NULL);
	return stream->rings ? 0 : -errno;
}

static int add_perf(struct stream *stream, int fd)
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
	struct perf_buffer **perfs =
		reallocarray(stream->perfs, stream->perf_count + 1, sizeof(struct perf_buffer *));
	struct perf_buffer *perf;

	if (!perfs)
		return -ENOMEM;
	stream->perfs = perfs;
	perf = perf_buffer__new_raw(fd, PERF_PAGES, &attr, on_perf, stream, NULL);
	if (!perf)
		return -errno;
	perfs[stream->perf_count++] = perf;
	return 0;
}

int stream_open(struct bpf_object *object, stream_fn *fn, void *context, struct stream **out,
		char *error, size_t error_size)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	struct bpf_map *map;
	int err = 0;

	if (!stream)
		return -ENOMEM;
	stream->fn = fn;
	stream->context = context;
	bpf_object__for_each_map(map, object)
	{
		if (bpf_map__type(map) == BPF_MAP_TYPE_RINGBUF)
			err = add_ring(stream, bpf_map__fd(map));
		else if (bpf_map__type(map) == BPF_MAP_TYPE_PERF_EVENT_ARRAY)
			err = add_perf(stream, bpf_map__fd(map));
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
	for (size_t i = 0; i < stream->perf_count; i++)
		perf_buffer__free(stream->perfs[i]);
	for (size_t i = 0; i < stream->held_count; i++)
		free(stream->held[i].data);
	free(stream->perfs);
	free(stream->held);
	free(stream);
}

size_t stream_fds(const struct stream *stream, int *fds, size_t max)
{
	size_t count = 0;

	if (stream->rings && count < max)
		fds[count++] = ring_buffer__epoll_fd(stream->rings);
	for (size_t i = 0; i < stream->perf_count && count < max; i++)
		fds[count++] = perf_buffer__epoll_fd(stream->perfs[i]);
	return count;
}

/* Hand over, in order, the held records that were made before `until`. */
static int release(struct stream *stream, uint64_t until)
{
	size_t done = 0;
	int err = 0;

	qsort(stream->held, stream->held_count, sizeof(*stream->held), by_time);
	while (!err && done < stream->held_count && stream->held[done].time < until) {
		err = stream->fn(stream->context, stream->held[done].data, stream->held[done].len);
		free(stream->held[done++].data);
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
	uint64_t until = all ? UINT64_MAX : clock_ns();
	int err = 0;

	if (stream->rings)
		err = ring_buffer__consume(stream->rings);
	for (size_t i = 0; err >= 0 && i < stream->perf_count; i++) {
		err = perf_buffer__consume(stream->perfs[i]);
		if (stream->error)
			err = stream->error;
	}
	if (err >= 0 && stream->held_count)
		err = release(stream, until);
	return err < 0 ? err : 0;
}

uint64_t stream_lost(const struct stream *stream)
{
	return stream->lost;
}
