// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A profiler's half: counts how often each process was on a CPU when the clock struck. */
#include <linux/bpf.h>
#include <linux/bpf_perf_event.h>

#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} samples SEC(".maps");

SEC("perf_event")
int on_sample(struct bpf_perf_event_data *ctx __attribute__((unused)))
{
	__u32 tgid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	__u64 one = 1, *count = bpf_map_lookup_elem(&samples, &tgid);

	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&samples, &tgid, &one, BPF_ANY);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
