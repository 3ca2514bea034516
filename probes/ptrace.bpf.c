// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Who traces whom: ptrace.
 *
 * All requests but those that begin it pass through arch_ptrace(). For these the system call says
 * that it worked, and the security check within it who the other is. (ptrace_attach() would say
 * both, but is inlined where there are no 32-bit programs.)
 */
#include "kernel_types.h"

/* How many tasks can be within such a call at once; one more is counted as dropped. */
#define CALLS_MAX 1024

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "send.h"
#include "task_info.h"

/* Nothing reads it: it keeps the struct in the object's BTF. */
const struct ptrace_event *ptrace_event_btf;

/*
 * The task that a thread last asked to trace. An entry is needed only from the check to the end of
 * the system call.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32); /* thread id */
	__type(value, struct task);
} targets SEC(".maps");

static __always_inline struct ptrace_event *ptrace_event_begin(__u32 request)
{
	struct ptrace_event *event = EVENT_RESERVE(struct ptrace_event);

	if (!event)
		return NULL;
	header_fill((struct event_header *)event, EVENT_PTRACE);
	event->request = request;
	return event;
}

static __always_inline void ptrace_send(const struct task_struct *target, __u32 request)
{
	struct ptrace_event *event = ptrace_event_begin(request);

	if (!event)
		return;
	task_fill(&event->target, target);
	event_submit(event);
}

#define PTRACE_MODE_ATTACH 2

/* (child, mode): ptrace, and others that look into processes */
HOOK_LSM_ENTRY(ptrace_check, ptrace_access_check)
{
	struct task target;
	__u32 tid = thread_id();

	if (!(ctx[1] & PTRACE_MODE_ATTACH))
		return 0;
	task_fill(&target, (const struct task_struct *)ctx[0]);
	bpf_map_update_elem(&targets, &tid, &target, BPF_ANY);
	return 0;
}

HOOK_SYSCALL(ptrace_attach, ptrace)
{
	__u32 tid = thread_id();
	struct ptrace_event *event;
	struct task *target;
	__u64 args[3];

	syscall_arguments_read(args, call);
	if (SYSCALL_RESULT(call) < 0 || (args[0] != PTRACE_ATTACH && args[0] != PTRACE_SEIZE))
		return 0;
	target = bpf_map_lookup_elem(&targets, &tid);
	if (!target) {
		count_event(false);
		return 0;
	}
	event = ptrace_event_begin(args[0]);
	if (!event)
		return 0;
	event->target = *target;
	event_submit(event);
	return 0;
}

/* (parent): nothing that comes after it can fail. */
HOOK_RETURN(ptrace_traceme, security_ptrace_traceme)
{
	if ((int)CALL_RESULT(call, 1) == 0)
		ptrace_send(current_task(), PTRACE_TRACEME);
	return 0;
}

/* (child, request, addr, data) */
HOOK_RETURN(ptrace_other, arch_ptrace)
{
	if ((long)CALL_RESULT(call, 4) >= 0)
		ptrace_send((const struct task_struct *)call.args[0], call.args[1]);
	return 0;
}

HOOK_CALLS_FORGET(ptrace_attach)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
