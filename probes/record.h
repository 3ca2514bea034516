/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Records of varying length, and the room in which they are put together. An object that includes
 * this defines RECORD_SLOTS first: how many of its programs need room.
 */
#ifndef RECORD_H
#define RECORD_H

#include "send.h"

/* The most that one varlen field holds: PATH_MAX. */
#define FIELD_CAPACITY 4096
#define NAME_CAPACITY  256 /* NAME_MAX and one */

/* An event's last field begins before this; a power of two, for the verifier's sake. */
#define RECORD_CAPACITY 16384

/* A path grows from the end of `bytes` to the front; it begins at `start`. */
struct path_text {
	__u32 start;
	__u32 limit; /* bytes, at most FIELD_CAPACITY */
	__u32 truncated;
	/* Where path_walk() is, and where it goes. */
	struct dentry *dentry, *mnt_root, *root;
	struct vfsmount *mnt, *root_mnt;
	/* Where cgroup_walk() is. */
	struct kernfs_node *node;
	char bytes[FIELD_CAPACITY + NAME_CAPACITY];
};

struct record {
	__u32 len;
	struct path_text path;
	/* Aligned, as it begins with an event struct. */
	char bytes[RECORD_CAPACITY + FIELD_CAPACITY] __attribute__((aligned(8)));
};

/*
 * One for each program that needs one (`slot`), not one for all: programs can be preempted, and
 * then another may run on the same CPU. The same one may not, the kernel sees to that (from 5.11;
 * until then programs are not preempted, except by PREEMPT_RT).
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, RECORD_SLOTS);
	__type(key, __u32);
	__type(value, struct record);
} records SEC(".maps");

/* Begin a record whose fixed part, zeroed here, has `fixed_size` bytes (a constant). */
static __always_inline struct record *record_begin(__u32 slot, __u32 fixed_size)
{
	struct record *record = bpf_map_lookup_elem(&records, &slot);

	if (!record)
		return NULL;
	__builtin_memset(record->bytes, 0, fixed_size);
	record->len = fixed_size;
	return record;
}

static __always_inline void record_send(struct record *record)
{
	__u64 len = record->len;

	if (len > sizeof(record->bytes))
		len = sizeof(record->bytes);
	count_event(bpf_ringbuf_output(&events, record->bytes, len, 0) == 0);
}

/* Where the next field goes, or a negative number: the record is full. */
static __always_inline long record_next(struct record *record, struct varlen *field)
{
	__u32 at = record->len;

	field->off = at;
	return at < RECORD_CAPACITY ? (long)at : -1;
}

/*
 * Append a field: up to `limit` of the `len` bytes at `from`. Returns 1 when that is not all of
 * them, which goes into the field's `_truncated`. Unreadable bytes count as truncated.
 */
static __always_inline __u8 record_append(struct record *record, struct varlen *field,
					  const void *from, bool from_user, __u64 len, __u32 limit)
{
	long at = record_next(record, field), err;
	/*
	 * 64 bits wide as the registers are: of a narrower one the verifier would lose the bounds.
	 */
	__u64 size = len;

	if (at < 0)
		return 1;
	if (limit > FIELD_CAPACITY)
		limit = FIELD_CAPACITY;
	if (len > limit)
		size = limit;
	/*
	 * The compiler knows these bounds, and without the barriers would drop what tells the
	 * verifier.
	 */
	barrier_var(at);
	at &= RECORD_CAPACITY - 1;
	barrier_var(size);
	if (size > FIELD_CAPACITY)
		return 1;
	if (from_user)
		err = bpf_probe_read_user(&record->bytes[at], size, from);
	else
		err = bpf_probe_read_kernel(&record->bytes[at], size, from);
	if (err)
		return 1;
	field->len = size;
	record->len = at + size;
	return size < len;
}

/* As record_append(), for a kernel string; the NUL is left out. */
static __always_inline __u8 record_append_string(struct record *record, struct varlen *field,
						 const char *from, __u64 limit)
{
	long at = record_next(record, field), size;
	char next = 0;

	if (at < 0)
		return 1;
	barrier_var(at);
	at &= RECORD_CAPACITY - 1;
	if (limit > FIELD_CAPACITY - 1)
		limit = FIELD_CAPACITY - 1;
	size = bpf_probe_read_kernel_str(&record->bytes[at], limit + 1, from);
	if (size <= 0)
		return 1;
	field->len = size - 1;
	record->len = at + size - 1;
	/*
	 * A string that was cut is told from one that just fits by what stands where the NUL was
	 * put.
	 */
	bpf_probe_read_kernel(&next, sizeof(next), from + size - 1);
	return next != 0;
}

#endif
