// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A ring buffer of one page, which a slow reader lets run full: what finds no room in it is counted.
 * An event for each getpriority(2), as in mark.bpf.c.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_RING_MARK = 1,
};

struct ring_mark_event {
	enum event_type type;
	__u32 tid;
	__u64 number;
};

/* Keeps the struct in the object's BTF, by which the runner decodes. */
const struct ring_mark_event *unused_ring_mark_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* Layout: probes/events.h. */
struct event_counters {
	__u64 sent, dropped;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct event_counters);
} event_counters SEC(".maps");

/* /sys/kernel/tracing/events/syscalls/sys_enter_getpriority/format */
struct getpriority_args {
	__u64 common;
	__s64 syscall;
	__u64 which;
	__u64 who;
};

SEC("tracepoint/syscalls/sys_enter_getpriority")
int ring_mark_getpriority(struct getpriority_args *args)
{
	struct ring_mark_event mark = {
		.type = EVENT_RING_MARK,
		.tid = (__u32)bpf_get_current_pid_tgid(),
		.number = args->who,
	};
	struct event_counters *counters;
	__u32 key = 0;
	long err = bpf_ringbuf_output(&events, &mark, sizeof(mark), 0);

	counters = bpf_map_lookup_elem(&event_counters, &key);
	if (counters)
		__sync_fetch_and_add(err ? &counters->dropped : &counters->sent, 1);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
