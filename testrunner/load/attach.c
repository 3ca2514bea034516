// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* One row a kind of target: which programs it takes, and how they are attached. */
#include "load/attach.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/suggest.h"
#include "load/libbpf_log.h"

#define TYPES_MAX 8

struct tc_filter {
	struct bpf_tc_hook hook;
	struct bpf_tc_opts opts;
	bool hook_is_ours;
};

struct attached {
	struct bpf_link **links;
	size_t link_count;
	struct tc_filter *filters;
	size_t filter_count;
};

/* One line, for one program. */
struct job {
	struct attached *attached;
	const struct bpf_program *program;
	const struct attachment *line;
	const char *path; /* of target[0], where that is a file */
};

static int keep_link(struct attached *attached, struct bpf_link *link)
{
	struct bpf_link **links;

	if (!link)
		return -errno;
	links = reallocarray(attached->links, attached->link_count + 1, sizeof(struct bpf_link *));
	if (!links) {
		bpf_link__destroy(link);
		return -ENOMEM;
	}
	attached->links = links;
	links[attached->link_count++] = link;
	return 0;
}

static int to_kprobe(const struct job *job)
{
	return keep_link(job->attached,
			 bpf_program__attach_kprobe(job->program,
						    job->line->kind == TARGET_KRETPROBE,
						    job->line->target[0]));
}

static int to_tracepoint(const struct job *job)
{
	return keep_link(job->attached,
			 bpf_program__attach_tracepoint(job->program, job->line->target[0],
							job->line->target[1]));
}

static int to_raw_tracepoint(const struct job *job)
{
	return keep_link(job->attached,
			 bpf_program__attach_raw_tracepoint(job->program, job->line->target[0]));
}

static int to_uprobe(const struct job *job)
{
	LIBBPF_OPTS(bpf_uprobe_opts, opts, .func_name = job->line->target[1],
		    .retprobe = job->line->kind == TARGET_URETPROBE);

	return keep_link(job->attached,
			 bpf_program__attach_uprobe_opts(job->program, -1, job->path, 0, &opts));
}

static int to_usdt(const struct job *job)
{
	return keep_link(job->attached,
			 bpf_program__attach_usdt(job->program, -1, job->path, job->line->target[1],
						  job->line->target[2], NULL));
}

static int to_cgroup(const struct job *job)
{
	int fd = open(job->line->target[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = keep_link(job->attached, bpf_program__attach_cgroup(job->program, fd));
	close(fd);
	return err;
}

static bool is_ingress(const struct attachment *line)
{
	return strcmp(line->target[1], "ingress") == 0;
}

static int to_tc(const struct job *job)
{
	struct tc_filter *filters = reallocarray(job->attached->filters,
						 job->attached->filter_count + 1, sizeof(*filters));
	struct tc_filter *filter;
	int err;

	if (!filters)
		return -ENOMEM;
	job->attached->filters = filters;
	filter = &filters[job->attached->filter_count];
	*filter = (struct tc_filter){
		.hook = { .sz = sizeof(filter->hook),
			  .ifindex = (int)if_nametoindex(job->line->target[0]),
			  .attach_point = is_ingress(job->line) ? BPF_TC_INGRESS : BPF_TC_EGRESS },
		.opts = { .sz = sizeof(filter->opts), .prog_fd = bpf_program__fd(job->program) },
	};
	if (!filter->hook.ifindex)
		return -errno;
	err = bpf_tc_hook_create(&filter->hook);
	filter->hook_is_ours = !err;
	if (!err || err == -EEXIST)
		err = bpf_tc_attach(&filter->hook, &filter->opts);
	job->attached->filter_count += !err;
	return err;
}

static int to_tcx(const struct job *job)
{
	unsigned int index = if_nametoindex(job->line->target[0]);

	return index ? keep_link(job->attached,
				 bpf_program__attach_tcx(job->program, (int)index, NULL)) :
		       -errno;
}

static int to_xdp(const struct job *job)
{
	unsigned int index = if_nametoindex(job->line->target[0]);

	return index ? keep_link(job->attached, bpf_program__attach_xdp(job->program, (int)index)) :
		       -errno;
}

/* By the clock of each CPU: a counter of the hardware's is not everywhere. */
static int to_perf_event(const struct job *job)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = PERF_TYPE_SOFTWARE,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = job->line->number,
	};
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int err = 0;

	for (int cpu = 0; !err && cpu < cpus; cpu++) {
		int fd =
			(int)syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);

		if (fd < 0)
			return -errno;
		err = keep_link(job->attached, bpf_program__attach_perf_event(job->program, fd));
		if (err)
			close(fd);
	}
	return err;
}

static const struct kind_row {
	int (*attach)(const struct job *job); /* NULL: there is nothing to do */
	bool file;			      /* the target's first part is one */
	bool section_says;		      /* libbpf can know the target from the section */
	enum bpf_prog_type types[TYPES_MAX];  /* UNSPEC ends them; none: any */
} rows[] = {
	[TARGET_NOTHING] = { .section_says = true },
	[TARGET_KPROBE] = { to_kprobe, false, true, { BPF_PROG_TYPE_KPROBE } },
	[TARGET_KRETPROBE] = { to_kprobe, false, true, { BPF_PROG_TYPE_KPROBE } },
	[TARGET_TRACEPOINT] = { to_tracepoint, false, true, { BPF_PROG_TYPE_TRACEPOINT } },
	[TARGET_RAW_TRACEPOINT] = { to_raw_tracepoint,
				    false,
				    true,
				    { BPF_PROG_TYPE_RAW_TRACEPOINT } },
	[TARGET_UPROBE] = { to_uprobe, true, true, { BPF_PROG_TYPE_KPROBE } },
	[TARGET_URETPROBE] = { to_uprobe, true, true, { BPF_PROG_TYPE_KPROBE } },
	[TARGET_USDT] = { to_usdt, true, true, { BPF_PROG_TYPE_KPROBE } },
	[TARGET_CGROUP] = { to_cgroup,
			    false,
			    false,
			    { BPF_PROG_TYPE_CGROUP_SKB, BPF_PROG_TYPE_CGROUP_SOCK,
			      BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_PROG_TYPE_CGROUP_SOCKOPT,
			      BPF_PROG_TYPE_CGROUP_DEVICE, BPF_PROG_TYPE_CGROUP_SYSCTL,
			      BPF_PROG_TYPE_SOCK_OPS } },
	[TARGET_TC] = { to_tc, false, false, { BPF_PROG_TYPE_SCHED_CLS } },
	[TARGET_TCX] = { to_tcx, false, false, { BPF_PROG_TYPE_SCHED_CLS } },
	[TARGET_XDP] = { to_xdp, false, false, { BPF_PROG_TYPE_XDP } },
	[TARGET_PERF_EVENT] = { to_perf_event, false, false, { BPF_PROG_TYPE_PERF_EVENT } },
	/* Its programs are attached with the map that holds them. */
	[TARGET_STRUCT_OPS] = { NULL, false, false, { BPF_PROG_TYPE_STRUCT_OPS } },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

struct attached *attached_new(void)
{
	return calloc(1, sizeof(struct attached));
}

/* The clsact queue, and with it its filters, or else only ours. */
static void filter_remove(struct tc_filter *filter)
{
	struct bpf_tc_opts opts = { .sz = sizeof(opts),
				    .handle = filter->opts.handle,
				    .priority = filter->opts.priority };

	bpf_tc_detach(&filter->hook, &opts);
	if (!filter->hook_is_ours)
		return;
	filter->hook.attach_point = (enum bpf_tc_attach_point)(BPF_TC_INGRESS | BPF_TC_EGRESS);
	bpf_tc_hook_destroy(&filter->hook);
}

void attached_free(struct attached *attached)
{
	if (!attached)
		return;
	for (size_t i = 0; i < attached->link_count; i++)
		bpf_link__destroy(attached->links[i]);
	for (size_t i = attached->filter_count; i > 0; i--)
		filter_remove(&attached->filters[i - 1]);
	free(attached->links);
	free(attached->filters);
	free(attached);
}

void attached_leave(struct attached *attached)
{
	char path[64];

	/* The pin holds the link; where a kernel can pin none of its kind, it is detached as ever. */
	for (size_t i = 0; i < attached->link_count; i++) {
		snprintf(path, sizeof(path), "/sys/fs/bpf/bpfcheck-%d",
			 bpf_link__fd(attached->links[i]));
		bpf_link__pin(attached->links[i], path);
	}
}

static bool row_takes(const struct kind_row *row, enum bpf_prog_type type)
{
	if (row->types[0] == BPF_PROG_TYPE_UNSPEC)
		return true;
	for (size_t i = 0; i < TYPES_MAX; i++) {
		if (row->types[i] == type)
			return true;
	}
	return false;
}

static int check_struct_ops(const struct attachment *line, struct bpf_object *const *objects,
			    size_t count, struct parse_error *error)
{
	for (size_t i = 0; i < count; i++) {
		const struct bpf_map *map = bpf_object__find_map_by_name(objects[i], line->program);

		if (map && bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			return 0;
	}
	return parse_error_set(error, line->line, line->column,
			       "no struct_ops map '%.60s' in the objects", line->program);
}

static int check_line(const struct attachment *line, struct bpf_object *const *objects,
		      size_t count, struct parse_error *error)
{
	struct suggestion suggestion = { .wanted = line->program };
	const struct bpf_program *found = NULL;
	struct bpf_program *program;

	if (line->kind == TARGET_STRUCT_OPS)
		return check_struct_ops(line, objects, count, error);
	for (size_t i = 0; !found && i < count; i++) {
		bpf_object__for_each_program(program, objects[i])
		{
			suggestion_offer(&suggestion, bpf_program__name(program));
			if (strcmp(bpf_program__name(program), line->program) == 0)
				found = program;
		}
	}
	if (!found)
		return parse_error_set(error, line->line, line->column,
				       "no program '%.60s'%s%.60s%s", line->program,
				       suggestion.nearest ? ": did you mean '" :
							    " in the test's objects",
				       suggestion.nearest ? suggestion.nearest : "",
				       suggestion.nearest ? "'?" : "");
	if (!row_takes(&rows[line->kind], bpf_program__type(found)))
		return parse_error_set(
			error, line->line, line->column,
			"'%.60s' cannot be attached to '%.60s': it is a %s program (%.60s)",
			line->program, line->text,
			libbpf_bpf_prog_type_str(bpf_program__type(found)),
			bpf_program__section_name(found));
	return 0;
}

/* Is there a line for the program, or for a struct_ops map, if it is one of such a map's? */
static bool has_line(const struct probe_part *probe, const struct bpf_program *program)
{
	for (size_t i = 0; i < probe->attachment_count; i++) {
		const struct attachment *line = &probe->attachments[i];

		if (line->kind == TARGET_STRUCT_OPS ?
			    bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS :
			    strcmp(line->program, bpf_program__name(program)) == 0)
			return true;
	}
	return false;
}

/* Of the types whose sections never say what to attach to. */
static bool needs_line(const struct bpf_program *program)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (!rows[i].section_says && row_takes(&rows[i], bpf_program__type(program)))
			return true;
	}
	return false;
}

int attach_check(const struct probe_part *probe, struct bpf_object *const *objects, size_t count,
		 struct parse_error *error)
{
	struct bpf_program *program;
	int err = 0;

	for (size_t i = 0; !err && i < probe->attachment_count; i++)
		err = check_line(&probe->attachments[i], objects, count, error);
	for (size_t i = 0; !err && i < count; i++) {
		bpf_object__for_each_program(program, objects[i])
		{
			if (!err && bpf_program__autoload(program) && needs_line(program) &&
			    !has_line(probe, program))
				err = parse_error_set(
					error, probe->objects[i].line, probe->objects[i].column,
					"program '%.60s' (%.60s): say what it is attached to, with 'attach %.60s to ...'",
					bpf_program__name(program),
					bpf_program__section_name(program),
					bpf_program__name(program));
		}
	}
	return err;
}

static int attach_line(struct attached *attached, const struct bpf_program *program,
		       const struct attachment *line, const struct object_spec *spec,
		       struct program_failure *failure)
{
	const struct kind_row *row = &rows[line->kind];
	char *path = row->file ? suite_find(spec->suite, spec->test, line->target[0]) : NULL;
	const struct job job = {
		.attached = attached,
		.program = program,
		.line = line,
		.path = path ? path : line->target[0],
	};
	int err;

	libbpf_log_clear();
	err = row->attach ? row->attach(&job) : 0;
	if (err) {
		snprintf(failure->cause, sizeof(failure->cause), "to %s: %s", line->text,
			 libbpf_log_cause(-err));
		failure->class = failure_classify(failure->cause, false, -err);
	}
	free(path);
	return err;
}

int attach_program(struct attached *attached, const struct bpf_program *program,
		   const struct object_spec *spec, bool *is_attached,
		   struct program_failure *failure)
{
	const struct probe_part *probe = spec->probe;
	struct bpf_link *link;
	int err = 0;

	*is_attached = bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS;
	for (size_t i = 0; !err && i < probe->attachment_count; i++) {
		const struct attachment *line = &probe->attachments[i];

		if (line->kind == TARGET_STRUCT_OPS ||
		    strcmp(line->program, bpf_program__name(program)) != 0)
			continue;
		err = attach_line(attached, program, line, spec, failure);
		*is_attached = !err && line->kind != TARGET_NOTHING;
	}
	if (has_line(probe, program))
		return err;
	err = verifier_attach(program, &link, failure);
	*is_attached = link;
	return err || !link ? err : keep_link(attached, link);
}

int attach_struct_ops(struct attached *attached, struct bpf_object *object,
		      const struct probe_part *probe, char *cause, size_t cause_size)
{
	int err = 0;

	for (size_t i = 0; !err && i < probe->attachment_count; i++) {
		const struct attachment *line = &probe->attachments[i];
		const struct bpf_map *map =
			line->kind == TARGET_STRUCT_OPS ?
				bpf_object__find_map_by_name(object, line->program) :
				NULL;

		if (!map)
			continue;
		libbpf_log_clear();
		err = keep_link(attached, bpf_map__attach_struct_ops(map));
		if (err)
			snprintf(cause, cause_size, "struct_ops map %s does not attach: %s",
				 line->program, libbpf_log_cause(-err));
	}
	return err;
}
