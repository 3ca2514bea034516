// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The user space half of scope.bpf.c. */
#include "load/scope.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "load/embedded.h"
#include "load/option.h"

/* The most that a 64-bit kernel allows: its include/linux/threads.h. */
#define PID_MAX_LIMIT (4 * 1024 * 1024)

static struct {
	struct bpf_object *object;
	struct bpf_link *link; /* NULL: not open */
	uint64_t *marks;       /* mmap of the map, `count` entries */
	size_t count;
	uint64_t current;
} scope;

static const char *const format_paths[] = {
	"/sys/kernel/tracing/events/sched/sched_process_fork/format",
	"/sys/kernel/debug/tracing/events/sched/sched_process_fork/format",
};

/*
 * Lines read `field:pid_t parent_pid;     offset:24;      size:4; signed:1;`
 * (Documentation/trace/events.rst).
 */
static int field_offset(FILE *format, const char *field, uint32_t *offset)
{
	char line[256], name[64];
	unsigned int at;

	rewind(format);
	while (fgets(line, sizeof(line), format)) {
		if (sscanf(line, " field:pid_t %63[^;]; offset:%u;", name, &at) != 2)
			continue;
		if (strcmp(name, field) == 0) {
			*offset = at;
			return 0;
		}
	}
	return -ENOENT;
}

static FILE *open_format(void)
{
	FILE *format = NULL;

	for (size_t i = 0; !format && i < sizeof(format_paths) / sizeof(format_paths[0]); i++)
		format = fopen(format_paths[i], "re");
	return format;
}

static int set_offsets(struct bpf_object *object)
{
	struct {
		const char *option, *field;
	} const rows[] = {
		{ "parent_pid_offset", "parent_pid" },
		{ "child_pid_offset", "child_pid" },
	};
	FILE *format = open_format();
	char ignored[128];
	int err = format ? 0 : -errno;

	for (size_t i = 0; !err && i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t offset;

		err = field_offset(format, rows[i].field, &offset);
		if (!err) {
			const struct value value = value_from_uint(offset);

			err = option_set(object, rows[i].option, &value, ignored, sizeof(ignored));
		}
	}
	if (format)
		fclose(format);
	return err;
}

static int load(const char **step)
{
	struct bpf_program *program;
	struct bpf_map *map;
	int err;

	*step = "open the tracker";
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = "scope_bpf");
	scope.object = bpf_object__open_mem(scope_bpf_start,
					    (size_t)(scope_bpf_end - scope_bpf_start), &opts);
	if (!scope.object)
		return -errno;
	map = bpf_object__find_map_by_name(scope.object, "scope_marks");
	program = bpf_object__find_program_by_name(scope.object, "scope_fork");
	if (!map || !program)
		return -ENOENT;
	*step = "read the format of tracepoint sched_process_fork (is tracefs mounted?)";
	err = set_offsets(scope.object);
	if (err)
		return err;
	scope.count = (size_t)file_read_number("/proc/sys/kernel/pid_max", PID_MAX_LIMIT);
	err = bpf_map__set_max_entries(map, (uint32_t)scope.count);
	if (err)
		return err;
	*step = "load the tracker";
	err = bpf_object__load(scope.object);
	if (err)
		return err;
	*step = "map the tracker's marks";
	scope.marks = mmap(NULL, scope.count * sizeof(*scope.marks), PROT_READ | PROT_WRITE,
			   MAP_SHARED, bpf_map__fd(map), 0);
	if (scope.marks == MAP_FAILED) {
		scope.marks = NULL;
		return -errno;
	}
	*step = "attach the tracker to sched_process_fork";
	scope.link = bpf_program__attach(program);
	return scope.link ? 0 : -errno;
}

int scope_open(char *error, size_t error_size)
{
	const char *step = NULL;
	int err = scope.link ? 0 : load(&step);

	if (err) {
		snprintf(error, error_size, "%s: %s", step, strerror(-err));
		if (scope.marks)
			munmap(scope.marks, scope.count * sizeof(*scope.marks));
		bpf_object__close(scope.object);
		memset(&scope, 0, sizeof(scope));
	}
	return err;
}

int scope_fd(void)
{
	return scope.link ? bpf_link__fd(scope.link) : -1;
}

void scope_begin(pid_t root)
{
	scope.current++;
	if ((size_t)root < scope.count)
		__atomic_store_n(&scope.marks[root], scope.current, __ATOMIC_RELEASE);
}

bool scope_has(uint64_t tid)
{
	return tid < scope.count &&
	       __atomic_load_n(&scope.marks[tid], __ATOMIC_ACQUIRE) == scope.current;
}
