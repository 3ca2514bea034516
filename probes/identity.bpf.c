// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Who a task is: session, user and group ids, capabilities.
 *
 * Whatever gives a task other credentials ends in commit_creds(): these calls, exec, prctl, keyctl,
 * new user namespaces, ... The hook of security modules that comes before says which it was. It has
 * seen the credentials that are committed then, so that a call that fails in between is no event.
 */
#include "kernel_types.h"

/* How many tasks can be within such a call at once; one more is counted as dropped. */
#define PENDING_MAX 1024
#define CALLS_MAX   PENDING_MAX

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "send.h"
#include "task_info.h"

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct setsid_event *setsid_event_btf;
const struct setuid_event *setuid_event_btf;
const struct setgid_event *setgid_event_btf;
const struct capset_event *capset_event_btf;

/* Credentials that were allowed and are about to be committed. */
struct pending_change {
	const struct cred___kernel *new;
	enum event_type type;
	enum setid_call call;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32); /* thread id */
	__type(value, struct pending_change);
} pending_changes SEC(".maps");

/* The session and terminal that a task loses by setsid. */
struct pending_session {
	__u32 pgid, sid;
	struct tty tty;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32); /* thread id */
	__type(value, struct pending_session);
} pending_sessions SEC(".maps");

static __always_inline void change_begin(__u64 new, enum event_type type, enum setid_call how,
					 int err)
{
	struct pending_change change = {
		.new = (const struct cred___kernel *)new,
		.type = type,
		.call = how,
	};
	__u32 tid = thread_id();

	if (!err && bpf_map_update_elem(&pending_changes, &tid, &change, BPF_ANY))
		count_event(false);
}

/* (new, old, flags) */
HOOK_LSM_RETURN(identity_setuid, task_fix_setuid)
{
	change_begin(call.args[0], EVENT_SETUID, call.args[2], CALL_RESULT(call, 3));
	return 0;
}

/* (new, old, flags) */
HOOK_LSM_RETURN(identity_setgid, task_fix_setgid)
{
	change_begin(call.args[0], EVENT_SETGID, call.args[2], CALL_RESULT(call, 3));
	return 0;
}

/* (new, old, effective, inheritable, permitted) */
HOOK_LSM_RETURN(identity_capset, capset)
{
	change_begin(call.args[0], EVENT_CAPSET, 0, CALL_RESULT(call, 5));
	return 0;
}

/* The task still has what it had. */
static __always_inline void change_fill(struct event_header *header, enum event_type type,
					struct cred *old_cred, const struct cred___kernel *new)
{
	header_fill(header, type);
	*old_cred = header->cred;
	cred_read(&header->cred, new);
}

/* A call that changes nothing causes no event: kernels differ in how far they process it. */
static __always_inline void change_end(void *event, bool changed)
{
	if (changed)
		event_submit(event);
	else
		bpf_ringbuf_discard(event, 0);
}

static __always_inline void setuid_send(const struct pending_change *change)
{
	const struct cred___kernel *old = BPF_CORE_READ(current_task(), real_cred),
				   *new = change->new;
	struct setuid_event *event = EVENT_RESERVE(struct setuid_event);

	if (!event)
		return;
	change_fill((struct event_header *)event, EVENT_SETUID, &event->old_cred, new);
	event->call = change->call;
	event->fsuid = BPF_CORE_READ(new, fsuid.val);
	event->old_fsuid = BPF_CORE_READ(old, fsuid.val);
	change_end(event, event->cred.ruid != event->old_cred.ruid ||
				  event->cred.euid != event->old_cred.euid ||
				  event->cred.suid != event->old_cred.suid ||
				  event->fsuid != event->old_fsuid);
}

static __always_inline void setgid_send(const struct pending_change *change)
{
	const struct cred___kernel *old = BPF_CORE_READ(current_task(), real_cred),
				   *new = change->new;
	struct setgid_event *event = EVENT_RESERVE(struct setgid_event);

	if (!event)
		return;
	change_fill((struct event_header *)event, EVENT_SETGID, &event->old_cred, new);
	event->call = change->call;
	event->fsgid = BPF_CORE_READ(new, fsgid.val);
	event->old_fsgid = BPF_CORE_READ(old, fsgid.val);
	change_end(event, event->cred.rgid != event->old_cred.rgid ||
				  event->cred.egid != event->old_cred.egid ||
				  event->cred.sgid != event->old_cred.sgid ||
				  event->fsgid != event->old_fsgid);
}

static __always_inline void capset_send(const struct pending_change *change)
{
	const struct cred___kernel *old = BPF_CORE_READ(current_task(), real_cred),
				   *new = change->new;
	struct capset_event *event = EVENT_RESERVE(struct capset_event);

	if (!event)
		return;
	change_fill((struct event_header *)event, EVENT_CAPSET, &event->old_cred, new);
	event->cap_inheritable = capabilities_read(&new->cap_inheritable);
	event->old_cap_inheritable = capabilities_read(&old->cap_inheritable);
	change_end(event, event->cred.cap_permitted != event->old_cred.cap_permitted ||
				  event->cred.cap_effective != event->old_cred.cap_effective ||
				  event->cap_inheritable != event->old_cap_inheritable);
}

/* (new), which cannot fail. */
HOOK_ENTRY(identity_commit, commit_creds)
{
	__u32 tid = thread_id();
	struct pending_change *known = bpf_map_lookup_elem(&pending_changes, &tid), change;

	if (!known)
		return 0;
	change = *known;
	bpf_map_delete_elem(&pending_changes, &tid);
	if (change.new != (const struct cred___kernel *)ctx[0])
		return 0;
	if (change.type == EVENT_SETUID)
		setuid_send(&change);
	else if (change.type == EVENT_SETGID)
		setgid_send(&change);
	else
		capset_send(&change);
	return 0;
}

HOOK_ENTRY(identity_setsid_begin, ksys_setsid)
{
	struct task_struct *task = current_task();
	struct signal_struct *signal = BPF_CORE_READ(task, signal);
	struct pending_session session = {
		.pgid = pid_number(BPF_CORE_READ(signal, pids[PIDTYPE_PGID])),
		.sid = pid_number(BPF_CORE_READ(signal, pids[PIDTYPE_SID])),
	};
	__u32 tid = thread_id();

	(void)ctx;
	tty_fill(&session.tty, task);
	if (bpf_map_update_elem(&pending_sessions, &tid, &session, BPF_ANY))
		count_event(false);
	return 0;
}

/* The new session's id, or an error. */
HOOK_RETURN(identity_setsid, ksys_setsid)
{
	__u32 tid = thread_id();
	struct pending_session *known = bpf_map_lookup_elem(&pending_sessions, &tid), session;
	struct setsid_event *event;

	if (!known)
		return 0;
	session = *known;
	bpf_map_delete_elem(&pending_sessions, &tid);
	if ((int)CALL_RESULT(call, 0) < 0)
		return 0;
	event = EVENT_RESERVE(struct setsid_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_SETSID);
	event->old_pgid = session.pgid;
	event->old_sid = session.sid;
	event->old_tty = session.tty;
	event_submit(event);
	return 0;
}

/* A change that failed after it had been allowed leaves its entry behind. */
HOOK_TRACEPOINT(identity_task_exit, sched_process_exit)
{
	__u32 tid = thread_id();

	(void)ctx;
	bpf_map_delete_elem(&pending_changes, &tid);
	bpf_map_delete_elem(&pending_sessions, &tid);
	return 0;
}

HOOK_CALLS_FORGET(identity_setsid)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
