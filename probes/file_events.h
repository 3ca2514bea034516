/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The records about files, as in events.h. */
#ifndef FILE_EVENTS_H
#define FILE_EVENTS_H

#include "events.h"

enum file_type {
	FILE_UNKNOWN,
	FILE_REGULAR,
	FILE_DIRECTORY,
	FILE_SYMLINK,
	FILE_FIFO,
	FILE_SOCKET,
	FILE_CHARACTER_DEVICE,
	FILE_BLOCK_DEVICE,
};

struct file_attributes {
	__u64 inode;
	__u64 size;
	__u32 mode; /* as st_mode: type and permissions */
	__u32 uid, gid;
	enum file_type file_type;
	/* of the task */
	__u32 mount_namespace;
	__u64 cgroup_id; /* that of cgroup v2: the inode number of its directory */
};

/* A name that was not there: open with O_CREAT, symlink, mknod, bind; mkdir. */
struct file_create_event {
	struct event_header;
	struct file_attributes;
	__u8 path_truncated, symlink_target_truncated, cgroup_path_truncated;
	struct varlen path;
	struct varlen cgroup_path;    /* from the root of all cgroups, whatever the task can see */
	struct varlen symlink_target; /* empty when it is no symlink */
};

/*
 * A name is gone, the file with it when it was the last one. The attributes are those just before.
 */
struct file_delete_event {
	struct event_header;
	struct file_attributes;
	__u8 path_truncated, symlink_target_truncated, cgroup_path_truncated;
	struct varlen path;
	struct varlen cgroup_path;
	struct varlen symlink_target;
};

struct file_rename_event {
	struct event_header;
	struct file_attributes;
	__u64 replaced_inode; /* what new_path was before, 0: nothing */
	__u8 exchanged;	      /* that is old_path now (RENAME_EXCHANGE), else it is gone */
	__u8 old_path_truncated, new_path_truncated, symlink_target_truncated;
	__u8 cgroup_path_truncated;
	struct varlen old_path, new_path;
	struct varlen cgroup_path;
	struct varlen symlink_target;
};

/* Another name of a file that has one: a hard link. */
struct file_link_event {
	struct event_header;
	struct file_attributes;
	__u32 link_count; /* names of the file, with this one */
	__u8 path_truncated, linked_path_truncated, cgroup_path_truncated;
	struct varlen path;
	struct varlen linked_path; /* the name that was there */
	struct varlen cgroup_path;
};

enum file_change {
	FILE_CONTENT,
	FILE_PERMISSIONS,
	FILE_OWNER,
};

struct file_before {
	__u64 size;
	__u32 mode;
	__u32 uid, gid;
};

/*
 * A call that changed a file, once it has: the attributes are those after it. One event a call,
 * however many were made before.
 */
struct file_modify_event {
	struct event_header;
	struct file_attributes;
	enum file_change change;
	struct file_before before;
	__u64 bytes; /* written, or allocated (fallocate); 0 when it is the size that was changed */
	__u8 path_truncated, cgroup_path_truncated;
	struct varlen path;
	struct varlen cgroup_path;
};

enum memory_kind {
	MEMORY_MEMFD,  /* of memfd_create(), by way of /proc */
	MEMORY_SHARED, /* of shm_open(): below /dev/shm */
};

/* A file that is in memory only was opened by name. */
struct memory_open_event {
	struct event_header;
	struct file_attributes;
	enum memory_kind kind;
	__u32 flags;  /* O_... */
	__u8 created; /* by this open */
	__u8 path_truncated, cgroup_path_truncated;
	struct varlen path;
	struct varlen cgroup_path;
};

/* An extended attribute was set, or removed. */
struct file_xattr_event {
	struct event_header;
	struct file_attributes;
	__u8 removed;
	__u8 path_truncated, name_truncated, value_truncated, cgroup_path_truncated;
	struct varlen path;
	struct varlen name;
	struct varlen value; /* what it is now */
	struct varlen cgroup_path;
};

#endif
