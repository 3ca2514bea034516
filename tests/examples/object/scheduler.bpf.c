// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The least scheduler of sched_ext: the kernel's own first-in-first-out queue, and a count. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct sched_ext_ops {
	void (*running)(void *task);
	char name[128];
} __attribute__((preserve_access_index));

__u64 runs;

SEC("struct_ops")
int count_run(const __u64 *arguments __attribute__((unused)))
{
	__sync_fetch_and_add(&runs, 1);
	return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops count_runs = {
	.running = (void *)count_run,
	.name = "bpfcheck",
};

char LICENSE[] SEC("license") = "Dual BSD/GPL";
