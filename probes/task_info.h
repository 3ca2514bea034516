/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Who: the parts of an event that describe a task. */
#ifndef TASK_INFO_H
#define TASK_INFO_H

#include "kernel_compat.h"

#include "events.h"

static __always_inline __u32 pid_number(struct pid *pid)
{
	return BPF_CORE_READ(pid, numbers[0].nr);
}

static __always_inline void task_fill(struct task *task, const struct task_struct *from)
{
	struct signal_struct *signal = BPF_CORE_READ(from, signal);

	task->start_ns = BPF_CORE_READ(from, start_boottime);
	task->tid = BPF_CORE_READ(from, pid);
	task->tgid = BPF_CORE_READ(from, tgid);
	task->ppid = BPF_CORE_READ(from, real_parent, tgid);
	task->pgid = pid_number(BPF_CORE_READ(signal, pids[PIDTYPE_PGID]));
	task->sid = pid_number(BPF_CORE_READ(signal, pids[PIDTYPE_SID]));
	BPF_CORE_READ_INTO(&task->comm, from, comm);
}

static __always_inline void cred_read(struct cred *cred, const struct cred___kernel *from)
{
	cred->ruid = BPF_CORE_READ(from, uid.val);
	cred->euid = BPF_CORE_READ(from, euid.val);
	cred->suid = BPF_CORE_READ(from, suid.val);
	cred->rgid = BPF_CORE_READ(from, gid.val);
	cred->egid = BPF_CORE_READ(from, egid.val);
	cred->sgid = BPF_CORE_READ(from, sgid.val);
	cred->cap_permitted = capabilities_read(&from->cap_permitted);
	cred->cap_effective = capabilities_read(&from->cap_effective);
}

static __always_inline void cred_fill(struct cred *cred, const struct task_struct *from)
{
	/*
	 * Not `cred`: a file system such as overlayfs may be acting in the task under other
	 * credentials.
	 */
	cred_read(cred, BPF_CORE_READ(from, real_cred));
}

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static __always_inline __u32 thread_id(void)
{
	return bpf_get_current_pid_tgid();
}

/* The current task's file of that number, which a system call has just given it. */
static __always_inline struct file *file_of(__u32 fd)
{
	struct file **files = BPF_CORE_READ(current_task(), files, fdt, fd), *file = NULL;

	bpf_probe_read_kernel(&file, sizeof(file), &files[fd]);
	return file;
}

static __always_inline void header_fill(struct event_header *header, enum event_type type)
{
	struct task_struct *current = current_task();

	header->type = type;
	header->ts_ns = bpf_ktime_get_boot_ns();
	task_fill(&header->task, current);
	cred_fill(&header->cred, current);
}

/* The pid namespace that the task is in; nsproxy has that of its future children. */
static __always_inline __u32 pid_namespace_read(const struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	struct upid *upid = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
			    level * bpf_core_type_size(struct upid);

	return BPF_CORE_READ(upid, ns, ns.inum);
}

static __always_inline void namespaces_fill(struct namespaces *namespaces,
					    const struct task_struct *task)
{
	struct nsproxy *nsproxy = BPF_CORE_READ(task, nsproxy);

	namespaces->uts = BPF_CORE_READ(nsproxy, uts_ns, ns.inum);
	namespaces->ipc = BPF_CORE_READ(nsproxy, ipc_ns, ns.inum);
	namespaces->mnt = BPF_CORE_READ(nsproxy, mnt_ns, ns.inum);
	namespaces->pid = pid_namespace_read(task);
	namespaces->net = BPF_CORE_READ(nsproxy, net_ns, ns.inum);
	namespaces->cgroup = BPF_CORE_READ(nsproxy, cgroup_ns, ns.inum);
	namespaces->time = BPF_CORE_READ(nsproxy, time_ns, ns.inum);
}

/* Zeroes for none. */
static __always_inline void tty_read(struct tty *tty, const struct tty_struct *from)
{
	struct tty_driver *driver;

	tty->major = 0;
	tty->minor = 0;
	if (!from)
		return;
	driver = BPF_CORE_READ(from, driver);
	tty->major = BPF_CORE_READ(driver, major);
	tty->minor = BPF_CORE_READ(driver, minor_start) + BPF_CORE_READ(from, index);
}

static __always_inline void tty_fill(struct tty *tty, const struct task_struct *task)
{
	tty_read(tty, BPF_CORE_READ(task, signal, tty));
}

#endif
