/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A name that is made or removed, from the path_ hook of security modules, which knows the mount, to
 * the vfs_ function, which knows the result.
 */
#ifndef FILE_ENTRY_H
#define FILE_ENTRY_H

#include "file_info.h"

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct file_create_event *file_create_event_btf;
const struct file_delete_event *file_delete_event_btf;

/* A create or delete that has begun. */
struct pending_entry {
	struct dentry *dentry;
	struct vfsmount *mnt;
	struct inode *inode;	    /* delete: the dentry has lost it by the end */
	const char *symlink_target; /* create: kernel memory, or NULL */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32); /* thread id */
	__type(value, struct pending_entry);
} pending_entries SEC(".maps");

static __always_inline void create_send(__u32 slot, struct dentry *dentry, struct vfsmount *mnt,
					struct inode *inode, const char *symlink_target)
{
	struct record *record = record_begin(slot, sizeof(struct file_create_event));
	struct file_create_event *event;

	if (!record)
		return;
	event = (struct file_create_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_CREATE);
	attributes_fill((struct file_attributes *)&event->inode, inode);
	event->path_truncated = file_path_append(record, slot, &event->path, dentry, mnt);
	event->symlink_target_truncated =
		target_append(record, &event->symlink_target, symlink_target);
	event->cgroup_path_truncated = cgroup_append(record, slot, &event->cgroup_path);
	record_send(record);
}

/*
 * A path_ hook (dir, dentry, ...): what is allowed is remembered.
 */
static __always_inline void entry_begin(struct call call, const char *symlink_target, int err)
{
	const struct path *dir = (const struct path *)call.args[0];
	struct dentry *dentry = (struct dentry *)call.args[1];
	struct pending_entry entry = {
		.dentry = dentry,
		.mnt = BPF_CORE_READ(dir, mnt),
		.inode = BPF_CORE_READ(dentry, d_inode),
		.symlink_target = symlink_target,
	};
	__u32 tid = thread_id();

	if (!err && bpf_map_update_elem(&pending_entries, &tid, &entry, BPF_ANY))
		count_event(false);
}

/* The vfs_ function has returned. True: it succeeded, and `entry` is what was remembered. */
static __always_inline bool entry_end(struct vfs_result result, struct pending_entry *entry)
{
	__u32 tid = thread_id();
	struct pending_entry *known = bpf_map_lookup_elem(&pending_entries, &tid);

	if (!known || known->dentry != result.dentry)
		return false;
	*entry = *known;
	/*
	 * From memory, not from the context where it is equal: the verifier forbids arithmetic on
	 * that pointer.
	 */
	entry->dentry = *(struct dentry *volatile *)&known->dentry;
	bpf_map_delete_elem(&pending_entries, &tid);
	return result.err == 0;
}

static __always_inline void entry_end_create(struct vfs_result result, __u32 slot)
{
	struct pending_entry entry;
	struct dentry *dentry;

	if (!entry_end(result, &entry))
		return;
	dentry = entry.dentry;
	create_send(slot, dentry, entry.mnt, BPF_CORE_READ(dentry, d_inode), entry.symlink_target);
}

static __always_inline void entry_end_delete(struct vfs_result result, __u32 slot)
{
	struct file_delete_event *event;
	struct pending_entry entry;
	struct record *record;

	if (!entry_end(result, &entry))
		return;
	record = record_begin(slot, sizeof(*event));
	if (!record)
		return;
	event = (struct file_delete_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_DELETE);
	attributes_fill((struct file_attributes *)&event->inode, entry.inode);
	event->path_truncated =
		file_path_append(record, slot, &event->path, entry.dentry, entry.mnt);
	event->symlink_target_truncated =
		target_append(record, &event->symlink_target,
			      symlink_target_of((struct file_attributes *)&event->inode,
						entry.inode));
	event->cgroup_path_truncated = cgroup_append(record, slot, &event->cgroup_path);
	record_send(record);
}

/*
 * An operation that was allowed, and then failed before its vfs_ function, leaves its entry behind;
 * so does an open that was allowed to create a file and then found the file already there.
 */
HOOK_TRACEPOINT(file_entry_task_exit, sched_process_exit)
{
	__u32 tid = thread_id();

	(void)ctx;
	bpf_map_delete_elem(&pending_entries, &tid);
	return 0;
}

#endif
