// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Memory that can be shared, or executed, without a file that anybody sees: memfd_create, shmget. */
#include "kernel_types.h"

/* How many tasks can be within such a call at once; one more is counted as dropped. */
#define CALLS_MAX 1024

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "events.h"
#include "hooks.h"
#include "kernel_compat.h"
#include "send.h"
#include "task_info.h"

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct memfd_create_event *memfd_create_event_btf;
const struct shmget_event *shmget_event_btf;

/*
 * (name, flags). The name is not read from the caller, who may have changed it by now. The kernel
 * keeps it, behind "memfd:".
 */
HOOK_SYSCALL(memory_memfd_create, memfd_create)
{
	struct memfd_create_event *event;
	long fd = SYSCALL_RESULT(call);
	struct file *file;
	__u64 args[3];

	if (fd < 0)
		return 0;
	event = EVENT_RESERVE(struct memfd_create_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_MEMFD_CREATE);
	syscall_arguments_read(args, call);
	file = file_of(fd);
	event->inode = BPF_CORE_READ(file, f_inode, i_ino);
	event->flags = args[1];
	event->fd = fd;
	bpf_probe_read_kernel_str(event->name, sizeof(event->name),
				  BPF_CORE_READ(file, f_path.dentry, d_name.name) +
					  sizeof("memfd:") - 1);
	event_submit(event);
	return 0;
}

/* (namespace, ids, ops, params): message queues and semaphores come by here, too. */
HOOK_RETURN(memory_shmget, ipcget)
{
	struct ipc_namespace *namespace = (struct ipc_namespace *)call.args[0];
	struct ipc_params *params = (struct ipc_params *)call.args[3];
	int id = CALL_RESULT(call, 4);
	struct shmget_event *event;

	if (id < 0 || (struct ipc_ids *)call.args[1] !=
			      __builtin_preserve_access_index(&namespace->ids[IPC_SHM_IDS]))
		return 0;
	event = EVENT_RESERVE(struct shmget_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_SHMGET);
	event->size = BPF_CORE_READ(params, u.size);
	event->key = BPF_CORE_READ(params, key);
	event->flags = BPF_CORE_READ(params, flg);
	event->id = id;
	event_submit(event);
	return 0;
}

HOOK_CALLS_FORGET(memory_shmget)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
