// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * BPF itself: programs loaded, maps created, by the system call.
 *
 * The probe uses the tracepoints of the system call, because the inner functions are static. The
 * LSM hook that all commands pass reads the attributes from the kernel's own copy, which the caller
 * cannot change. LSM hooks of single commands are younger, and have neither the result nor the id:
 * in 6.9, bpf_prog_load (1b67772e4e3f) and bpf_map_create (a2431c7eabcf) replaced
 * bpf_prog_alloc_security and bpf_map_alloc_security, which ran before the attributes were known.
 */
#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "send.h"
#include "task_info.h"

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct bpf_program_load_event *bpf_program_load_event_btf;
const struct bpf_map_create_event *bpf_map_create_event_btf;

/* A call that has begun. */
struct pending_call {
	__u32 command; /* BPF_PROG_LOAD or BPF_MAP_CREATE */
	bool checked;  /* what follows is known */
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
};

/* /sys/kernel/tracing/events/syscalls/sys_exit_bpf/format */
struct exit_args {
	__u64 common;
	__s64 syscall;
	__s64 result;
};

SEC("tracepoint/syscalls/sys_enter_bpf")
int bpf_call_begin(struct enter_args *args)
{
	struct pending_call call = { .command = args->command };
	__u32 tid = bpf_get_current_pid_tgid();

	if (call.command != BPF_PROG_LOAD && call.command != BPF_MAP_CREATE)
		return 0;
	if (bpf_map_update_elem(&pending, &tid, &call, BPF_ANY))
		count_event(false);
	return 0;
}

#define ATTR_READ(to, attr, field) bpf_probe_read_kernel(&(to), sizeof(to), &(attr)->field)

/*
 * (command, attr, size[, kernel]), the last one from 6.15 (082f1db02c80 "security: Propagate caller
 * information in bpf hooks"). The attributes are the kernel's copy, in which what lies behind `size`
 * is zero. Calls that the kernel, or a BPF program, makes in the middle of this one come here, too.
 */
HOOK_LSM_ENTRY(bpf_call_check, bpf)
{
	const union bpf_attr *attr = (const union bpf_attr *)ctx[1];
	__u32 tid = bpf_get_current_pid_tgid();
	struct pending_call *call = bpf_map_lookup_elem(&pending, &tid);

	if (!call || call->checked || call->command != (__u32)ctx[0])
		return 0;
	call->checked = true;
	if (call->command == BPF_PROG_LOAD) {
		ATTR_READ(call->type, attr, prog_type);
		ATTR_READ(call->numbers[0], attr, insn_cnt);
		ATTR_READ(call->name, attr, prog_name);
	} else {
		ATTR_READ(call->type, attr, map_type);
		ATTR_READ(call->numbers[0], attr, key_size);
		ATTR_READ(call->numbers[1], attr, value_size);
		ATTR_READ(call->numbers[2], attr, max_entries);
		ATTR_READ(call->name, attr, map_name);
	}
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
		if (!call->checked)
			count_event(false);
		else if (call->command == BPF_PROG_LOAD)
			program_send(call, args->result);
		else
			map_send(call, args->result);
	}
	bpf_map_delete_elem(&pending, &tid);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
