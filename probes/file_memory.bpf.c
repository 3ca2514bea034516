// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Opens of files that are in memory only: those of memfd_create(), and POSIX shared memory. */
#include "kernel_types.h"

#define RECORD_SLOTS 1

/* How many tasks can be about to open a file at once; one more is counted as dropped. */
#define CALLS_MAX 4096

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "file_info.h"

/* Nothing reads it: it keeps the struct in the object's BTF. */
const struct memory_open_event *memory_open_event_btf;

#define TMPFS_MAGIC   0x01021994
#define FMODE_CREATED 0x100000

/* Where shm_open() takes its files from: man 7 shm_overview. */
static __always_inline bool path_is_shared_memory(const char *path)
{
	const char prefix[] = "/dev/shm/";

	for (unsigned int i = 0; i < sizeof(prefix) - 1; i++)
		if (path[i] != prefix[i])
			return false;
	return true;
}

static __always_inline void open_send(struct file *file, enum memory_kind kind)
{
	struct record *record = record_begin(0, sizeof(struct memory_open_event));
	struct memory_open_event *event;

	if (!record)
		return;
	event = (struct memory_open_event *)record->bytes;
	event->path_truncated = file_path_append(record, 0, &event->path,
						 BPF_CORE_READ(file, f_path.dentry),
						 BPF_CORE_READ(file, f_path.mnt));
	/* It is the first field, so that it begins where the fixed part ends. */
	if (kind == MEMORY_SHARED && !path_is_shared_memory(&record->bytes[sizeof(*event)]))
		return;
	header_fill((struct event_header *)event, EVENT_MEMORY_OPEN);
	attributes_fill((struct file_attributes *)&event->inode, BPF_CORE_READ(file, f_inode));
	event->kind = kind;
	event->flags = BPF_CORE_READ(file, f_flags);
	event->created = (BPF_CORE_READ(file, f_mode) & FMODE_CREATED) != 0;
	event->cgroup_path_truncated = cgroup_append(record, 0, &event->cgroup_path);
	record_send(record);
}

/* (file): the last that can forbid an open; for these files nothing that comes after it fails. */
HOOK_RETURN(memory_open, security_file_open)
{
	struct file *file = (struct file *)call.args[0];
	bool memfd = file_is_memfd(file);

	if ((int)CALL_RESULT(call, 1) == 0 &&
	    (memfd || BPF_CORE_READ(file, f_path.mnt, mnt_sb, s_magic) == TMPFS_MAGIC))
		open_send(file, memfd ? MEMORY_MEMFD : MEMORY_SHARED);
	return 0;
}

HOOK_CALLS_FORGET(memory_open)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
