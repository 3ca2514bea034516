/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A dentry in a mount -> the path that the current task would use for it, by the kernel's d_path():
 * names are put in front of each other, from the leaf up through the mounts to the task's root.
 * bpf_d_path() may be called from a few functions only, none of them ours.
 */
#ifndef PATH_H
#define PATH_H

#include "record.h"
#include "task_info.h"

/*
 * Names and mounts on the way up: a path with more of them is truncated. So many at once, so often:
 * the verifier goes through both loops, but not through one within the other.
 */
#define PATH_STEPS  8
#define PATH_ROUNDS 8

/* A new path of at most `limit` bytes. */
static __always_inline void path_begin(struct path_text *text, __u32 limit)
{
	text->start = FIELD_CAPACITY;
	text->truncated = 0;
	text->limit = limit < FIELD_CAPACITY ? limit : FIELD_CAPACITY;
}

/* Put "/name" in front. Returns false when there is no more room. */
static __always_inline bool path_prepend(struct path_text *text, const void *name, __u64 len)
{
	__u64 start = text->start;

	len &= NAME_CAPACITY - 1;
	if (FIELD_CAPACITY - start + len >= text->limit) {
		text->truncated = 1;
		return false;
	}
	start -= len + 1;
	barrier_var(start);
	start &= FIELD_CAPACITY - 1;
	text->start = start;
	text->bytes[start] = '/';
	bpf_probe_read_kernel(&text->bytes[start + 1], len, name);
	return true;
}

/* From the root of a mount to where it is mounted. False: it is mounted nowhere. */
static __always_inline bool path_cross(struct path_text *text)
{
	const __u32 mnt_offset = bpf_core_field_offset(struct mount, mnt);
	struct mount *mount = (void *)text->mnt - mnt_offset;
	struct mount *above = BPF_CORE_READ(mount, mnt_parent);

	if (above == mount)
		return false;
	text->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	text->mnt = (void *)above + mnt_offset;
	text->mnt_root = BPF_CORE_READ(above, mnt.mnt_root);
	return true;
}

/* From a dentry to its parent. False: it has none, or there is no more room for its name. */
static __always_inline bool path_climb(struct path_text *text)
{
	struct dentry *dentry = text->dentry, *parent = BPF_CORE_READ(dentry, d_parent);

	if (parent == dentry)
		return false;
	text->dentry = parent;
	return path_prepend(text, BPF_CORE_READ(dentry, d_name.name),
			    BPF_CORE_READ(dentry, d_name.len));
}

/*
 * A step on the way up. False at its end. It is a global function, which the verifier looks at once,
 * and not at each of the steps; and may get numbers only (pointers from 5.12, commit e5069b9c23b3),
 * so that all it needs is in the record of the slot.
 */
__noinline int path_step(__u32 slot)
{
	struct record *record = bpf_map_lookup_elem(&records, &slot);
	struct path_text *text;

	if (!record)
		return false;
	text = &record->path;
	if (text->dentry == text->root && text->mnt == text->root_mnt)
		return false;
	return text->dentry == text->mnt_root ? path_cross(text) : path_climb(text);
}

__noinline int path_steps(__u32 slot)
{
	for (int i = 0; i < PATH_STEPS; i++)
		if (!path_step(slot))
			return false;
	return true;
}

/*
 * Walk up from `dentry` in `mnt`, putting names in front of what the slot's record has, until the
 * root. A dentry that is in no mount the task can reach (a detached mount, memfd) ends at the last
 * root it has.
 */
static __always_inline void path_walk(struct record *record, __u32 slot, struct dentry *dentry,
				      struct vfsmount *mnt)
{
	struct fs_struct *fs = BPF_CORE_READ(current_task(), fs);
	struct path_text *text = &record->path;

	text->dentry = dentry;
	text->mnt = mnt;
	text->mnt_root = BPF_CORE_READ(mnt, mnt_root);
	text->root = BPF_CORE_READ(fs, root.dentry);
	text->root_mnt = BPF_CORE_READ(fs, root.mnt);
	for (int i = 0; i < PATH_ROUNDS; i++)
		if (!path_steps(slot))
			return;
	text->truncated = 1;
}

/* Append the path to the record; returns what goes into the field's `_truncated`. */
static __always_inline __u8 path_append(struct record *record, struct varlen *field)
{
	struct path_text *text = &record->path;
	__u64 start = text->start;
	__u8 truncated = text->truncated;

	/* Only the root has no name at all. */
	if (start >= FIELD_CAPACITY && !truncated) {
		start = FIELD_CAPACITY - 1;
		text->bytes[start] = '/';
	}
	/* Without its front a path must not look like one from the root. */
	if (truncated && start < FIELD_CAPACITY)
		start++;
	barrier_var(start);
	if (start > FIELD_CAPACITY)
		return 1;
	return record_append(record, field, &text->bytes[start], false, FIELD_CAPACITY - start,
			     FIELD_CAPACITY) |
	       truncated;
}

#endif
