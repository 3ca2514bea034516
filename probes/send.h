/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The way out of a probe: the ring buffer, and the counters of what was sent and lost. */
#ifndef SEND_H
#define SEND_H

#include "kernel_types.h"

#include <bpf/bpf_helpers.h>

#include "events.h"

/* A loader may set another size (a power of two, in whole pages) before the load. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1024 * 1024);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_counters);
} event_counters SEC(".maps");

static __always_inline void count_event(bool sent)
{
	struct event_counters *counters;
	__u32 key = 0;

	counters = bpf_map_lookup_elem(&event_counters, &key);
	if (!counters)
		return;
	/* Atomic although per CPU: a program may be preempted by another. */
	__sync_fetch_and_add(sent ? &counters->sent : &counters->dropped, 1);
}

/* Room for an event of fixed size, or NULL: then the loss has been counted. */
#define EVENT_RESERVE(type)                                                   \
	({                                                                    \
		type *event_ = bpf_ringbuf_reserve(&events, sizeof(type), 0); \
		if (!event_)                                                  \
			count_event(false);                                   \
		event_;                                                       \
	})

static __always_inline void event_submit(void *event)
{
	bpf_ringbuf_submit(event, 0);
	count_event(true);
}

#endif
