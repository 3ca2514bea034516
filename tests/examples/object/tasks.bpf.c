// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* An iterator that prints a line for each task. */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
} __attribute__((preserve_access_index));

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

__u64 tasks_seen;

SEC("iter/task")
int list_tasks(struct bpf_iter__task *ctx)
{
	static const char format[] = "pid=%d comm=%s\n";
	struct task_struct *task = ctx->task;
	char comm[16] = "";
	__u64 values[2];

	if (!task)
		return 0;
	tasks_seen++;
	bpf_core_read(comm, sizeof(comm), &task->comm);
	values[0] = (__u64)task->pid;
	values[1] = (__u64)(long)comm;
	bpf_seq_printf(ctx->meta->seq, format, sizeof(format), values, sizeof(values));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
