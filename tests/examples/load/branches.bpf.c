// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* More branches in a row than a verifier keeps in mind (8192), and a look-up that is not checked. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int count_branches(void *ctx __attribute__((unused)))
{
	__u64 sum = 0;

	for (int i = 0; i < 10000; i++) {
		if (bpf_get_prandom_u32() & 1)
			sum += bpf_get_smp_processor_id();
	}
	return (int)sum;
}

SEC("tracepoint/sched/sched_process_exec")
int trust_lookup(void *ctx __attribute__((unused)))
{
	__u32 key = 0;
	__u64 *sum = bpf_map_lookup_elem(&sums, &key);

	return (int)*sum;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
