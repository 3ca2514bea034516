// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Two programs of which the verifier has more to say than a log holds. It takes the first. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#define STEPS 8000

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

static __always_inline __u32 many_steps(void)
{
	volatile __u32 sum = 0;

	for (__u32 i = 0; i < STEPS; i++)
		sum += i;
	return sum;
}

SEC("tracepoint/sched/sched_process_exit")
int step_long(void *ctx __attribute__((unused)))
{
	return many_steps() == 0;
}

SEC("tracepoint/sched/sched_process_fork")
int step_wrong(void *ctx __attribute__((unused)))
{
	__u32 key = many_steps();
	__u64 *count = bpf_map_lookup_elem(&counts, &key);

	(*count)++;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
