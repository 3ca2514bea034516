/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Record types that a test names: the structs of an external object's maps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "event/btf_path.h"
#include "event/schema.h"
#include "suite/test.h"

/* A struct with a name and a size, or NULL. */
static const char *struct_name(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = type_get(btf, id);
	const char *name = type_is_struct(type) && type->size > 0 ?
				   btf__name_by_offset(btf, type->name_off) :
				   "";

	return name[0] != '\0' ? name : NULL;
}

/*
 * Compilers leave out what no map, global or function's signature names: an event that is only ever
 * on the stack, for example.
 */
static int no_struct(const struct btf *btf, const struct event_source *source,
		     const struct event_struct *record, struct parse_error *error)
{
	struct suggestion suggestion = { .wanted = record->name };
	uint32_t count = btf__type_cnt(btf);
	char known[110] = "";
	size_t len = 0;

	for (uint32_t id = 1; id < count; id++) {
		const char *name = struct_name(btf, id);

		if (!name)
			continue;
		suggestion_offer(&suggestion, name);
		if (len < sizeof(known))
			len += (size_t)snprintf(known + len, sizeof(known) - len, " %s", name);
	}
	if (suggestion.nearest)
		return parse_error_set(
			error, source->line, record->column,
			"the object's BTF has no struct '%.60s': did you mean '%.60s'?",
			record->name, suggestion.nearest);
	return parse_error_set(
		error, source->line, record->column,
		"the object's BTF has no struct '%.60s' (a global `const struct %.40s *unused` puts it there); it has%s",
		record->name, record->name, known[0] ? known : " none");
}

static int find_struct(const struct btf *btf, const struct event_source *source,
		       const struct event_struct *record, uint32_t *found,
		       struct parse_error *error)
{
	uint32_t count = btf__type_cnt(btf);

	*found = 0;
	for (uint32_t id = 1; id < count; id++) {
		const char *name = struct_name(btf, id);

		if (!name || strcmp(name, record->name) != 0)
			continue;
		if (*found)
			return parse_error_set(error, source->line, record->column,
					       "the object's BTF has two structs '%.60s'",
					       record->name);
		*found = id;
	}
	return *found ? 0 : no_struct(btf, source, record, error);
}

/* The event type of that struct, which another map's records may also be. */
static int find_type(struct schema *schema, const struct event_source *source,
		     const struct event_struct *record, const struct event_type **type,
		     struct parse_error *error)
{
	uint32_t id = 0;
	int err = find_struct(schema->btf, source, record, &id, error);

	if (err)
		return err;
	*type = schema_find(schema, record->name);
	if (!*type) {
		*type = schema_add(schema, id, strdup(record->name));
		return *type ? 0 : -ENOMEM;
	}
	if ((*type)->type_id != id)
		return parse_error_set(error, source->line, record->column,
				       "the object has another event type '%.60s'", record->name);
	return 0;
}

/* The number's place must be the same in all structs. */
static int find_number(const struct schema *schema, const struct event_source *source,
		       const struct event_type *type, struct source *added,
		       struct parse_error *error)
{
	char problem[200];
	struct field field;

	if (field_resolve(schema, type, source->field, &field, problem, sizeof(problem)))
		return parse_error_set(error, source->line, source->field_column, "%.60s: %s",
				       type->name, problem);
	if (field.kind != FIELD_INT)
		return parse_error_set(error, source->line, source->field_column,
				       "%.60s: '%.60s' is not a number", type->name, source->field);
	if (added->count > 0 && (field.bit_offset != added->number.bit_offset ||
				 field.bit_size != added->number.bit_size))
		return parse_error_set(error, source->line, source->field_column,
				       "'%.60s' is in different places of %.60s and %.60s",
				       source->field, added->types[0].type->name, type->name);
	added->number = field;
	return 0;
}

static int add_numbered(struct schema *schema, const struct event_source *source,
			const struct event_struct *record, struct source *added,
			struct parse_error *error)
{
	struct numbered_type *row = &added->types[added->count];
	struct value number = record->number.value;
	char problem[200];
	int err = find_type(schema, source, record, &row->type, error);

	if (!err && source->field)
		err = find_number(schema, source, row->type, added, error);
	if (!err && source->field && number.kind == VALUE_STRING &&
	    schema_enumerator(schema, &added->number, number.s.data, &number, problem,
			      sizeof(problem)))
		err = parse_error_set(error, source->line, record->number.column, "%s", problem);
	if (err)
		return err;
	row->number = (int64_t)number.u;
	for (size_t i = 0; source->field && i < added->count; i++) {
		if (added->types[i].number == row->number)
			return parse_error_set(error, source->line, record->number.column,
					       "%.60s and %.60s have the same number",
					       added->types[i].type->name, row->type->name);
	}
	added->count++;
	return 0;
}

int schema_add_source(struct schema *schema, const struct event_source *source,
		      struct parse_error *error)
{
	struct source *sources =
		reallocarray(schema->sources, schema->source_count + 1, sizeof(*sources));
	struct source *added;
	int err = 0;

	if (!sources)
		return -ENOMEM;
	schema->sources = sources;
	added = &sources[schema->source_count++];
	*added = (struct source){
		.map = source->map,
		.tagged = source->field,
		.types = calloc(source->struct_count, sizeof(*added->types)),
	};
	if (!added->types)
		return -ENOMEM;
	for (size_t i = 0; !err && i < source->struct_count; i++)
		err = add_numbered(schema, source, &source->structs[i], added, error);
	return err;
}

int schema_check_order(const struct schema *schema, const char *path, char *error,
		       size_t error_size)
{
	char problem[200];
	struct field field;

	for (size_t s = 0; s < schema->source_count; s++) {
		const struct source *source = &schema->sources[s];

		for (size_t i = 0; i < source->count; i++) {
			const struct event_type *type = source->types[i].type;

			if (!field_resolve(schema, type, path, &field, problem, sizeof(problem))) {
				if (field.kind == FIELD_INT)
					continue;
				snprintf(problem, sizeof(problem), "'%.60s' is not a number", path);
			}
			snprintf(error, error_size, "%.60s: %.180s", type->name, problem);
			return -EINVAL;
		}
	}
	return 0;
}

const struct event_type *schema_identify_in(const struct schema *schema, const char *map,
					    const void *data, size_t len, bool *known)
{
	struct value number;

	*known = true;
	for (size_t s = 0; s < schema->source_count; s++) {
		const struct source *source = &schema->sources[s];

		if (strcmp(source->map, map) != 0)
			continue;
		if (!source->tagged)
			return source->types[0].type;
		number = field_read(schema, &source->number, data, len);
		for (size_t i = 0; number.kind != VALUE_NONE && i < source->count; i++) {
			if (source->types[i].number == (int64_t)number.u)
				return source->types[i].type;
		}
		return NULL;
	}
	*known = schema->tag_count > 0;
	return *known ? schema_identify(schema, data, len) : NULL;
}
