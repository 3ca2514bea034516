// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * An agent's object: two structs in one ring buffer, told by a number; counts in maps, one of them of
 * each CPU; globals; a struct of options.
 */
#include "files.h"

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/* Keep the structs, which are only ever in the ring buffer, in the object's BTF. */
const struct opened *unused_opened __attribute__((unused));
const struct closed *unused_closed __attribute__((unused));
const enum record_kind *unused_kind __attribute__((unused));

enum mode { MODE_ALL, MODE_NAMED };

const volatile struct {
	enum mode mode;
	__s16 least_fd;
	__u8 kinds[4];
	__u64 tag;
} options = { .least_fd = -1 };
const volatile char wanted[NAME_SIZE];

__u64 records_sent;
__s32 last_fd = -77;
char last_name[NAME_SIZE];
struct {
	__u64 opened, closed;
} totals;

struct counts {
	__u32 opened;
	__s32 balance;
	struct {
		char first[16];
	} names;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct counts);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, char[NAME_SIZE]);
	__type(value, __u64);
} opens_by_name SEC(".maps");

/* Without types, as older objects have them. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 8);
} calls SEC(".maps");

/* /sys/kernel/tracing/events/syscalls/ */
struct openat_args {
	__u64 common;
	__s64 syscall;
	__s64 dfd;
	const char *name;
	__s64 flags;
};

struct close_args {
	__u64 common;
	__s64 syscall;
	__s64 fd;
};

static void count_call(__u32 which)
{
	__u64 *call = bpf_map_lookup_elem(&calls, &which);

	if (call)
		__sync_fetch_and_add(call, 1);
}

static void fill(struct record_header *header, enum record_kind kind, __u16 size)
{
	header->kind = (__u16)kind;
	header->size = size;
	header->pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	header->time = bpf_ktime_get_ns();
	__sync_fetch_and_add(&records_sent, 1);
}

static int is_wanted(const char *name)
{
	for (int i = 0; i < NAME_SIZE; i++) {
		if (name[i] != wanted[i])
			return 0;
		if (name[i] == '\0')
			break;
	}
	return 1;
}

SEC("tracepoint/syscalls/sys_enter_openat")
int enter_openat(struct openat_args *ctx)
{
	__u32 pid = (__u32)(bpf_get_current_pid_tgid() >> 32);
	char name[NAME_SIZE] = "";
	struct counts first = { 0 }, *count;
	struct opened *record;
	__u64 one = 1, *opens;

	count_call(0);
	bpf_probe_read_user_str(name, sizeof(name), ctx->name);
	if (options.mode == MODE_NAMED && !is_wanted(name))
		return 0;
	count = bpf_map_lookup_elem(&counts, &pid);
	if (!count) {
		__builtin_memcpy(first.names.first, name, sizeof(first.names.first) - 1);
		bpf_map_update_elem(&counts, &pid, &first, BPF_ANY);
		count = bpf_map_lookup_elem(&counts, &pid);
	}
	if (count) {
		count->opened++;
		count->balance--;
	}
	opens = bpf_map_lookup_elem(&opens_by_name, name);
	if (opens)
		(*opens)++;
	else
		bpf_map_update_elem(&opens_by_name, name, &one, BPF_ANY);
	totals.opened++;
	__builtin_memcpy(last_name, name, sizeof(name));
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record)
		return 0;
	fill(&record->header, KIND_OPENED, sizeof(*record));
	record->header.time += options.tag;
	record->flags = (__s32)ctx->flags;
	__builtin_memcpy(record->name, name, sizeof(name));
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_close")
int enter_close(struct close_args *ctx)
{
	struct closed *record;

	count_call(1);
	if (ctx->fd < options.least_fd || options.kinds[KIND_CLOSED])
		return 0;
	totals.closed++;
	last_fd = (__s32)ctx->fd;
	record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);
	if (!record)
		return 0;
	fill(&record->header, KIND_CLOSED, sizeof(*record));
	record->fd = (__s32)ctx->fd;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
