// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A map type of 5.16 (commit 9330986c0300): libbpf makes an object's maps first, whoever uses them. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 64);
	__type(value, __u32);
} seen SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int note_process(void *ctx __attribute__((unused)))
{
	__u32 id = (__u32)bpf_get_current_pid_tgid();

	bpf_map_push_elem(&seen, &id, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
