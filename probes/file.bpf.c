// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Files by name: create, delete, rename.
 *
 * A vfs_ function knows whether the operation succeeded, but not through which mount it came, and
 * so no path. The path_ hook of security modules, just before, knows the mount; what it saw is kept
 * for the task until the vfs_ function returns. That also leaves out what a file system does below
 * itself (overlayfs calls vfs_unlink on its upper layer): it comes without a question to them,
 * or for another dentry.
 */
#include "kernel_types.h"

enum record_slot {
	SLOT_OPEN,
	SLOT_CREATE,
	SLOT_MKNOD,
	SLOT_SYMLINK,
	SLOT_UNLINK,
	SLOT_RENAME,
	RECORD_SLOTS,
};

/* How many tasks can be within such an operation at once; one more is counted as dropped. */
#define PENDING_MAX 4096
#define CALLS_MAX   PENDING_MAX

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "file_entry.h"

/* Nothing reads it: it keeps the struct in the object's BTF. */
const struct file_rename_event *file_rename_event_btf;

struct pending_name {
	struct dentry *parent;
	struct inode *inode;
	__u32 len;
	char name[NAME_CAPACITY];
};

/* A rename that has begun: by the end the dentries have the other's name and parent. */
struct pending_rename {
	struct dentry *dentry;
	struct vfsmount *mnt;
	__u32 flags;
	struct pending_name old, new;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX / 4);
	__type(key, __u32); /* thread id */
	__type(value, struct pending_rename);
} pending_renames SEC(".maps");

/* To begin an entry of that map with: it is too large for the stack. */
const struct pending_rename no_rename;

#define RENAME_EXCHANGE 2

#define FMODE_CREATED 0x100000
#define __O_TMPFILE   020000000

/*
 * Called on every open once the file is looked up or created, with the mount, and by file systems
 * that create and open in one step too. Later steps may still fail, but the file exists.
 */
HOOK_ENTRY(file_open, security_file_open)
{
	struct file *file = (struct file *)ctx[0];
	__u32 tid = thread_id();

	if (!(BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
		return 0;
	/* Left by path_mknod, which open calls before it creates a file. */
	bpf_map_delete_elem(&pending_entries, &tid);
	/* A file without a name. */
	if (BPF_CORE_READ(file, f_flags) & __O_TMPFILE)
		return 0;
	create_send(SLOT_OPEN, BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt),
		    BPF_CORE_READ(file, f_inode), NULL);
	return 0;
}

/* (dir, dentry, mode, dev): mknod and bind, and open when it is about to create a file. */
HOOK_LSM_RETURN(file_mknod_begin, path_mknod)
{
	entry_begin(call, NULL, CALL_RESULT(call, 4));
	return 0;
}

/* Regular files made by mknod; open does not come here. */
HOOK_RETURN(file_create_end, vfs_create)
{
	entry_end_create(vfs_create_result(call), SLOT_CREATE);
	return 0;
}

HOOK_RETURN(file_mknod_end, vfs_mknod)
{
	entry_end_create(vfs_mknod_result(call), SLOT_MKNOD);
	return 0;
}

/* (dir, dentry, old_name) */
HOOK_LSM_RETURN(file_symlink_begin, path_symlink)
{
	entry_begin(call, (const char *)call.args[2], CALL_RESULT(call, 3));
	return 0;
}

HOOK_RETURN(file_symlink_end, vfs_symlink)
{
	entry_end_create(vfs_symlink_result(call), SLOT_SYMLINK);
	return 0;
}

/* (dir, dentry) */
HOOK_LSM_RETURN(file_unlink_begin, path_unlink)
{
	entry_begin(call, NULL, CALL_RESULT(call, 2));
	return 0;
}

HOOK_RETURN(file_unlink_end, vfs_unlink)
{
	entry_end_delete(vfs_unlink_result(call), SLOT_UNLINK);
	return 0;
}

static __always_inline void pending_name_fill(struct pending_name *to, const struct path *dir,
					      struct dentry *dentry)
{
	to->parent = BPF_CORE_READ(dir, dentry);
	to->inode = BPF_CORE_READ(dentry, d_inode);
	to->len = BPF_CORE_READ(dentry, d_name.len);
	bpf_probe_read_kernel(to->name, to->len & (NAME_CAPACITY - 1),
			      BPF_CORE_READ(dentry, d_name.name));
}

/* (old_dir, old_dentry, new_dir, new_dentry, flags) */
HOOK_RETURN(file_rename_begin, security_path_rename)
{
	const struct path *old_dir = (const struct path *)call.args[0];
	const struct path *new_dir = (const struct path *)call.args[2];
	struct dentry *old = (struct dentry *)call.args[1], *new = (struct dentry *)call.args[3];
	struct pending_rename *rename;
	__u32 tid = thread_id();

	/* Two names of one file: rename() does nothing, and succeeds. */
	if ((int)CALL_RESULT(call, 5) || BPF_CORE_READ(old, d_inode) == BPF_CORE_READ(new, d_inode))
		return 0;
	if (bpf_map_update_elem(&pending_renames, &tid, &no_rename, BPF_ANY)) {
		count_event(false);
		return 0;
	}
	rename = bpf_map_lookup_elem(&pending_renames, &tid);
	if (!rename)
		return 0;
	rename->dentry = old;
	rename->mnt = BPF_CORE_READ(old_dir, mnt);
	rename->flags = call.args[4];
	pending_name_fill(&rename->old, old_dir, old);
	pending_name_fill(&rename->new, new_dir, new);
	return 0;
}

static __always_inline __u8 named_path_append(struct record *record, struct varlen *field,
					      struct pending_name *name, struct vfsmount *mnt)
{
	path_begin(&record->path, path_max);
	if (path_prepend(&record->path, name->name, name->len))
		path_walk(record, SLOT_RENAME, name->parent, mnt);
	return path_append(record, field);
}

static __always_inline void rename_send(struct pending_rename *rename)
{
	struct record *record = record_begin(SLOT_RENAME, sizeof(struct file_rename_event));
	struct pending_name *old = &rename->old, *new = &rename->new;
	struct file_rename_event *event;

	if (!record)
		return;
	event = (struct file_rename_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_RENAME);
	attributes_fill((struct file_attributes *)&event->inode, old->inode);
	event->exchanged = (rename->flags & RENAME_EXCHANGE) != 0;
	if (new->inode)
		event->replaced_inode = inode_number(new->inode);
	event->old_path_truncated = named_path_append(record, &event->old_path, old, rename->mnt);
	event->new_path_truncated = named_path_append(record, &event->new_path, new, rename->mnt);
	event->symlink_target_truncated =
		target_append(record, &event->symlink_target,
			      symlink_target_of((struct file_attributes *)&event->inode,
						old->inode));
	event->cgroup_path_truncated = cgroup_append(record, SLOT_RENAME, &event->cgroup_path);
	record_send(record);
}

HOOK_RETURN(file_rename_end, vfs_rename)
{
	struct vfs_result result = vfs_rename_result(call);
	__u32 tid = thread_id();
	struct pending_rename *rename = bpf_map_lookup_elem(&pending_renames, &tid);

	if (!rename || rename->dentry != result.dentry)
		return 0;
	if (!result.err)
		rename_send(rename);
	bpf_map_delete_elem(&pending_renames, &tid);
	return 0;
}

HOOK_CALLS_FORGET(file_unlink_end)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
