// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A tracer of exec in the style of the well-known ones: a single struct without a type, the arguments
 * at its end, of which only what is used is sent, through a perf buffer.
 */
#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define ARGS_MAX      16
#define ARG_SIZE      64
#define ARGS_SIZE     (ARGS_MAX * ARG_SIZE)
#define LAST_ARG      (ARGS_SIZE - ARG_SIZE)
#define EVENT_SIZE(e) (__builtin_offsetof(struct event, args) + (e)->args_size)

struct event {
	__u64 time;
	__s32 pid;
	__s32 ppid;
	__u32 uid;
	__s32 retval;
	__s32 args_count;
	__u32 args_size;
	char comm[16];
	char args[ARGS_SIZE];
};

struct task_struct {
	struct task_struct *real_parent;
	__s32 tgid;
} __attribute__((preserve_access_index));

const volatile __u32 max_args = ARGS_MAX;
const volatile _Bool ignore_failed = 1;

static const struct event empty_event;

/* Between the entry of execve and its end. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct event);
} execs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} events SEC(".maps");

/* /sys/kernel/tracing/events/syscalls/sys_enter_execve/format */
struct execve_args {
	__u64 common;
	__s64 syscall;
	const char *filename;
	const char *const *argv;
	const char *const *envp;
};

struct exit_args {
	__u64 common;
	__s64 syscall;
	__s64 ret;
};

SEC("tracepoint/syscalls/sys_enter_execve")
int enter_execve(struct execve_args *ctx)
{
	__u32 pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct event *event;

	if (bpf_map_update_elem(&execs, &pid, &empty_event, BPF_NOEXIST))
		return 0;
	event = bpf_map_lookup_elem(&execs, &pid);
	if (!event)
		return 0;
	event->time = bpf_ktime_get_ns();
	event->pid = (__s32)pid;
	event->ppid = BPF_CORE_READ(task, real_parent, tgid);
	event->uid = (__u32)bpf_get_current_uid_gid();
	for (__u32 i = 0; i < ARGS_MAX && i < max_args; i++) {
		const char *arg = 0;
		long size;

		bpf_probe_read_user(&arg, sizeof(arg), &ctx->argv[i]);
		if (!arg || event->args_size > LAST_ARG)
			break;
		size = bpf_probe_read_user_str(&event->args[event->args_size], ARG_SIZE, arg);
		if (size < 0 || size > ARG_SIZE)
			break;
		event->args_count++;
		event->args_size += (__u32)size;
	}
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_execve")
int exit_execve(struct exit_args *ctx)
{
	__u32 pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	struct event *event = bpf_map_lookup_elem(&execs, &pid);
	__u64 size;

	if (!event)
		return 0;
	event->retval = (__s32)ctx->ret;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	size = EVENT_SIZE(event);
	if ((ctx->ret >= 0 || !ignore_failed) && size <= sizeof(*event))
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, event, size);
	bpf_map_delete_elem(&execs, &pid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
