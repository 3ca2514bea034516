/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Ring and perf buffers of an object -> raw records, in the order in which they were made. */
#ifndef LOAD_STREAM_H
#define LOAD_STREAM_H

#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream;

/* One record of `map`; `data` is borrowed for the call. Returns 0, or -errno to stop. */
typedef int stream_fn(void *context, const char *map, const void *data, size_t len);
/* A record's place in order, which is handed over with all others at the end. */
typedef uint64_t stream_order_fn(void *context, const char *map, const void *data, size_t len);

/* Who gets the records. */
struct stream_reader {
	stream_fn *fn;
	stream_order_fn *order; /* NULL: they come in order of time, soon */
	void *context;
};

/*
 * Open every BPF_MAP_TYPE_RINGBUF and PERF_EVENT_ARRAY map of the loaded `object`. An object
 * without any gives a stream that is always empty. Errors: -errno, `error` says of which map.
 */
int stream_open(struct bpf_object *object, const struct stream_reader *reader,
		struct stream **stream, char *error, size_t error_size);
/* Does the map have records for a stream? */
bool stream_takes(const struct bpf_map *map);
void stream_close(struct stream *stream); /* takes NULL */

/* The file descriptors that become readable when records wait: at most `max`, returns how many. */
size_t stream_fds(const struct stream *stream, int *fds, size_t max);

/*
 * Hand over what waits. Perf buffers are per CPU: their records are put in order of time, and those
 * made while this call ran may be held back for the next; `all` hands these over too, when nothing
 * more is to come. With an order of the reader's nothing is handed over but with `all`. Returns 0 or
 * -errno (the callback's too; -ENOBUFS: too much was held back).
 */
int stream_consume(struct stream *stream, bool all);

/* Records that the kernel could not put into a perf buffer, since the stream was opened. */
uint64_t stream_lost(const struct stream *stream);

#endif
