/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which file, and whose doing: the parts of an event that describe a file. */
#ifndef FILE_INFO_H
#define FILE_INFO_H

#include "cgroup.h"
#include "file_events.h"
#include "memfd.h"
#include "path.h"
#include "task_info.h"

/* The most bytes of a path and of a symlink's target, at most FIELD_CAPACITY. */
const volatile __u32 path_max = FIELD_CAPACITY;
const volatile __u32 symlink_target_max = FIELD_CAPACITY;

#define S_IFMT	0170000
#define S_IFDIR 0040000
#define S_IFREG 0100000

/*
 * By i_mode's highest four bits. Not static: libbpf gives static data no place in the BTF that it
 * loads.
 */
const __u8 file_types[16] = {
	[001] = FILE_FIFO,	   [002] = FILE_CHARACTER_DEVICE, [004] = FILE_DIRECTORY,
	[006] = FILE_BLOCK_DEVICE, [010] = FILE_REGULAR,	  [012] = FILE_SYMLINK,
	[014] = FILE_SOCKET,
};

static __always_inline __u64 inode_number(const struct inode *inode)
{
	return BPF_CORE_READ(inode, i_ino);
}

static __always_inline void attributes_fill(struct file_attributes *to, struct inode *inode)
{
	to->inode = inode_number(inode);
	to->size = BPF_CORE_READ(inode, i_size);
	to->mode = BPF_CORE_READ(inode, i_mode);
	to->uid = BPF_CORE_READ(inode, i_uid.val);
	to->gid = BPF_CORE_READ(inode, i_gid.val);
	to->file_type = file_types[(to->mode & S_IFMT) >> 12];
	to->mount_namespace = BPF_CORE_READ(current_task(), nsproxy, mnt_ns, ns.inum);
	to->cgroup_id = cgroup_id(current_task());
}

/*
 * A copy of a mount that a file system above it (overlayfs) has for itself: what comes by there is
 * not what the task does. It is in no namespace, which the kernel says with an error for a pointer.
 */
static __always_inline bool mount_is_private(struct vfsmount *mnt)
{
	struct mount *mount = (void *)mnt - bpf_core_field_offset(struct mount, mnt);

	return (__u64)BPF_CORE_READ(mount, mnt_ns) >= (__u64)-4095 &&
	       !(BPF_CORE_READ(mnt, mnt_flags) & MNT_INTERNAL);
}

/* The target of a symlink that exists; only what the file system keeps in memory for path walks. */
static __always_inline const char *symlink_target_of(const struct file_attributes *attributes,
						     struct inode *inode)
{
	return attributes->file_type == FILE_SYMLINK ? BPF_CORE_READ(inode, i_link) : NULL;
}

static __always_inline __u8 target_append(struct record *record, struct varlen *field,
					  const char *target)
{
	return target ? record_append_string(record, field, target, symlink_target_max) : 0;
}

/* The path of a dentry in a mount; returns what goes into the field's `_truncated`. */
static __always_inline __u8 file_path_append(struct record *record, __u32 slot,
					     struct varlen *field, struct dentry *dentry,
					     struct vfsmount *mnt)
{
	path_begin(&record->path, path_max);
	/* Files on the kernel's internal mounts (memfd) have a name, but no directories. */
	if (BPF_CORE_READ(mnt, mnt_flags) & MNT_INTERNAL)
		path_prepend(&record->path, BPF_CORE_READ(dentry, d_name.name),
			     BPF_CORE_READ(dentry, d_name.len));
	else
		path_walk(record, slot, dentry, mnt);
	return path_append(record, field);
}

/* The path of the current task's cgroup. */
static __always_inline __u8 cgroup_append(struct record *record, __u32 slot, struct varlen *field)
{
	path_begin(&record->path, path_max);
	cgroup_walk(record, slot, current_task());
	return path_append(record, field);
}

#endif
