// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A map that no kernel makes, though all know its type: an array has keys of four bytes. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u64);
} sums SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int look_up(void *ctx __attribute__((unused)))
{
	__u64 key = 0, *sum = bpf_map_lookup_elem(&sums, &key);

	return sum && *sum;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
