// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Files by name: create, delete, rename.
 *
 * A vfs_ function knows whether the operation succeeded, but not through which mount it came, and
 * so no path. The security_path_ function called just before knows the mount; what it saw is kept
 * for the task until the vfs_ function returns. That also leaves out what a file system does below
 * itself (overlayfs calls vfs_unlink on its upper layer): it comes without a security_path_ call,
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

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "path.h"
#include "send.h"
#include "task_info.h"

/* The most bytes of a path and of a symlink's target, at most FIELD_CAPACITY. */
const volatile __u32 path_max = FIELD_CAPACITY;
const volatile __u32 symlink_target_max = FIELD_CAPACITY;

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct file_create_event *file_create_event_btf;
const struct file_delete_event *file_delete_event_btf;
const struct file_rename_event *file_rename_event_btf;

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

#define S_IFMT		0170000
#define RENAME_EXCHANGE 2

/*
 * By i_mode's highest four bits. Not static: libbpf gives static data no place in the BTF that it
 * loads.
 */
const __u8 file_types[16] = {
	[001] = FILE_FIFO,	   [002] = FILE_CHARACTER_DEVICE, [004] = FILE_DIRECTORY,
	[006] = FILE_BLOCK_DEVICE, [010] = FILE_REGULAR,	  [012] = FILE_SYMLINK,
	[014] = FILE_SOCKET,
};

static __always_inline __u32 thread_id(void)
{
	return bpf_get_current_pid_tgid();
}

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
	path_begin(&record->path, path_max);
	path_walk(record, slot, dentry, mnt);
	event->path_truncated = path_append(record, &event->path);
	event->symlink_target_truncated =
		target_append(record, &event->symlink_target, symlink_target);
	record_send(record);
}

#define FMODE_CREATED 0x100000
#define __O_TMPFILE   020000000

/*
 * Called on every open once the file is looked up or created, with the mount, and by file systems
 * that create and open in one step too. What follows may still fail; the file is there all the
 * same.
 */
HOOK_ENTRY(file_open, security_file_open)
{
	struct file *file = (struct file *)ctx[0];
	__u32 tid = thread_id();

	if (!(BPF_CORE_READ(file, f_mode) & FMODE_CREATED))
		return 0;
	/* Left by security_path_mknod, which open calls before it creates a file. */
	bpf_map_delete_elem(&pending_entries, &tid);
	/* A file without a name. */
	if (BPF_CORE_READ(file, f_flags) & __O_TMPFILE)
		return 0;
	create_send(SLOT_OPEN, BPF_CORE_READ(file, f_path.dentry), BPF_CORE_READ(file, f_path.mnt),
		    BPF_CORE_READ(file, f_inode), NULL);
	return 0;
}

/*
 * A security_path_ function (dir, dentry, ...) has returned: if it allowed it, remember it.
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

/* (dir, dentry, mode, dev): mknod and bind, and open when it is about to create a file. */
HOOK_RETURN(file_mknod_begin, security_path_mknod)
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
HOOK_RETURN(file_symlink_begin, security_path_symlink)
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
HOOK_RETURN(file_unlink_begin, security_path_unlink)
{
	entry_begin(call, NULL, CALL_RESULT(call, 2));
	return 0;
}

HOOK_RETURN(file_unlink_end, vfs_unlink)
{
	struct file_delete_event *event;
	struct pending_entry entry;
	struct record *record;

	if (!entry_end(vfs_unlink_result(call), &entry))
		return 0;
	record = record_begin(SLOT_UNLINK, sizeof(*event));
	if (!record)
		return 0;
	event = (struct file_delete_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_DELETE);
	attributes_fill((struct file_attributes *)&event->inode, entry.inode);
	path_begin(&record->path, path_max);
	path_walk(record, SLOT_UNLINK, entry.dentry, entry.mnt);
	event->path_truncated = path_append(record, &event->path);
	event->symlink_target_truncated =
		target_append(record, &event->symlink_target,
			      symlink_target_of((struct file_attributes *)&event->inode,
						entry.inode));
	record_send(record);
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

/* An open that was allowed to create a file and then found it there leaves its entry behind. */
HOOK_TRACEPOINT(file_task_exit, sched_process_exit)
{
	__u32 tid = thread_id();

	(void)ctx;
	bpf_map_delete_elem(&pending_entries, &tid);
	CALLS_FORGET();
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
