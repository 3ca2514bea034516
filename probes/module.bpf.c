// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Kernel modules that are loaded.
 *
 * do_init_module() is the last step, which says whether it worked; the file is long read then. It
 * is kept for the thread from where the kernel asks whether it may be read.
 */
#include "kernel_types.h"

#define RECORD_SLOTS 1

/* How many tasks can be loading one at once; one more is counted as dropped. */
#define PENDING_MAX 1024
#define CALLS_MAX   PENDING_MAX

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "path.h"
#include "record.h"
#include "task_info.h"

/* The most bytes of a path, at most FIELD_CAPACITY. */
const volatile __u32 path_max = FIELD_CAPACITY;

/* Nothing reads it: it keeps the struct in the object's BTF. */
const struct module_load_event *module_load_event_btf;

/* The file is open until the system call ends. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32); /* thread id */
	__type(value, struct file *);
} pending_files SEC(".maps");

/* (file, id, contents): for modules, firmware, ... */
HOOK_LSM_ENTRY(module_read, kernel_read_file)
{
	struct file *file = (struct file *)ctx[0];
	__u32 tid = thread_id();

	if (reads_module(ctx[1]) && bpf_map_update_elem(&pending_files, &tid, &file, BPF_ANY))
		count_event(false);
	return 0;
}

/* (id, contents): from memory. A file that was read before was no module, then. */
HOOK_LSM_ENTRY(module_copy, kernel_load_data)
{
	__u32 tid = thread_id();

	if ((__u32)ctx[0] == bpf_core_enum_value(enum kernel_load_data_id, LOADING_MODULE))
		bpf_map_delete_elem(&pending_files, &tid);
	return 0;
}

static __always_inline void module_send(const struct module *module, struct file *file)
{
	struct record *record = record_begin(0, sizeof(struct module_load_event));
	struct module_load_event *event;

	if (!record)
		return;
	event = (struct module_load_event *)record->bytes;
	header_fill((struct event_header *)event, EVENT_MODULE_LOAD);
	BPF_CORE_READ_INTO(&event->name, module, name);
	if (file) {
		path_begin(&record->path, path_max);
		path_walk(record, 0, BPF_CORE_READ(file, f_path.dentry),
			  BPF_CORE_READ(file, f_path.mnt));
		event->path_truncated = path_append(record, &event->path);
	}
	record_send(record);
}

/* (module) */
HOOK_RETURN(module_load, do_init_module)
{
	__u32 tid = thread_id();
	struct file **known = bpf_map_lookup_elem(&pending_files, &tid), *file = NULL;

	if (known)
		file = *known;
	if ((int)CALL_RESULT(call, 1) == 0)
		module_send((const struct module *)call.args[0], file);
	bpf_map_delete_elem(&pending_files, &tid);
	return 0;
}

/* A file that was no module, after all, leaves its entry behind. */
HOOK_TRACEPOINT(module_task_exit, sched_process_exit)
{
	__u32 tid = thread_id();

	(void)ctx;
	bpf_map_delete_elem(&pending_files, &tid);
	return 0;
}

HOOK_CALLS_FORGET(module_load)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
