// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Files changed: content, permissions, owner, extended attributes.
 *
 * The old state of a file, and its mount, are kept for the task until the function
 * that changes it returns.
 */
#include "kernel_types.h"

enum record_slot {
	SLOT_WRITE,
	SLOT_WRITEV,
	SLOT_SPLICE,
	SLOT_SENDFILE,
	SLOT_COPY,
	SLOT_FALLOCATE,
	SLOT_TRUNCATE,
	SLOT_ATTRIBUTES,
	SLOT_SETXATTR,
	SLOT_REMOVEXATTR,
	RECORD_SLOTS,
};

/* How many tasks can be within such an operation at once; one more is counted as dropped. */
#define PENDING_MAX 4096
#define CALLS_MAX   PENDING_MAX

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "file_info.h"

/* The most bytes of an extended attribute's value, at most FIELD_CAPACITY. */
const volatile __u32 xattr_value_max = FIELD_CAPACITY;

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct file_modify_event *file_modify_event_btf;
const struct file_xattr_event *file_xattr_event_btf;

/* The mount that a task may write to right now, by other means than a file description. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32); /* thread id */
	__type(value, struct vfsmount *);
} pending_mounts SEC(".maps");

struct pending_change {
	const void *object; /* struct file that is written to, or struct dentry */
	struct dentry *dentry;
	struct vfsmount *mnt;
	enum file_change change;
	struct file_before before;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32); /* thread id */
	__type(value, struct pending_change);
} pending_changes SEC(".maps");

static __always_inline void mount_begin(struct vfsmount *mnt)
{
	__u32 tid = thread_id();

	if (!mount_is_private(mnt) && bpf_map_update_elem(&pending_mounts, &tid, &mnt, BPF_ANY))
		count_event(false);
}

/*
 * A write in between to a layer of an overlay uses a private mount, and does not touch this
 * entry.
 */
static __always_inline void mount_end(struct vfsmount *mnt)
{
	__u32 tid = thread_id();
	struct vfsmount **known = bpf_map_lookup_elem(&pending_mounts, &tid);

	if (known && *known == mnt)
		bpf_map_delete_elem(&pending_mounts, &tid);
}

HOOK_ENTRY(change_mount_begin, mnt_want_write)
{
	mount_begin((struct vfsmount *)ctx[0]);
	return 0;
}

HOOK_ENTRY(change_mount_end, mnt_drop_write)
{
	mount_end((struct vfsmount *)ctx[0]);
	return 0;
}

HOOK_ENTRY(change_file_mount_begin, mnt_want_write_file)
{
	mount_begin(BPF_CORE_READ((struct file *)ctx[0], f_path.mnt));
	return 0;
}

HOOK_ENTRY(change_file_mount_end, mnt_drop_write_file)
{
	mount_end(BPF_CORE_READ((struct file *)ctx[0], f_path.mnt));
	return 0;
}

/*
 * The mount by which the task came to this dentry, or NULL: then it is the kernel that works on it,
 * such as overlayfs in its upper layer.
 */
static __always_inline struct vfsmount *mount_of(struct dentry *dentry)
{
	__u32 tid = thread_id();
	struct vfsmount **known = bpf_map_lookup_elem(&pending_mounts, &tid);
	struct vfsmount *mnt;

	if (!known)
		return NULL;
	mnt = *known;
	return BPF_CORE_READ(mnt, mnt_sb) == BPF_CORE_READ(dentry, d_sb) ? mnt : NULL;
}

static __always_inline void change_begin(const void *object, struct dentry *dentry,
					 struct vfsmount *mnt, enum file_change change)
{
	struct inode *inode = BPF_CORE_READ(dentry, d_inode);
	struct pending_change pending = {
		.object = object,
		.dentry = dentry,
		.mnt = mnt,
		.change = change,
	};
	__u32 tid = thread_id();

	pending.before.size = BPF_CORE_READ(inode, i_size);
	pending.before.mode = BPF_CORE_READ(inode, i_mode);
	pending.before.uid = BPF_CORE_READ(inode, i_uid.val);
	pending.before.gid = BPF_CORE_READ(inode, i_gid.val);
	if (bpf_map_update_elem(&pending_changes, &tid, &pending, BPF_ANY))
		count_event(false);
}

static __always_inline void change_send(__u32 slot, const struct pending_change *pending,
					__u64 bytes)
{
	struct record *record = record_begin(slot, sizeof(struct file_modify_event));
	struct dentry *dentry = pending->dentry;
	struct file_modify_event *event;

	if (!record)
		return;
	event = (struct file_modify_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_MODIFY);
	attributes_fill((struct file_attributes *)&event->inode, BPF_CORE_READ(dentry, d_inode));
	event->change = pending->change;
	event->before = pending->before;
	event->bytes = bytes;
	event->path_truncated = file_path_append(record, slot, &event->path, dentry, pending->mnt);
	event->cgroup_path_truncated = cgroup_append(record, slot, &event->cgroup_path);
	record_send(record);
}

/* The function that changes `object` has returned. */
static __always_inline void change_end(const void *object, bool content, bool changed, __u32 slot,
				       __u64 bytes)
{
	__u32 tid = thread_id();
	struct pending_change *pending = bpf_map_lookup_elem(&pending_changes, &tid);

	if (!pending || pending->object != object || (pending->change == FILE_CONTENT) != content)
		return;
	if (changed)
		change_send(slot, pending, bytes);
	bpf_map_delete_elem(&pending_changes, &tid);
}

/*
 * One that a file system above another (overlayfs) has open there for a file of its own: through a
 * mount of its own, or, until 6.6 (def3ae83da02 "fs: store real path instead of fake path in
 * backing file f_path"), with the path of that file.
 */
static __always_inline bool file_is_backing(struct file *file)
{
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);

	return BPF_CORE_READ(file, f_inode) != BPF_CORE_READ(dentry, d_inode) ||
	       mount_is_private(BPF_CORE_READ(file, f_path.mnt));
}

static __always_inline void write_begin(struct file *file)
{
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) == S_IFREG && !file_is_backing(file))
		change_begin(file, BPF_CORE_READ(file, f_path.dentry),
			     BPF_CORE_READ(file, f_path.mnt), FILE_CONTENT);
}

/*
 * A function that writes to the file that is its argument `index`, and returns how many bytes, or
 * an error. Not security_file_permission, which all of them call, but each read as well: the more
 * often a program runs, the more often it is in the way of itself (see Losses in README.md).
 */
#define WRITE_HOOKS(name, function, index, argument_count, slot)                            \
	HOOK_ENTRY(name##_begin, function)                                                  \
	{                                                                                   \
		write_begin((struct file *)ctx[index]);                                     \
		return 0;                                                                   \
	}                                                                                   \
	HOOK_RETURN(name##_end, function)                                                   \
	{                                                                                   \
		__s64 result = CALL_RESULT(call, argument_count);                           \
                                                                                            \
		change_end((const void *)call.args[index], true, result > 0, slot, result); \
		return 0;                                                                   \
	}

/* (file, buffer, count, position): write, pwrite */
WRITE_HOOKS(change_write, vfs_write, 0, 4, SLOT_WRITE)
/* (file, vector, length, position, flags): writev, pwritev, pwritev2 */
WRITE_HOOKS(change_writev, vfs_writev, 0, 5, SLOT_WRITEV)
/* (in, in_offset, out, out_offset, length, flags): splice */
WRITE_HOOKS(change_splice, do_splice, 2, 6, SLOT_SPLICE)
/* (in, in_offset, out, out_offset, length, flags): sendfile, and copy_file_range until 6.7 */
WRITE_HOOKS(change_sendfile, do_splice_direct, 2, 6, SLOT_SENDFILE)
/* (in, in_offset, out, out_offset, length, flags): copy_file_range */
WRITE_HOOKS(change_copy, vfs_copy_file_range, 2, 6, SLOT_COPY)

/* (file, mode, offset, length) */
HOOK_ENTRY(change_fallocate_begin, vfs_fallocate)
{
	write_begin((struct file *)ctx[0]);
	return 0;
}

HOOK_RETURN(change_fallocate_end, vfs_fallocate)
{
	change_end((const void *)call.args[0], true, (int)CALL_RESULT(call, 4) == 0, SLOT_FALLOCATE,
		   call.args[3]);
	return 0;
}

/* ([idmap,] dentry, length, time_attrs, file): truncate; ftruncate and open have a file */
HOOK_ENTRY(change_truncate_begin, do_truncate)
{
	struct dentry *dentry = (struct dentry *)IDMAP_ARGUMENT(ctx, 0);
	struct file *file = (struct file *)IDMAP_ARGUMENT(ctx, 3);
	struct vfsmount *mnt = file ? BPF_CORE_READ(file, f_path.mnt) : mount_of(dentry);

	if (mnt)
		change_begin(dentry, dentry, mnt, FILE_CONTENT);
	return 0;
}

HOOK_RETURN(change_truncate_end, do_truncate)
{
	change_end((const void *)IDMAP_ARGUMENT(call.args, 0), true, IDMAP_RESULT(call, 4) == 0,
		   SLOT_TRUNCATE, 0);
	return 0;
}

#define ATTR_MODE 1
#define ATTR_UID  2
#define ATTR_GID  4

/* ([idmap,] dentry, attributes, delegated_inode): chmod, chown, and much else */
HOOK_ENTRY(change_attributes_begin, notify_change)
{
	struct dentry *dentry = (struct dentry *)IDMAP_ARGUMENT(ctx, 0);
	__u32 valid = BPF_CORE_READ((struct iattr *)IDMAP_ARGUMENT(ctx, 1), ia_valid);
	struct vfsmount *mnt;

	if (!(valid & (ATTR_MODE | ATTR_UID | ATTR_GID)))
		return 0;
	mnt = mount_of(dentry);
	if (mnt)
		change_begin(dentry, dentry, mnt,
			     valid & ATTR_MODE ? FILE_PERMISSIONS : FILE_OWNER);
	return 0;
}

HOOK_RETURN(change_attributes_end, notify_change)
{
	change_end((const void *)IDMAP_ARGUMENT(call.args, 0), false, IDMAP_RESULT(call, 3) == 0,
		   SLOT_ATTRIBUTES, 0);
	return 0;
}

static __always_inline void xattr_end(__u32 slot, struct dentry *dentry, const char *name,
				      const void *value, __u64 size)
{
	struct vfsmount *mnt = mount_of(dentry);
	struct file_xattr_event *event;
	struct record *record;

	if (!mnt)
		return;
	record = record_begin(slot, sizeof(*event));
	if (!record)
		return;
	event = (struct file_xattr_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_XATTR);
	attributes_fill((struct file_attributes *)&event->inode, BPF_CORE_READ(dentry, d_inode));
	event->removed = slot == SLOT_REMOVEXATTR;
	event->path_truncated = file_path_append(record, slot, &event->path, dentry, mnt);
	event->name_truncated = record_append_string(record, &event->name, name, FIELD_CAPACITY);
	event->value_truncated =
		record_append(record, &event->value, value, false, size, xattr_value_max);
	event->cgroup_path_truncated = cgroup_append(record, slot, &event->cgroup_path);
	record_send(record);
}

/* ([idmap,] dentry, name, value, size, flags) */
HOOK_RETURN(change_setxattr_end, vfs_setxattr)
{
	if (IDMAP_RESULT(call, 5) == 0)
		xattr_end(SLOT_SETXATTR, (struct dentry *)IDMAP_ARGUMENT(call.args, 0),
			  (const char *)IDMAP_ARGUMENT(call.args, 1),
			  (const void *)context_copy(call.args, 2 + vfs_has_idmap()),
			  IDMAP_ARGUMENT(call.args, 3));
	return 0;
}

/* ([idmap,] dentry, name) */
HOOK_RETURN(change_removexattr_end, vfs_removexattr)
{
	if (IDMAP_RESULT(call, 2) == 0)
		xattr_end(SLOT_REMOVEXATTR, (struct dentry *)IDMAP_ARGUMENT(call.args, 0),
			  (const char *)IDMAP_ARGUMENT(call.args, 1), NULL, 0);
	return 0;
}

/* Entries whose end hook never ran are dropped when the task exits. */
HOOK_TRACEPOINT(change_task_exit, sched_process_exit)
{
	__u32 tid = thread_id();

	(void)ctx;
	bpf_map_delete_elem(&pending_mounts, &tid);
	bpf_map_delete_elem(&pending_changes, &tid);
	return 0;
}

HOOK_CALLS_FORGET(change_write_end)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
