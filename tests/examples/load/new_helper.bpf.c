// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A program with a helper of 6.1 (commit c8996c98f703), next to one without. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u64 last;

SEC("tracepoint/sched/sched_process_exec")
int note_boot_time(void *ctx __attribute__((unused)))
{
	last = bpf_ktime_get_boot_ns();
	return 0;
}

SEC("tracepoint/sched/sched_process_exec")
int note_atomic_time(void *ctx __attribute__((unused)))
{
	last = bpf_ktime_get_tai_ns();
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
