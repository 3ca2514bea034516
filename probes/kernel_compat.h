/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Differences between the kernels that we run on, each with the release and the commit that
 * changed it. The code tests for a feature, never for a version, because distributions backport
 * changes. Each test is a constant when the verifier sees it, so the verifier never looks at the
 * branches for other kernels.
 *
 * These differences need no test, because one way of doing it is right for all kernels:
 *   5.12  e5069b9c23b3  path.h: before, global functions get numbers only
 *   5.19  100f59d96405  README.md: before, the LSM hook of a rename has no flags, and is asked twice
 *   6.2   271de525e1d7  hooks.h: LSM programs that were preempted run again on the same CPU
 *   6.6   02a6dfa8ff43  hooks.h: before, the upper half of a narrow argument may be anything
 *   6.6   def3ae83da02  file_change.bpf.c: before, what overlayfs has open has the path of the file above
 *   6.9   1b67772e4e3f, a2431c7eabcf  bpf.bpf.c: LSM hooks of single commands got other names
 *   6.13  1cda52f1b461  hooks.h: before, fanotify is asked within security_file_open
 *   6.15  1271a40eeafa  hooks.h: before, a const void * argument cannot be read
 *   6.15  082f1db02c80  bpf.bpf.c: security_bpf has an argument more
 */
#ifndef KERNEL_COMPAT_H
#define KERNEL_COMPAT_H

#include "hooks.h"
#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct vfsmount___idmapped {
	void *mnt_userns; /* 5.12 to 6.1 */
	void *mnt_idmap;  /* from 6.2 */
} __attribute__((preserve_access_index));

/*
 * 5.12, 6521f8917082 ("namei: prepare for idmapped mounts"), gave the vfs_ functions a new first
 * argument. It did so to vfsmount too, where it can be seen (6.2, 256c8aed2b42 "fs: introduce
 * dedicated idmap type for mounts", renamed it there).
 */
static __always_inline bool vfs_has_idmap(void)
{
	return bpf_core_field_exists(struct vfsmount___idmapped, mnt_userns) ||
	       bpf_core_field_exists(struct vfsmount___idmapped, mnt_idmap);
}

/* A function whose first argument is the idmap, from 5.12 on: where the index-th of the others is. */
#define IDMAP_ARGUMENT(args, index) \
	(vfs_has_idmap() ? CONTEXT_READ(args, (index) + 1) : CONTEXT_READ(args, index))
#define IDMAP_RESULT(call, argument_count)                                 \
	((int)(vfs_has_idmap() ? CALL_RESULT(call, (argument_count) + 1) : \
				 CALL_RESULT(call, argument_count)))

struct delegated_inode {
	void *di_inode;
} __attribute__((preserve_access_index));

/*
 * 6.19 added a last argument `struct delegated_inode *` to vfs_create (c826229c6a82), vfs_mknod
 * (e8960c1b2ee9) and vfs_symlink (92bf53577f01), having added the type itself in 6976ed2dd0d5
 * ("filelock: add struct delegated_inode"). vfs_unlink and vfs_rename had such an argument before
 * and only changed its type.
 */
static __always_inline bool vfs_has_delegation(void)
{
	return bpf_core_type_exists(struct delegated_inode);
}

/* The dentry that a vfs_ function worked on, and what it returned. */
struct vfs_result {
	struct dentry *dentry;
	int err;
};

#define VFS_RESULT(call, dentry_index, argument_count)                                  \
	((struct vfs_result){ (struct dentry *)CONTEXT_READ((call).args, dentry_index), \
			      (int)CALL_RESULT(call, argument_count) })

/* vfs_unlink([idmap,] dir, dentry, delegated_inode) */
static __always_inline struct vfs_result vfs_unlink_result(struct call call)
{
	if (vfs_has_idmap())
		return VFS_RESULT(call, 2, 4);
	return VFS_RESULT(call, 1, 3);
}

/* vfs_symlink([idmap,] dir, dentry, oldname[, delegated_inode]) */
static __always_inline struct vfs_result vfs_symlink_result(struct call call)
{
	if (vfs_has_delegation())
		return VFS_RESULT(call, 2, 5);
	if (vfs_has_idmap())
		return VFS_RESULT(call, 2, 4);
	return VFS_RESULT(call, 1, 3);
}

/* vfs_mknod([idmap,] dir, dentry, mode, dev[, delegated_inode]) */
static __always_inline struct vfs_result vfs_mknod_result(struct call call)
{
	if (vfs_has_delegation())
		return VFS_RESULT(call, 2, 6);
	if (vfs_has_idmap())
		return VFS_RESULT(call, 2, 5);
	return VFS_RESULT(call, 1, 4);
}

/*
 * vfs_create([idmap,] dir, dentry, mode, want_excl); from 6.19, 85bbffcad730 ("vfs: clean up
 * argument list for vfs_create()"): vfs_create(idmap, dentry, mode, delegated_inode)
 */
static __always_inline struct vfs_result vfs_create_result(struct call call)
{
	if (vfs_has_delegation())
		return VFS_RESULT(call, 1, 4);
	if (vfs_has_idmap())
		return VFS_RESULT(call, 2, 5);
	return VFS_RESULT(call, 1, 4);
}

/*
 * vfs_mkdir([idmap,] dir, dentry, mode[, delegated_inode]), the last one from 6.19, e12d203b8c88
 * ("vfs: allow mkdir to wait for delegation break on parent").
 * From 6.15, c54b386969a5 ("VFS: Change vfs_mkdir() to return the dentry"), it returns a dentry,
 * where it had returned an int, which leaves half of the register open. No pointer to something has
 * that half all zero or all one.
 */
static __always_inline struct vfs_result vfs_mkdir_result(struct call call)
{
	const __u32 count = 3 + vfs_has_idmap() + vfs_has_delegation();
	__u64 value = call.probed ? call.result : context_copy(call.args, count);
	struct vfs_result result = { .dentry = (struct dentry *)IDMAP_ARGUMENT(call.args, 1) };
	__u32 high = value >> 32;
	int low = (int)value;

	if (low < 0 && low >= -4095 && (high == 0 || high == ~0U))
		result.err = low;
	return result;
}

/* vfs_link(old_dentry, [idmap,] dir, new_dentry, delegated_inode) */
static __always_inline struct vfs_result vfs_link_result(struct call call)
{
	if (vfs_has_idmap())
		return VFS_RESULT(call, 3, 5);
	return VFS_RESULT(call, 2, 4);
}

struct renamedata {
	struct dentry *old_dentry;
} __attribute__((preserve_access_index));

/*
 * vfs_rename(old_dir, old_dentry, new_dir, new_dentry, delegated_inode, flags); from 5.12,
 * 9fe61450972d ("namei: introduce struct renamedata"), in the stable series from 5.10.220 as well:
 * vfs_rename(renamedata)
 */
static __always_inline struct vfs_result vfs_rename_result(struct call call)
{
	const struct renamedata *data;

	if (!bpf_core_type_exists(struct renamedata))
		return VFS_RESULT(call, 1, 6);
	data = (const struct renamedata *)CONTEXT_READ(call.args, 0);
	return (struct vfs_result){ BPF_CORE_READ(data, old_dentry), (int)CALL_RESULT(call, 1) };
}

struct trace_event_raw_sched_process_exit {
	bool group_dead;
} __attribute__((preserve_access_index));

/*
 * Does sched_process_exit(task[, group_dead]) say whether the thread is its process's last one?
 * From 6.16, 3e816361e94a ("sched/tracepoints: Move and extend the sched_process_exit()
 * tracepoint"), which also gave it a record type of its own.
 */
static __always_inline bool exit_has_group_dead(void)
{
	return bpf_core_field_exists(struct trace_event_raw_sched_process_exit, group_dead);
}

/* Only where exit_has_group_dead(). */
static __always_inline bool exit_group_dead(const __u64 *ctx)
{
	return (bool)CONTEXT_READ(ctx, 1);
}

/*
 * 6.3, f122a08b197d ("capability: just use a 'u64' instead of a 'u32[2]' array"). On the
 * little-endian machines that we support the bytes did not change, only the type: read them without
 * it.
 */
static __always_inline __u64 capabilities_read(const struct capability_set *set)
{
	__u64 bits = 0;

	bpf_probe_read_kernel(&bits, sizeof(bits), set);
	return bits;
}

struct kernfs_node___6_15 {
	struct kernfs_node *__parent;
} __attribute__((preserve_access_index));

struct kernfs_node___5_10 {
	struct kernfs_node *parent;
} __attribute__((preserve_access_index));

/* Renamed in 6.15 by 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent."). */
static __always_inline struct kernfs_node *kernfs_parent(struct kernfs_node *node)
{
	if (bpf_core_field_exists(struct kernfs_node___6_15, __parent))
		return BPF_CORE_READ((struct kernfs_node___6_15 *)node, __parent);
	return BPF_CORE_READ((struct kernfs_node___5_10 *)node, parent);
}

enum kernel_read_file_id___module {
	READING_MODULE,
	READING_MODULE_COMPRESSED,
};

/*
 * Is the argument of security_kernel_read_file() a module? Since 6.19, c200892b46ba ("ima: Access
 * decompressed kernel module to verify appended signature"), modules that the kernel decompresses
 * itself have an id of their own.
 */
static __always_inline bool reads_module(__u32 id)
{
	if (id == bpf_core_enum_value(enum kernel_read_file_id___module, READING_MODULE))
		return true;
	return bpf_core_enum_value_exists(enum kernel_read_file_id___module,
					  READING_MODULE_COMPRESSED) &&
	       id == bpf_core_enum_value(enum kernel_read_file_id___module,
					 READING_MODULE_COMPRESSED);
}

#endif
