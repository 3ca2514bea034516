// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Loads and attaches on every kernel: a tracepoint, a kprobe, and parts that an object leaves to its user. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

__u64 seen;

/* Its user would say how many, and how deep. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__type(key, __u32);
} stacks SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int count_execs(void *ctx __attribute__((unused)))
{
	char comm[16];

	/* 16 bytes of stack, as the statistics say. */
	if (bpf_get_current_comm(comm, sizeof(comm)) == 0 && comm[0])
		__sync_fetch_and_add(&seen, 1);
	return 0;
}

SEC("kprobe/do_exit")
int count_exits(void *ctx)
{
	if (bpf_get_stackid(ctx, &stacks, 0) < 0)
		return 0;
	__sync_fetch_and_add(&seen, 1);
	return 0;
}

/* Nothing to attach it to is named: that it loads is all there is to see. */
SEC("?socket")
int keep_all(struct __sk_buff *packet)
{
	return (int)packet->len;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
