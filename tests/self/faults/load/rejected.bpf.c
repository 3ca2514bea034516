// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* One program that the verifier takes, and one that it does not: it forgets to check a look-up. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_COUNT = 1,
};

struct count_event {
	enum event_type type;
	__u32 tid;
};

const struct count_event *unused_count_event __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

SEC("tracepoint/sched/sched_process_exit")
int count_exits(void *ctx __attribute__((unused)))
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	if (count)
		(*count)++;
	return 0;
}

SEC("tracepoint/sched/sched_process_fork")
int count_forks(void *ctx __attribute__((unused)))
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	(*count)++;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
