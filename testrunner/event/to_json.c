/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Whole records as JSON. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "event/btf_path.h"
#include "event/schema.h"

struct writer {
	const struct schema *schema;
	const void *data;
	size_t len;
};

static json_t *place_to_json(const struct writer *writer, const struct place *place, int depth);

/* JSON text is UTF-8: what is not is written \xHH. */
static json_t *text_to_json(const char *data, size_t len)
{
	char *text = malloc(len * 4 + 1);
	size_t out = 0;
	json_t *json;

	if (!text)
		return NULL;
	for (size_t i = 0; i < len;) {
		size_t step = utf8_length(data + i, len - i);

		if (step == 0) {
			out += (size_t)sprintf(text + out, "\\x%02x", (unsigned char)data[i++]);
			continue;
		}
		memcpy(text + out, data + i, step);
		out += step;
		i += step;
	}
	json = json_stringn(text, out);
	free(text);
	return json;
}

static json_t *list_to_json(const char *data, size_t len)
{
	json_t *list = json_array();
	struct value item;

	while (list && value_list_item(data, len, 0, &item)) {
		if (json_array_append_new(list, text_to_json(item.s.data, item.s.len)) < 0) {
			json_decref(list);
			return NULL;
		}
		if (item.s.len == len)
			break;
		data += item.s.len + 1;
		len -= item.s.len + 1;
	}
	return list;
}

static json_t *value_to_json(const struct value *value)
{
	char digits[24], address[48];

	if (value->name)
		return json_string(value->name);
	switch (value->kind) {
	case VALUE_UINT:
		if (value->u <= INT64_MAX)
			return json_integer((json_int_t)value->u);
		snprintf(digits, sizeof(digits), "%" PRIu64, value->u);
		return json_string(digits);
	case VALUE_INT:
		return json_integer(value->i);
	case VALUE_STRING:
		return text_to_json(value->s.data, value->s.len);
	case VALUE_LIST:
		return list_to_json(value->s.data, value->s.len);
	case VALUE_IPV4:
	case VALUE_IPV6:
		return json_string(value_format(value, address, sizeof(address)));
	case VALUE_NONE:
		break;
	}
	return json_null();
}

static json_t *array_to_json(const struct writer *writer, const struct place *place, int depth)
{
	const struct btf *btf = writer->schema->btf;
	const struct btf_array *array = btf_array(type_get(btf, place->type_id));
	struct place element = { .type_id = type_skip(btf, array->type),
				 .bit_offset = place->bit_offset };
	uint64_t element_bits = type_size(btf, array->type) * 8;
	json_t *list = json_array();

	/* As long as the record has bytes for it, whatever the BTF says. */
	for (uint32_t i = 0; list && element_bits > 0 && (i < array->nelems || array->nelems == 0);
	     i++) {
		if (element.bit_offset + element_bits > (uint64_t)writer->len * 8)
			break;
		if (json_array_append_new(list, place_to_json(writer, &element, depth + 1)) < 0) {
			json_decref(list);
			return NULL;
		}
		element.bit_offset += element_bits;
	}
	return list;
}

/* The members of an anonymous member go where C has them: into the struct around it. */
static int add_members(const struct writer *writer, const struct place *outer, json_t *object,
		       int depth)
{
	const struct btf *btf = writer->schema->btf;
	const struct btf_type *type = type_get(btf, outer->type_id);

	for (size_t i = 0; depth < NESTING_MAX && i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(btf, btf_members(type)[i].name_off);
		struct place place = member_place(btf, outer, i);
		int err;

		if (name[0] != '\0')
			err = json_object_set_new(object, name,
						  place_to_json(writer, &place, depth + 1));
		else if (type_is_struct(type_get(btf, place.type_id)))
			err = add_members(writer, &place, object, depth + 1);
		else
			err = 0; /* padding: an unnamed bit field */
		if (err)
			return err;
	}
	return 0;
}

static json_t *struct_to_json(const struct writer *writer, const struct place *place, int depth)
{
	json_t *object = json_object();

	if (object && add_members(writer, place, object, depth) < 0) {
		json_decref(object);
		return NULL;
	}
	return object;
}

static json_t *place_to_json(const struct writer *writer, const struct place *place, int depth)
{
	struct field field;
	struct value value;
	char unused[64];

	if (depth >= NESTING_MAX ||
	    field_at(writer->schema->btf, place, &field, unused, sizeof(unused)) < 0)
		return json_null();
	if (field.kind == FIELD_STRUCT)
		return struct_to_json(writer, place, depth);
	if (field.kind == FIELD_ARRAY)
		return array_to_json(writer, place, depth);
	value = field_read(writer->schema, &field, writer->data, writer->len);
	return value_to_json(&value);
}

json_t *event_to_json(const struct schema *schema, const struct event_type *type, const void *data,
		      size_t len)
{
	struct writer writer = { .schema = schema, .data = data, .len = len };
	struct place place = { .type_id = type->type_id };

	return struct_to_json(&writer, &place, 0);
}
