/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A task's cgroup, that of cgroup v2: its id, and its path from the first cgroup of all. */
#ifndef CGROUP_H
#define CGROUP_H

#include "kernel_compat.h"
#include "path.h"

/* As PATH_STEPS and PATH_ROUNDS. */
#define CGROUP_STEPS  8
#define CGROUP_ROUNDS 4

static __always_inline struct kernfs_node *cgroup_node(const struct task_struct *task)
{
	return bpf_core_field_exists(task->cgroups) ? BPF_CORE_READ(task, cgroups, dfl_cgrp, kn) :
						      NULL;
}

/* The inode number of its directory; 0 in a kernel without cgroups. */
static __always_inline __u64 cgroup_id(const struct task_struct *task)
{
	struct kernfs_node *node = cgroup_node(task);

	return node ? BPF_CORE_READ(node, id) : 0;
}

/* As path_step(). False at the root, which has no name. */
__noinline int cgroup_step(__u32 slot)
{
	struct record *record = bpf_map_lookup_elem(&records, &slot);
	struct kernfs_node *node, *parent;
	struct path_text *text;
	char *name;
	long size;

	if (!record)
		return false;
	text = &record->path;
	node = text->node;
	parent = kernfs_parent(node);
	if (!parent)
		return false;
	text->node = parent;
	/* Behind what a path can fill there is room for a name, to see how long it is. */
	name = &text->bytes[FIELD_CAPACITY];
	size = bpf_probe_read_kernel_str(name, NAME_CAPACITY, BPF_CORE_READ(node, name));
	return size > 0 && path_prepend(text, name, size - 1);
}

__noinline int cgroup_steps(__u32 slot)
{
	for (int i = 0; i < CGROUP_STEPS; i++)
		if (!cgroup_step(slot))
			return false;
	return true;
}

static __always_inline void cgroup_walk(struct record *record, __u32 slot,
					const struct task_struct *task)
{
	record->path.node = cgroup_node(task);
	if (!record->path.node)
		return;
	for (int i = 0; i < CGROUP_ROUNDS; i++)
		if (!cgroup_steps(slot))
			return;
	record->path.truncated = 1;
}

#endif
