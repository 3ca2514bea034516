/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The event types of an object, found in its BTF. */
#include "event/schema.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "event/btf_path.h"
#include "event/btf_reader.h"

static bool same_lower(const char *a, const char *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (tolower((unsigned char)a[i]) != tolower((unsigned char)b[i]))
			return false;
	}
	return true;
}

/* PREFIX_NAME and name_prefix: returns NAME, or NULL when the two do not belong together. */
static const char *paired_name(const char *enumerator, const char *struct_name)
{
	size_t len = strlen(enumerator);

	if (strlen(struct_name) != len)
		return NULL;
	for (const char *split = strchr(enumerator, '_'); split; split = strchr(split + 1, '_')) {
		size_t prefix_len = (size_t)(split - enumerator);
		size_t name_len = len - prefix_len - 1;

		if (prefix_len > 0 && name_len > 0 && struct_name[name_len] == '_' &&
		    same_lower(split + 1, struct_name, name_len) &&
		    same_lower(enumerator, struct_name + name_len + 1, prefix_len))
			return split + 1;
	}
	return NULL;
}

static char *lower_copy(const char *text)
{
	char *copy = strdup(text);

	for (char *c = copy; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static bool same_place(const struct field *a, const struct field *b)
{
	return a->bit_offset == b->bit_offset && a->bit_size == b->bit_size &&
	       a->type_id == b->type_id;
}

static struct tag *tag_for(struct schema *schema, const struct field *field)
{
	struct tag *tags;

	for (size_t i = 0; i < schema->tag_count; i++) {
		if (same_place(&schema->tags[i].field, field))
			return &schema->tags[i];
	}
	tags = realloc(schema->tags, (schema->tag_count + 1) * sizeof(*tags));
	if (!tags)
		return NULL;
	schema->tags = tags;
	tags[schema->tag_count] = (struct tag){ .field = *field };
	/* The number is all that counts; its name need not be looked up. */
	tags[schema->tag_count].field.is_enum = false;
	return &tags[schema->tag_count++];
}

struct event_type *schema_add(struct schema *schema, uint32_t type_id, char *name)
{
	struct event_type *type = name ? calloc(1, sizeof(*type)) : NULL;
	struct event_type **types =
		reallocarray(schema->types, schema->count + 1, sizeof(struct event_type *));

	if (types)
		schema->types = types;
	if (!type || !types) {
		free(type);
		free(name);
		return NULL;
	}
	type->name = name;
	type->index = schema->count;
	type->type_id = type_id;
	type->size = schema->btf ? type_get(schema->btf, type_id)->size : 0;
	return types[schema->count++] = type;
}

static int add_type(struct schema *schema, uint32_t struct_id, const char *name,
		    const struct value *value)
{
	struct event_type *type = schema_add(schema, struct_id, lower_copy(name));

	if (!type)
		return -ENOMEM;
	type->type_value = (int64_t)value->u;
	return 0;
}

/* Is the struct `struct_id` an event type, and which? */
static int examine_struct(struct schema *schema, uint32_t struct_id, char *error, size_t error_size)
{
	const struct btf *btf = schema->btf;
	const char *struct_name = btf__name_by_offset(btf, type_get(btf, struct_id)->name_off);
	struct place record = { .type_id = struct_id }, place;
	const char *enumerator;
	struct value value;

	if (struct_name[0] == '\0' || !type_member_find(btf, &record, &place))
		return 0;
	for (size_t i = 0; (enumerator = enum_entry(btf, type_get(btf, place.type_id), i, &value));
	     i++) {
		const char *name = paired_name(enumerator, struct_name);
		struct field field;

		if (!name)
			continue;
		if (field_at(btf, &place, &field, error, error_size) < 0)
			return -EINVAL;
		return add_type(schema, struct_id, name, &value);
	}
	return 0;
}

static int compare_values(const void *a, const void *b)
{
	const struct event_type *const *left = a, *const *right = b;

	return ((*left)->type_value > (*right)->type_value) -
	       ((*left)->type_value < (*right)->type_value);
}

static int compare_tags(const void *a, const void *b)
{
	const struct tag *left = a, *right = b;

	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	/* qsort is not stable, and runs must agree. */
	return (left->field.type_id > right->field.type_id) -
	       (left->field.type_id < right->field.type_id);
}

/* Sort the types by place and value. */
static int index_types(struct schema *schema, char *error, size_t error_size)
{
	for (size_t i = 0; i < schema->count; i++) {
		struct place record = { .type_id = schema->types[i]->type_id }, place;
		const struct event_type **types;
		struct field field;
		struct tag *tag;

		if (!type_member_find(schema->btf, &record, &place) ||
		    field_at(schema->btf, &place, &field, error, error_size) < 0)
			return -EINVAL;
		tag = tag_for(schema, &field);
		if (!tag)
			return -ENOMEM;
		types = realloc(tag->types, (tag->count + 1) * sizeof(*types));
		if (!types)
			return -ENOMEM;
		tag->types = types;
		tag->types[tag->count++] = schema->types[i];
	}
	for (size_t i = 0; i < schema->tag_count; i++)
		qsort(schema->tags[i].types, schema->tags[i].count, sizeof(*schema->tags[i].types),
		      compare_values);
	if (schema->tag_count > 0)
		qsort(schema->tags, schema->tag_count, sizeof(*schema->tags), compare_tags);
	return 0;
}

/* Names and values must tell the types apart. */
static int check_types(const struct schema *schema, char *error, size_t error_size)
{
	for (size_t i = 0; i < schema->count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (strcmp(schema->types[i]->name, schema->types[j]->name) != 0)
				continue;
			snprintf(error, error_size,
				 "two structs are the event type '%s': BTF types %u and %u",
				 schema->types[i]->name, schema->types[j]->type_id,
				 schema->types[i]->type_id);
			return -EINVAL;
		}
	}
	for (size_t t = 0; t < schema->tag_count; t++) {
		const struct tag *tag = &schema->tags[t];

		for (size_t i = 1; i < tag->count; i++) {
			if (tag->types[i]->type_value != tag->types[i - 1]->type_value)
				continue;
			snprintf(error, error_size,
				 "the event types '%s' and '%s' have the same number",
				 tag->types[i - 1]->name, tag->types[i]->name);
			return -EINVAL;
		}
	}
	return 0;
}

int schema_new(const struct btf *btf, struct schema **out, char *error, size_t error_size)
{
	struct schema *schema = calloc(1, sizeof(*schema));
	uint32_t type_count = btf__type_cnt(btf);
	int err = 0;

	*out = NULL;
	if (error_size > 0)
		error[0] = '\0';
	if (!schema) {
		err = -ENOMEM;
		goto out;
	}
	schema->reader = &btf_reader;
	schema->btf = btf;
	for (uint32_t id = 1; id < type_count && !err; id++) {
		if (btf_is_struct(type_get(btf, id)))
			err = examine_struct(schema, id, error, error_size);
	}
	if (!err)
		err = index_types(schema, error, error_size);
	if (!err)
		err = check_types(schema, error, error_size);
out:
	if (err == -ENOMEM)
		snprintf(error, error_size, "out of memory");
	if (err)
		schema_free(schema);
	else
		*out = schema;
	return err;
}

void schema_free(struct schema *schema)
{
	if (!schema)
		return;
	for (size_t i = 0; i < schema->count; i++) {
		free((char *)schema->types[i]->name);
		free(schema->types[i]);
	}
	for (size_t i = 0; i < schema->source_count; i++)
		free(schema->sources[i].types);
	free(schema->sources);
	for (size_t i = 0; i < schema->tag_count; i++)
		free(schema->tags[i].types);
	free(schema->types);
	free(schema->tags);
	free(schema);
}

const struct event_type *schema_type(const struct schema *schema, size_t index)
{
	return index < schema->count ? schema->types[index] : NULL;
}

const struct event_type *schema_find(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->count; i++) {
		if (strcmp(schema->types[i]->name, name) == 0)
			return schema->types[i];
	}
	return NULL;
}

static const struct event_type *tag_find(const struct tag *tag, int64_t type_value)
{
	size_t low = 0, high = tag->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tag->types[middle]->type_value == type_value)
			return tag->types[middle];
		if (tag->types[middle]->type_value < type_value)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct event_type *schema_identify(const struct schema *schema, const void *data, size_t len)
{
	for (size_t i = 0; i < schema->tag_count; i++) {
		const struct event_type *type;
		struct value value = field_read(schema, &schema->tags[i].field, data, len);

		if (value.kind == VALUE_NONE)
			continue;
		type = tag_find(&schema->tags[i], (int64_t)value.u);
		if (type && len >= type->size)
			return type;
	}
	return NULL;
}

static bool enum_find(const struct btf *btf, const struct btf_type *type,
		      struct suggestion *suggestion, struct value *value)
{
	struct value entry;

	for (size_t i = 0; enum_entry(btf, type, i, &entry); i++) {
		if (strcmp(entry.name, suggestion->wanted) == 0) {
			*value = entry;
			return true;
		}
		suggestion_offer(suggestion, entry.name);
	}
	return false;
}

static int no_enumerator(const struct suggestion *suggestion, const char *where, char *error,
			 size_t error_size)
{
	const char *nearest = suggestion->nearest;

	snprintf(error, error_size, "'%s' is not an enumerator of %s%s%s%s", suggestion->wanted,
		 where, nearest ? ": did you mean '" : "", nearest ? nearest : "",
		 nearest ? "'?" : "");
	return -ENOENT;
}

int schema_enumerator(const struct schema *schema, const struct field *field, const char *name,
		      struct value *value, char *error, size_t error_size)
{
	const struct btf *btf = schema->btf;
	uint32_t type_count = btf__type_cnt(btf);
	struct suggestion suggestion = { .wanted = name };
	bool found = false;
	struct value entry;

	if (field->is_enum) {
		const struct btf_type *type = type_get(btf, field->type_id);
		char where[128];

		snprintf(where, sizeof(where), "enum %s", btf__name_by_offset(btf, type->name_off));
		return enum_find(btf, type, &suggestion, value) ?
			       0 :
			       no_enumerator(&suggestion, where, error, error_size);
	}
	for (uint32_t id = 1; id < type_count; id++) {
		const struct btf_type *type = type_get(btf, id);

		if (!type_is_enum(type) || !enum_find(btf, type, &suggestion, &entry))
			continue;
		if (found && !value_holds(&entry, OP_EQ, value, 1)) {
			snprintf(error, error_size,
				 "'%s' is an enumerator of several enums, with different numbers",
				 name);
			return -EINVAL;
		}
		*value = entry;
		found = true;
	}
	return found ? 0 : no_enumerator(&suggestion, "any enum in the object", error, error_size);
}

int field_resolve(const struct schema *schema, const struct event_type *type, const char *path,
		  struct field *field, char *error, size_t error_size)
{
	return schema->reader->resolve(schema->btf, type, path, field, error, error_size);
}

struct value field_read(const struct schema *schema, const struct field *field, const void *data,
			size_t len)
{
	/* Filled in place: each event is read by dozens of lines, and copies are dear. */
	struct value value = { .kind = VALUE_NONE };

	schema->reader->read(schema->btf, field, data, len, &value);
	return value;
}
