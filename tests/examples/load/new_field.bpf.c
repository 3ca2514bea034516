// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A field that has this name since 5.14 (commit 2f064a59a11f). */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
	unsigned int __state;
} __attribute__((preserve_access_index));

unsigned int last;

SEC("tracepoint/sched/sched_process_exec")
int note_state(void *ctx __attribute__((unused)))
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	last = BPF_CORE_READ(task, __state);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
