// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A program that calls what it is attached to, so that the kernel skips it there: `recursions` times,
 * and then no more.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_UPDATE = 1,
};

struct update_event {
	enum event_type type;
	__u32 tid;
};

const struct update_event *unused_update_event __attribute__((unused));

const volatile __u64 recursions = 1;
__u64 recursed;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} array SEC(".maps");

SEC("fentry/array_map_update_elem")
int recursion_update(void *ctx __attribute__((unused)))
{
	struct update_event event = { EVENT_UPDATE, (__u32)bpf_get_current_pid_tgid() };
	__u32 key = 0;
	__u64 value = 0;

	bpf_ringbuf_output(&events, &event, sizeof(event), 0);
	if (recursed < recursions) {
		recursed++;
		bpf_map_update_elem(&array, &key, &value, BPF_ANY);
	}
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
