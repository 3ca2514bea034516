/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A dentry in a mount -> the path that the current task would use for it, by the kernel's d_path():
 * names are put in front of each other, from the leaf up through the mounts to the task's root.
 * bpf_d_path() may be called from a few functions only, none of them ours.
 */
#ifndef PATH_H
#define PATH_H

#include "send.h"
#include "task_info.h"

/*
 * Names and mounts on the way up: a path with more of them is truncated. Each costs the verifier
 * some time.
 */
#define PATH_STEPS 64

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

struct path_cursor {
	struct dentry *dentry;
	struct vfsmount *mnt;
};

/* From the root of a mount to where it is mounted. False: it is mounted nowhere. */
static __always_inline bool path_cross(struct path_cursor *at)
{
	const __u32 mnt_offset = bpf_core_field_offset(struct mount, mnt);
	struct mount *mount = (void *)at->mnt - mnt_offset;
	struct mount *above = BPF_CORE_READ(mount, mnt_parent);

	if (above == mount)
		return false;
	at->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	at->mnt = (void *)above + mnt_offset;
	return true;
}

/* From a dentry to its parent. False: it has none, or there is no more room for its name. */
static __always_inline bool path_climb(struct path_text *text, struct path_cursor *at)
{
	struct dentry *dentry = at->dentry, *parent = BPF_CORE_READ(dentry, d_parent);
	char name[16]; /* struct qstr, in one read for the verifier's sake */

	if (parent == dentry)
		return false;
	bpf_probe_read_kernel(name, sizeof(name),
			      (void *)dentry + bpf_core_field_offset(struct dentry, d_name));
	at->dentry = parent;
	return path_prepend(text, *(void **)(name + bpf_core_field_offset(struct qstr, name)),
			    *(__u32 *)(name + bpf_core_field_offset(struct qstr, len)));
}

/*
 * Walk up from `dentry` in `mnt`, putting names in front of what `text` has, until the root. A
 * dentry that is in no mount the task can reach (a detached mount, memfd) ends at the last root it
 * has.
 */
static __noinline int path_walk(struct path_text *text, struct dentry *dentry, struct vfsmount *mnt)
{
	struct fs_struct *fs = BPF_CORE_READ(current_task(), fs);
	struct dentry *mnt_root = BPF_CORE_READ(mnt, mnt_root);
	struct dentry *root = BPF_CORE_READ(fs, root.dentry);
	struct vfsmount *root_mnt = BPF_CORE_READ(fs, root.mnt);
	struct path_cursor at = { dentry, mnt };

	for (long i = 0; i < PATH_STEPS; i++) {
		__u64 from_root = (__u64)at.dentry ^ (__u64)root;

		/* One branch instead of two, or the verifier would have twice the work. */
		barrier_var(from_root);
		if (!(from_root | ((__u64)at.mnt ^ (__u64)root_mnt)))
			return 0;
		if (at.dentry != mnt_root) {
			if (!path_climb(text, &at))
				return 0;
		} else {
			if (!path_cross(&at))
				return 0;
			mnt = at.mnt;
			mnt_root = BPF_CORE_READ(mnt, mnt_root);
		}
	}
	text->truncated = 1;
	return 0;
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
