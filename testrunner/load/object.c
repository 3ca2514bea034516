// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Loads and attaches a BPF object, and keeps the books of its programs. */
#include "load/object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "load/attach.h"
#include "load/external.h"
#include "load/libbpf_log.h"
#include "load/verifier.h"

struct object {
	struct bpf_object *bpf;
	struct attached *attached;
	struct schema *schema;
	struct stream *stream;
	struct bpf_map *counters; /* or NULL */
};

/*
 * The object does not load: find out which of its programs do not, and why. Leaves the first cause
 * in `error`.
 */
static void diagnose(const struct object_spec *spec, const struct bpf_object *bpf,
		     struct record_writer *records, char *error, size_t error_size)
{
	struct program_failure failure;
	struct bpf_program *program;
	bool found = false;
	size_t index = 0;

	bpf_object__for_each_program(program, bpf)
	{
		if (bpf_program__autoload(program) &&
		    verifier_try(spec, bpf, index, false, records, &failure) && !found) {
			snprintf(error, error_size, "%s: program %s (%s) does not load: %s",
				 spec->name, failure.program, failure.section, failure.cause);
			found = true;
		}
		index++;
	}
}

/* Attach what libbpf knows how to attach; a probe record a program, whatever happens. */
static int attach(struct object *object, const struct object_spec *spec, const char *logs,
		  long load_ms, struct record_writer *records, char *error, size_t error_size)
{
	struct program_failure failure;
	struct bpf_program *program;
	size_t index = 0;
	int first =
		attach_struct_ops(object->attached, object->bpf, spec->probe, error, error_size);

	bpf_object__for_each_program(program, object->bpf)
	{
		struct probe_line record =
			verifier_describe(spec->name, program, verifier_log(logs, index++));
		int err;

		if (!bpf_program__autoload(program) || !bpf_program__autoattach(program))
			continue;
		err = attach_program(object->attached, program, spec, &record.attached, &failure);
		record.load_ms = load_ms;
		if (err) {
			record.error = failure.cause;
			record.class = failure.class;
			if (!first)
				snprintf(error, error_size,
					 "%s: program %s (%s) does not attach: %s", spec->name,
					 record.program, record.section, record.error);
			first = first ? first : err;
		}
		record_probe(records, &record);
	}
	return first;
}

static int load(struct object *object, const struct object_spec *spec,
		struct record_writer *records, char *error, size_t error_size)
{
	char *logs = NULL;
	uint64_t start = clock_ms();
	int err = verifier_ask(object->bpf, &logs);

	if (err)
		return err;
	err = bpf_object__load(object->bpf);
	if (err) {
		snprintf(error, error_size, "%s does not load: %s", spec->name,
			 libbpf_log_cause(-err));
		diagnose(spec, object->bpf, records, error, error_size);
		free(logs);
		return err;
	}
	object->attached = attached_new();
	err = object->attached ? attach(object, spec, logs, (long)(clock_ms() - start), records,
					error, error_size) :
				 -ENOMEM;
	free(logs);
	return err;
}

int object_load(const struct object_spec *spec, struct record_writer *records,
		const struct stream_reader *reader, struct object **out, char *error,
		size_t error_size)
{
	struct object *object = calloc(1, sizeof(*object));
	struct parse_error problem = { 0 };
	int err = -ENOMEM;

	snprintf(error, error_size, "%s", strerror(ENOMEM));
	if (!object)
		return err;
	err = object_open(spec, &object->bpf, error, error_size);
	if (err)
		goto out;
	if (!bpf_object__btf(object->bpf)) {
		snprintf(error, error_size, "%s has no BTF", spec->name);
		err = -EINVAL;
		goto out;
	}
	err = schema_new(bpf_object__btf(object->bpf), &object->schema, error, error_size);
	if (err)
		goto out;
	err = external_bind(object->bpf, spec->probe, object->schema, &problem);
	if (err) {
		snprintf(error, error_size, "%s: %s", spec->name, problem.message);
		goto out;
	}
	err = load(object, spec, records, error, error_size);
	if (err)
		goto out;
	object->counters = bpf_object__find_map_by_name(object->bpf, "event_counters");
	err = stream_open(object->bpf, reader, &object->stream, error, error_size);
out:
	if (err)
		object_free(object);
	else
		*out = object;
	return err;
}

void object_leave_attached(struct object *object)
{
	attached_leave(object->attached);
}

void object_free(struct object *object)
{
	if (!object)
		return;
	attached_free(object->attached);
	stream_close(object->stream);
	schema_free(object->schema);
	bpf_object__close(object->bpf);
	free(object);
}

const struct schema *object_schema(const struct object *object)
{
	return object->schema;
}

struct bpf_object *object_bpf(const struct object *object)
{
	return object->bpf;
}

struct stream *object_stream(const struct object *object)
{
	return object->stream;
}

/* Added up over CPUs. */
static uint64_t counted_drops(const struct bpf_map *map)
{
	/* Layout: probes/events.h, struct event_counters. */
	struct {
		uint64_t sent, dropped;
	} * counters;
	const __u32 key = 0;
	int cpus = libbpf_num_possible_cpus();
	uint64_t dropped = 0;

	if (!map || cpus < 1 || bpf_map__value_size(map) != sizeof(*counters))
		return 0;
	counters = calloc((size_t)cpus, sizeof(*counters));
	if (counters && bpf_map__lookup_elem(map, &key, sizeof(key), counters,
					     (size_t)cpus * sizeof(*counters), 0) == 0) {
		for (int i = 0; i < cpus; i++)
			dropped += counters[i].dropped;
	}
	free(counters);
	return dropped;
}

struct losses object_losses(const struct object *object)
{
	struct losses losses = { 0 };
	struct bpf_program *program;

	/*
	 * The kernel does not run a program that runs already on the same CPU, which a preempted one
	 * does. Counted since 5.12 (commit 9ed9e9ba2337); before, the field reads 0.
	 */
	bpf_object__for_each_program(program, object->bpf)
	{
		struct bpf_prog_info info = { 0 };
		__u32 len = sizeof(info);
		int fd = bpf_program__fd(program);

		if (fd >= 0 && bpf_prog_get_info_by_fd(fd, &info, &len) == 0)
			losses.skipped += info.recursion_misses;
	}
	losses.dropped =
		losses.skipped + stream_lost(object->stream) + counted_drops(object->counters);
	return losses;
}
