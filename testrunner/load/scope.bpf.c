// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Marks the generator's process tree: a task inherits its parent's mark when it is forked, before
 * it first runs. A plain tracepoint without CO-RE, because reading the kernel's BTF would be the
 * dearest part of a short run.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/*
 * Where `parent_pid` and `child_pid` stand in the tracepoint's record: from its format file, as
 * 6.16 moved them.
 */
const volatile __u32 parent_pid_offset;
const volatile __u32 child_pid_offset;

/* Thread id -> mark. Sized to pid_max before the load; the runner reads it through mmap. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} scope_marks SEC(".maps");

SEC("tracepoint/sched/sched_process_fork")
int scope_fork(void *ctx)
{
	__u32 parent = 0, child = 0;
	__u64 *parent_mark, *child_mark;

	bpf_probe_read_kernel(&parent, sizeof(parent), ctx + parent_pid_offset);
	bpf_probe_read_kernel(&child, sizeof(child), ctx + child_pid_offset);
	parent_mark = bpf_map_lookup_elem(&scope_marks, &parent);
	child_mark = bpf_map_lookup_elem(&scope_marks, &child);
	/* Also when the parent has none: the child's id may be that of a task that had one. */
	if (parent_mark && child_mark)
		*child_mark = *parent_mark;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
