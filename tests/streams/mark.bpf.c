// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Reports through a perf buffer, as many older agents do: one event for each getpriority(2), whose
 * `who` is the mark that the generator sets. Needs no kernel type: the tracepoint's record is all
 * it reads.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_MARK = 1,
};

struct mark_event {
	enum event_type type;
	__u32 tid;
	__u64 number;
	__u32 cpu;
	char comm[16];
};

/* Keeps the struct in the object's BTF, by which the runner decodes. */
const struct mark_event *unused_mark_event __attribute__((unused));

/* Only marks from here on are reported. */
const volatile __u64 first_mark;

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
} marks SEC(".maps");

/* /sys/kernel/tracing/events/syscalls/sys_enter_getpriority/format */
struct getpriority_args {
	__u64 common;
	__s64 syscall;
	__u64 which;
	__u64 who;
};

SEC("tracepoint/syscalls/sys_enter_getpriority")
int mark_getpriority(struct getpriority_args *args)
{
	struct mark_event mark = {
		.type = EVENT_MARK,
		.tid = (__u32)bpf_get_current_pid_tgid(),
		.number = args->who,
		.cpu = bpf_get_smp_processor_id(),
	};

	if (mark.number < first_mark)
		return 0;
	bpf_get_current_comm(mark.comm, sizeof(mark.comm));
	bpf_perf_event_output(args, &marks, BPF_F_CURRENT_CPU, &mark, sizeof(mark));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
