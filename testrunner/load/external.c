// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Ties a test's lines about objects that are not ours to an object. */
#include "load/external.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "load/attach.h"
#include "load/state_check.h"
#include "load/stream.h"

/* The map of a source is a buffer of one of the objects. */
static int check_source(const struct event_source *source, struct bpf_object *const *objects,
			size_t count, struct parse_error *error)
{
	struct suggestion suggestion = { .wanted = source->map };
	const struct bpf_map *map;
	char known[120] = "";
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		bpf_object__for_each_map(map, objects[i])
		{
			const char *name = bpf_map__name(map);

			if (strcmp(name, source->map) == 0)
				return stream_takes(map) ?
					       0 :
					       parse_error_set(
						       error, source->line, source->column,
						       "map '%.60s' is neither a ring buffer nor a perf buffer",
						       name);
			if (!stream_takes(map))
				continue;
			suggestion_offer(&suggestion, name);
			if (len < sizeof(known))
				len += (size_t)snprintf(known + len, sizeof(known) - len, " %s",
							name);
		}
	}
	if (suggestion.nearest)
		return parse_error_set(error, source->line, source->column,
				       "no map '%.60s': did you mean '%.60s'?", source->map,
				       suggestion.nearest);
	return parse_error_set(error, source->line, source->column,
			       "no map '%.60s': the objects' buffers are%s", source->map,
			       known[0] ? known : " none");
}

int external_check(const struct probe_part *probe, struct bpf_object *const *objects, size_t count,
		   struct parse_error *error)
{
	int err = 0;

	for (size_t i = 0; !err && i < probe->source_count; i++)
		err = check_source(&probe->sources[i], objects, count, error);
	for (size_t i = 0; !err && i < probe->state_check_count; i++)
		err = state_check_check(&probe->state_checks[i], objects, count, error);
	return err ? err : attach_check(probe, objects, count, error);
}

int external_bind(struct bpf_object *object, const struct probe_part *probe, struct schema *schema,
		  struct parse_error *error)
{
	char problem[sizeof(error->message)];
	int err = 0;

	for (size_t i = 0; !err && i < probe->source_count; i++) {
		if (bpf_object__find_map_by_name(object, probe->sources[i].map))
			err = schema_add_source(schema, &probe->sources[i], error);
	}
	if (!err && probe->order_field &&
	    schema_check_order(schema, probe->order_field, problem, sizeof(problem)))
		err = parse_error_set(error, probe->order_line, probe->order_column, "%s", problem);
	return err;
}

bool external_is_isolated(const struct probe_part *probe)
{
	return probe->isolated || probe->state_check_count || probe->attachment_count;
}

void external_key(const struct probe_part *probe, FILE *key)
{
	char number[128];

	for (size_t i = 0; i < probe->source_count; i++) {
		const struct event_source *source = &probe->sources[i];

		fprintf(key, "\nevents %s %s", source->map, source->field ? source->field : "");
		for (size_t s = 0; s < source->struct_count; s++)
			fprintf(key, " %s %s",
				value_format(&source->structs[s].number.value, number,
					     sizeof(number)),
				source->structs[s].name);
	}
	if (probe->order_field)
		fprintf(key, "\norder %s", probe->order_field);
}
