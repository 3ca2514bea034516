// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Opens a BPF object file, and chooses and sets all that must be known before it is loaded. */
#include "load/object_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load/kernel_btf.h"
#include "load/libbpf_log.h"
#include "load/option.h"

#define STACK_DEPTH 127 /* PERF_MAX_STACK_DEPTH, the kernel's default */

static int set_options(struct bpf_object *bpf, const struct probe_part *probe, char *error,
		       size_t error_size)
{
	for (size_t i = 0; i < probe->option_count; i++) {
		const struct probe_option *option = &probe->options[i];
		int err = option_set(bpf, option->name, &option->value, error, error_size);

		if (err && err != -ENOENT)
			return err;
	}
	return 0;
}

/* These have no size, or one that libbpf knows. */
static bool map_is_sized(const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_STRUCT_OPS:
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case BPF_MAP_TYPE_CGRP_STORAGE:
	case BPF_MAP_TYPE_CGROUP_STORAGE:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		return true;
	default:
		return bpf_map__max_entries(map) != 0;
	}
}

/* Decisions that an object leaves to its user space: which programs to load, the sizes of maps. */
static int choose_all(struct bpf_object *bpf)
{
	struct bpf_program *program;
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_program(program, bpf) bpf_program__set_autoload(program, true);
	bpf_object__for_each_map(map, bpf)
	{
		if (!err && !map_is_sized(map))
			err = bpf_map__set_max_entries(map, 1);
		if (!err && bpf_map__type(map) == BPF_MAP_TYPE_STACK_TRACE &&
		    bpf_map__value_size(map) == 0)
			err = bpf_map__set_value_size(map, STACK_DEPTH * sizeof(__u64));
	}
	return err;
}

/* Some programs must know what they will be attached to. */
static void set_attach_types(struct bpf_object *object, const struct probe_part *probe)
{
	for (size_t i = 0; i < probe->attachment_count; i++) {
		const struct attachment *line = &probe->attachments[i];
		struct bpf_program *program;

		if (line->kind != TARGET_TCX)
			continue;
		program = bpf_object__find_program_by_name(object, line->program);
		if (program)
			bpf_program__set_expected_attach_type(program, strcmp(line->target[1],
									      "ingress") == 0 ?
									       BPF_TCX_INGRESS :
									       BPF_TCX_EGRESS);
	}
}

int object_open(const struct object_spec *spec, struct bpf_object **bpf, char *error,
		size_t error_size)
{
	char cause[256];
	int err;

	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = kernel_btf_file());
	libbpf_log_clear();
	*bpf = bpf_object__open_file(spec->path, &opts);
	if (!*bpf) {
		err = -errno;
		snprintf(error, error_size, "open %s: %s", spec->name, libbpf_log_cause(-err));
		return err;
	}
	set_attach_types(*bpf, spec->probe);
	err = spec->every ? choose_all(*bpf) : alternative_choose(*bpf, spec->attach);
	if (err && spec->every) {
		snprintf(error, error_size, "size a map of %s: %s", spec->name, strerror(-err));
	} else if (err) {
		snprintf(error, error_size,
			 "attach %s as lsm: this kernel calls no LSM programs, as bpf is not in "
			 "/sys/kernel/security/lsm; lsm=...,bpf on its command line puts it there",
			 spec->name);
	} else {
		err = set_options(*bpf, spec->probe, cause, sizeof(cause));
		if (err)
			snprintf(error, error_size, "set an option of %s: %s", spec->name, cause);
	}
	if (err) {
		bpf_object__close(*bpf);
		*bpf = NULL;
	}
	return err;
}
