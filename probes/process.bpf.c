// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Processes and threads: fork, exec, exit. */
#include "kernel_types.h"

#define RECORD_SLOTS 1

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "memfd.h"
#include "path.h"
#include "record.h"
#include "task_info.h"

/* The most bytes of each field, at most FIELD_CAPACITY. */
const volatile __u32 filename_max = FIELD_CAPACITY;
const volatile __u32 argv_max = FIELD_CAPACITY;
const volatile __u32 env_max = FIELD_CAPACITY;
const volatile __u32 cwd_max = FIELD_CAPACITY;

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct fork_event *fork_event_btf;
const struct exec_event *exec_event_btf;
const struct exit_event *exit_event_btf;

HOOK_TRACEPOINT(process_fork, sched_process_fork)
{
	struct task_struct *parent = (struct task_struct *)ctx[0];
	struct task_struct *child = (struct task_struct *)ctx[1];
	struct fork_event *event = EVENT_RESERVE(struct fork_event);

	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_FORK);
	task_fill(&event->parent, parent);
	task_fill(&event->child, child);
	namespaces_fill(&event->namespaces, child);
	tty_fill(&event->tty, child);
	event_submit(event);
	return 0;
}

#define S_ISUID 04000
#define S_ISGID 02000
#define S_IXGRP 00010

/*
 * A set-id bit counts only where the kernel honoured it (not on a nosuid mount, not under
 * no_new_privs, ...). Then it clears personality bits (per_clear), and the task has the file's
 * owner for its effective id.
 */
static __always_inline void exec_flags_fill(struct exec_flags *flags, const struct cred *cred,
					    struct linux_binprm *bprm)
{
	struct file *file = BPF_CORE_READ(bprm, file);
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	unsigned short mode = BPF_CORE_READ(inode, i_mode);

	if (BPF_CORE_READ(bprm, per_clear)) {
		flags->setuid = (mode & S_ISUID) && cred->euid == BPF_CORE_READ(inode, i_uid.val);
		/* Without group execute the bit once meant mandatory locking. */
		flags->setgid = (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) &&
				cred->egid == BPF_CORE_READ(inode, i_gid.val);
	}
	flags->memfd = file_is_memfd(file);
}

HOOK_TRACEPOINT(process_exec, sched_process_exec)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct linux_binprm *bprm = (struct linux_binprm *)ctx[2];
	struct record *record = record_begin(0, sizeof(struct exec_event));
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct exec_event *event;
	unsigned long from;

	if (!record)
		return 0;
	event = (struct exec_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_EXEC);
	namespaces_fill(&event->namespaces, task);
	tty_fill(&event->tty, task);
	exec_flags_fill(&event->flags, &event->cred, bprm);
	event->filename_truncated = record_append_string(record, &event->filename,
							 BPF_CORE_READ(bprm, filename),
							 filename_max);
	from = BPF_CORE_READ(mm, arg_start);
	event->argv_truncated = record_append(record, &event->argv, (void *)from, true,
					      BPF_CORE_READ(mm, arg_end) - from, argv_max);
	from = BPF_CORE_READ(mm, env_start);
	event->env_truncated = record_append(record, &event->env, (void *)from, true,
					     BPF_CORE_READ(mm, env_end) - from, env_max);
	path_begin(&record->path, cwd_max);
	path_walk(record, 0, BPF_CORE_READ(task, fs, pwd.dentry), BPF_CORE_READ(task, fs, pwd.mnt));
	event->cwd_truncated = path_append(record, &event->cwd);
	record_send(record);
	return 0;
}

/* The start time tells a process from a later one whose struct is at the same address. */
struct process_key {
	struct signal_struct *signal;
	__u64 start_ns;
};

/* The processes that ended last; see is_last_thread(). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct process_key);
	__type(value, __u8);
} ended SEC(".maps");

/*
 * Without the tracepoint's word: the last thread leaves none alive. But two that end at the same
 * time may both see that, as each counts itself out some way before. The one that enters the
 * process into `ended` is the one; an entry is needed only for as long as such a race takes.
 */
static __always_inline bool is_last_thread(struct task_struct *task)
{
	struct process_key key = {
		.signal = BPF_CORE_READ(task, signal),
		.start_ns = BPF_CORE_READ(task, group_leader, start_boottime),
	};
	__u8 value = 1;

	if (BPF_CORE_READ(task, signal, live.counter) != 0)
		return false;
	return bpf_map_update_elem(&ended, &key, &value, BPF_NOEXIST) == 0;
}

#define SIGNAL_GROUP_EXIT 4 /* all threads were made to end, for one common reason */

/*
 * The status that wait() gives: that of exit_group or a fatal signal, else what the first thread
 * ended with.
 */
static __always_inline __u32 exit_status(struct task_struct *task)
{
	struct signal_struct *signal = BPF_CORE_READ(task, signal);

	if (BPF_CORE_READ(signal, flags) & SIGNAL_GROUP_EXIT)
		return BPF_CORE_READ(signal, group_exit_code);
	return BPF_CORE_READ(task, group_leader, exit_code);
}

HOOK_TRACEPOINT(process_exit, sched_process_exit)
{
	struct task_struct *task = (struct task_struct *)ctx[0];
	struct exit_event *event;
	__u32 status;

	if (exit_has_group_dead() ? !exit_group_dead(ctx) : !is_last_thread(task))
		return 0;
	event = EVENT_RESERVE(struct exit_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_EXIT);
	status = exit_status(task);
	event->exit_code = (status >> 8) & 0xff;
	event->signal = status & 0x7f;
	event_submit(event);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
