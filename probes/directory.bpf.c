// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Directories made and removed, and hard links; as in file.bpf.c, in two steps. */
#include "kernel_types.h"

enum record_slot {
	SLOT_MKDIR,
	SLOT_RMDIR,
	SLOT_LINK,
	RECORD_SLOTS,
};

/* How many tasks can be within such an operation at once; one more is counted as dropped. */
#define PENDING_MAX 4096
#define CALLS_MAX   PENDING_MAX

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "file_entry.h"

/* Nothing reads it: it keeps the struct in the object's BTF. */
const struct file_link_event *file_link_event_btf;

/* (dir, dentry, mode) */
HOOK_LSM_RETURN(directory_mkdir_begin, path_mkdir)
{
	entry_begin(call, NULL, CALL_RESULT(call, 3));
	return 0;
}

HOOK_RETURN(directory_mkdir_end, vfs_mkdir)
{
	entry_end_create(vfs_mkdir_result(call), SLOT_MKDIR);
	return 0;
}

/* (dir, dentry) */
HOOK_LSM_RETURN(directory_rmdir_begin, path_rmdir)
{
	entry_begin(call, NULL, CALL_RESULT(call, 2));
	return 0;
}

/* Called by vfs_rmdir, once that has succeeded. Itself it may be inlined: in Debian's 5.10 it is. */
HOOK_ENTRY(directory_rmdir_end, d_delete)
{
	entry_end_delete((struct vfs_result){ .dentry = (struct dentry *)ctx[0] }, SLOT_RMDIR);
	return 0;
}

/* (old_dentry, new_dir, new_dentry): the new name comes first, as in the others. */
HOOK_LSM_RETURN(file_link_begin, path_link)
{
	const __u64 new[] = { call.args[1], call.args[2] };

	entry_begin((struct call){ .args = new }, NULL, CALL_RESULT(call, 3));
	return 0;
}

static __always_inline void link_send(struct dentry *linked, const struct pending_entry *entry)
{
	struct record *record = record_begin(SLOT_LINK, sizeof(struct file_link_event));
	struct inode *inode = BPF_CORE_READ(linked, d_inode);
	struct file_link_event *event;

	if (!record)
		return;
	event = (struct file_link_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_FILE_LINK);
	attributes_fill((struct file_attributes *)&event->inode, inode);
	event->link_count = BPF_CORE_READ(inode, i_nlink);
	event->path_truncated =
		file_path_append(record, SLOT_LINK, &event->path, entry->dentry, entry->mnt);
	/* Both are in one mount, or there is no link. */
	event->linked_path_truncated =
		file_path_append(record, SLOT_LINK, &event->linked_path, linked, entry->mnt);
	event->cgroup_path_truncated = cgroup_append(record, SLOT_LINK, &event->cgroup_path);
	record_send(record);
}

HOOK_RETURN(file_link_end, vfs_link)
{
	struct pending_entry entry;

	if (entry_end(vfs_link_result(call), &entry))
		link_send((struct dentry *)call.args[0], &entry);
	return 0;
}

HOOK_CALLS_FORGET(file_link_end)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
