// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * BPF itself: programs loaded, maps created, by the system call.
 *
 * By its tracepoints, as the functions within are static, and the LSM hooks have changed names and
 * arguments (6.10). What was asked for is read when the call begins: the caller can change it later.
 */
#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "send.h"
#include "task_info.h"

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct bpf_program_load_event *bpf_program_load_event_btf;
const struct bpf_map_create_event *bpf_map_create_event_btf;

/* A call that has begun. */
struct pending_call {
	__u32 command; /* BPF_PROG_LOAD or BPF_MAP_CREATE */
	__u32 type;
	__u32 numbers[3]; /* instructions; or sizes of key and value, entries */
	char name[BPF_OBJ_NAME_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32); /* thread id */
	__type(value, struct pending_call);
} pending SEC(".maps");

/* /sys/kernel/tracing/events/syscalls/sys_enter_bpf/format */
struct enter_args {
	__u64 common;
	__s64 syscall;
	__u64 command;
	const union bpf_attr *attr;
	__u64 size;
};

/* /sys/kernel/tracing/events/syscalls/sys_exit_bpf/format */
struct exit_args {
	__u64 common;
	__s64 syscall;
	__s64 result;
};

/* What lies behind `size` counts as zero. */
#define ATTR_READ(to, args, field)                                                    \
	do {                                                                          \
		if ((args)->size >= offsetof(union bpf_attr, field) + sizeof(to))     \
			bpf_probe_read_user(&(to), sizeof(to), &(args)->attr->field); \
	} while (0)

SEC("tracepoint/syscalls/sys_enter_bpf")
int bpf_call_begin(struct enter_args *args)
{
	struct pending_call call = { .command = args->command };
	__u32 tid = bpf_get_current_pid_tgid();

	if (call.command == BPF_PROG_LOAD) {
		ATTR_READ(call.type, args, prog_type);
		ATTR_READ(call.numbers[0], args, insn_cnt);
		ATTR_READ(call.name, args, prog_name);
	} else if (call.command == BPF_MAP_CREATE) {
		ATTR_READ(call.type, args, map_type);
		ATTR_READ(call.numbers[0], args, key_size);
		ATTR_READ(call.numbers[1], args, value_size);
		ATTR_READ(call.numbers[2], args, max_entries);
		ATTR_READ(call.name, args, map_name);
	} else {
		return 0;
	}
	if (bpf_map_update_elem(&pending, &tid, &call, BPF_ANY))
		count_event(false);
	return 0;
}

static __always_inline void *object_of(__u32 fd)
{
	struct file *file = file_of(fd);

	return BPF_CORE_READ(file, private_data);
}

static __always_inline void program_send(const struct pending_call *call, __u32 fd)
{
	struct bpf_program_load_event *event = EVENT_RESERVE(struct bpf_program_load_event);
	struct bpf_prog *program;

	if (!event)
		return;
	program = object_of(fd);
	header_fill((struct event_header *)event, EVENT_BPF_PROGRAM_LOAD);
	event->fd = fd;
	event->id = BPF_CORE_READ(program, aux, id);
	event->program_type = call->type;
	event->insn_count = call->numbers[0];
	__builtin_memcpy(event->name, call->name, sizeof(event->name));
	event_submit(event);
}

static __always_inline void map_send(const struct pending_call *call, __u32 fd)
{
	struct bpf_map_create_event *event = EVENT_RESERVE(struct bpf_map_create_event);
	struct bpf_map *map;

	if (!event)
		return;
	map = object_of(fd);
	header_fill((struct event_header *)event, EVENT_BPF_MAP_CREATE);
	event->fd = fd;
	event->id = BPF_CORE_READ(map, id);
	event->map_type = call->type;
	event->key_size = call->numbers[0];
	event->value_size = call->numbers[1];
	event->max_entries = call->numbers[2];
	__builtin_memcpy(event->name, call->name, sizeof(event->name));
	event_submit(event);
}

SEC("tracepoint/syscalls/sys_exit_bpf")
int bpf_call_end(struct exit_args *args)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct pending_call *call = bpf_map_lookup_elem(&pending, &tid);

	if (!call)
		return 0;
	if (args->result >= 0) {
		if (call->command == BPF_PROG_LOAD)
			program_send(call, args->result);
		else
			map_send(call, args->result);
	}
	bpf_map_delete_elem(&pending, &tid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
