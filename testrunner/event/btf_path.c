/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Field paths to places in a record, by BTF. */
#include "event/btf_path.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

#define NAME_MAX_BYTES 128

/* A path being resolved. */
struct resolver {
	const struct btf *btf;
	const char *path;
	size_t at; /* what follows has not been looked at */
	struct place place;
	char *error;
	size_t error_size;
};

static int int_field(const struct btf_type *type, const struct place *place, struct field *field)
{
	field->kind = FIELD_INT;
	field->bit_size = place->bitfield_size;
	if (btf_is_int(type)) {
		field->is_signed = btf_int_encoding(type) & BTF_INT_SIGNED;
		if (field->bit_size == 0) {
			field->bit_offset += btf_int_offset(type);
			field->bit_size = btf_int_bits(type);
		}
	} else {
		field->is_enum = type_is_enum(type);
		field->is_signed = field->is_enum && btf_kflag(type);
		if (field->bit_size == 0)
			field->bit_size = type->size * 8;
	}
	return field->bit_size > 0 && field->bit_size <= 64 ? 0 : -EINVAL;
}

int field_at(const struct btf *btf, const struct place *place, struct field *field, char *error,
	     size_t error_size)
{
	const struct btf_type *type = type_get(btf, place->type_id);

	*field = (struct field){
		.bit_offset = (uint32_t)place->bit_offset,
		.type_id = place->type_id,
	};
	if (place->bit_offset > UINT32_MAX - 64) {
		snprintf(error, error_size, "lies beyond any record");
		return -EINVAL;
	}
	if (btf_is_int(type) || type_is_enum(type)) {
		if (int_field(type, place, field) == 0)
			return 0;
		snprintf(error, error_size, "is a number of %u bits: at most 64 can be compared",
			 field->bit_size);
		return -EINVAL;
	}
	if (place->bit_offset % 8 != 0) {
		snprintf(error, error_size, "is not on a byte boundary");
		return -EINVAL;
	}
	if (btf_is_ptr(type)) {
		field->kind = FIELD_INT;
		field->bit_size = (uint32_t)btf__pointer_size(btf) * 8;
	} else if (type_is_varlen(btf, type)) {
		field->kind = FIELD_VARLEN;
	} else if (type_is_address(btf, type)) {
		field->kind = FIELD_ADDRESS;
		field->bit_size = type->size * 8;
	} else if (type_is_struct(type)) {
		field->kind = FIELD_STRUCT;
	} else if (btf_is_array(type) && type_is_char(btf, btf_array(type)->type) &&
		   btf_array(type)->nelems <= UINT32_MAX / 8) {
		field->kind = FIELD_STRING;
		field->bit_size = btf_array(type)->nelems * 8;
	} else if (btf_is_array(type)) {
		field->kind = FIELD_ARRAY;
	} else {
		snprintf(error, error_size, "is of a type that cannot be compared");
		return -EINVAL;
	}
	return 0;
}

/* The path so far, as messages name it. */
static int resolve_error(struct resolver *resolver, int err, const char *problem)
{
	snprintf(resolver->error, resolver->error_size, "'%.*s' %s",
		 (int)(resolver->at < 100 ? resolver->at : 100), resolver->path, problem);
	return err;
}

static void offer_members(const struct btf *btf, const struct btf_type *type, int depth,
			  struct suggestion *suggestion)
{
	if (depth == NESTING_MAX || !type_is_struct(type))
		return;
	for (size_t i = 0; i < btf_vlen(type); i++) {
		const struct btf_member *member = btf_members(type) + i;
		const char *name = btf__name_by_offset(btf, member->name_off);

		if (name[0] != '\0')
			suggestion_offer(suggestion, name);
		else
			offer_members(btf, type_get(btf, type_skip(btf, member->type)), depth + 1,
				      suggestion);
	}
}

static int no_such_member(struct resolver *resolver, const char *name, size_t start)
{
	struct suggestion suggestion = { .wanted = name };
	char problem[2 * NAME_MAX_BYTES];

	offer_members(resolver->btf, type_get(resolver->btf, resolver->place.type_id), 0,
		      &suggestion);
	if (suggestion.nearest)
		snprintf(problem, sizeof(problem), "is not a field: did you mean '%.*s%s'?",
			 (int)(start < 100 ? start : 100), resolver->path, suggestion.nearest);
	else
		snprintf(problem, sizeof(problem), "is not a field");
	return resolve_error(resolver, -ENOENT, problem);
}

/* Reads the name at the cursor. */
static int path_name(struct resolver *resolver, char name[NAME_MAX_BYTES])
{
	size_t len = strcspn(resolver->path + resolver->at, ".[]");

	if (len == 0 || len >= NAME_MAX_BYTES) {
		resolver->at += len;
		return resolve_error(resolver, -EINVAL, "is not a path");
	}
	memcpy(name, resolver->path + resolver->at, len);
	name[len] = '\0';
	resolver->at += len;
	return 0;
}

/* Reads the [index] at the cursor. */
static int path_index(struct resolver *resolver, uint32_t *index)
{
	const char *digits = resolver->path + resolver->at + 1;
	size_t len = strspn(digits, "0123456789");
	struct value number;

	resolver->at += 1 + len + (digits[len] == ']');
	if (digits[len] != ']' || value_parse_number(digits, len, &number) < 0 ||
	    number.u > UINT32_MAX)
		return resolve_error(resolver, -EINVAL,
				     "is not a path: expected an index, as in [0]");
	*index = (uint32_t)number.u;
	return 0;
}

static int resolve_index(struct resolver *resolver, struct field *field)
{
	const struct btf_type *type = type_get(resolver->btf, resolver->place.type_id);
	const struct btf_array *array;
	char problem[64];
	uint32_t index = 0;
	uint64_t size;
	int err = path_index(resolver, &index);

	if (err)
		return err;
	if (field->kind == FIELD_VARLEN) {
		field->kind = FIELD_VARLEN_ITEM;
		field->index = index;
		return 0;
	}
	if (field->kind != FIELD_ARRAY && field->kind != FIELD_STRING)
		return resolve_error(resolver, -EINVAL,
				     "has an index, but is neither array nor list");
	array = btf_array(type);
	/* An array of no size at the end of a struct is as long as the record has it. */
	if (array->nelems > 0 && index >= array->nelems) {
		snprintf(problem, sizeof(problem), "is past the end: it has %u elements",
			 array->nelems);
		return resolve_error(resolver, -EINVAL, problem);
	}
	size = type_size(resolver->btf, array->type);
	if (size == 0 || size > UINT32_MAX / 8 || index > UINT32_MAX / 8 ||
	    index * size > UINT32_MAX / 8)
		return resolve_error(resolver, -EINVAL, "lies beyond any record");
	resolver->place.bit_offset += index * size * 8;
	resolver->place.type_id = type_skip(resolver->btf, array->type);
	resolver->place.bitfield_size = 0;
	err = field_at(resolver->btf, &resolver->place, field, problem, sizeof(problem));
	return err ? resolve_error(resolver, err, problem) : 0;
}

static bool is_text_field(const struct field *field)
{
	return field->kind == FIELD_STRING || field->kind == FIELD_VARLEN ||
	       field->kind == FIELD_VARLEN_ITEM;
}

/* A name after something that is not a struct: `count` or `length`. */
static int resolve_measure(struct resolver *resolver, const char *name, struct field *field)
{
	const struct btf_type *type = type_get(resolver->btf, resolver->place.type_id);

	if (strcmp(name, "length") == 0 && is_text_field(field)) {
		field->length = true;
		return 0;
	}
	if (strcmp(name, "count") == 0 && field->kind == FIELD_VARLEN) {
		field->kind = FIELD_VARLEN_COUNT;
		return 0;
	}
	if (strcmp(name, "count") == 0 && field->kind == FIELD_ARRAY &&
	    btf_array(type)->nelems > 0) {
		field->kind = FIELD_CONSTANT;
		field->index = btf_array(type)->nelems;
		return 0;
	}
	if (field->kind == FIELD_VARLEN)
		return resolve_error(resolver, -ENOENT,
				     "is not a field: a list has 'count' and 'length'");
	if (is_text_field(field))
		return resolve_error(resolver, -ENOENT, "is not a field: text has 'length'");
	if (field->kind == FIELD_ARRAY)
		return resolve_error(resolver, -ENOENT, "is not a field: an array has 'count'");
	return resolve_error(resolver, -ENOENT,
			     "is not a field: what comes before is not a struct");
}

static int resolve_name(struct resolver *resolver, struct field *field)
{
	size_t start = resolver->at;
	char name[NAME_MAX_BYTES], problem[64];
	struct place found;
	int err = path_name(resolver, name);

	if (err)
		return err;
	if (field->kind != FIELD_STRUCT)
		return resolve_measure(resolver, name, field);
	if (!member_find(resolver->btf, &resolver->place, name, &found) &&
	    !(start == 0 && strcmp(name, "type") == 0 &&
	      type_member_find(resolver->btf, &resolver->place, &found)))
		return no_such_member(resolver, name, start);
	resolver->place = found;
	err = field_at(resolver->btf, &found, field, problem, sizeof(problem));
	return err ? resolve_error(resolver, err, problem) : 0;
}

/* `named`: the path begins with a member's name. */
static int resolve(const struct btf *btf, const struct place *place, bool named, const char *path,
		   struct field *field, char *error, size_t error_size)
{
	struct resolver resolver = {
		.btf = btf,
		.path = path,
		.place = *place,
		.error = error,
		.error_size = error_size,
	};
	int err = field_at(btf, place, field, error, error_size);

	if (!err && named)
		err = resolve_name(&resolver, field);
	while (!err && path[resolver.at] != '\0') {
		if (field->kind == FIELD_VARLEN_COUNT || field->kind == FIELD_CONSTANT ||
		    field->length)
			return resolve_error(&resolver, -EINVAL, "is a number: nothing can follow");
		if (path[resolver.at] == '[') {
			err = resolve_index(&resolver, field);
		} else if (path[resolver.at] == '.') {
			resolver.at++;
			err = resolve_name(&resolver, field);
		} else {
			return resolve_error(&resolver, -EINVAL, "is not a path");
		}
	}
	return err;
}

int field_resolve_from(const struct btf *btf, const struct place *place, const char *path,
		       struct field *field, char *error, size_t error_size)
{
	bool named = path[0] != '.' && path[0] != '[' && path[0] != '\0';

	return resolve(btf, place, named, path, field, error, error_size);
}

int record_resolve(const struct btf *btf, const struct event_type *type, const char *path,
		   struct field *field, char *error, size_t error_size)
{
	const struct place record = { .type_id = type->type_id };

	return resolve(btf, &record, true, path, field, error, error_size);
}
