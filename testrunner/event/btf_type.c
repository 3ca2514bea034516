/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Walking BTF (Documentation/bpf/btf.rst): types, members, enumerators. */
#include "event/btf_type.h"

#include <string.h>

const struct btf_type *type_get(const struct btf *btf, uint32_t type_id)
{
	const struct btf_type *type = btf__type_by_id(btf, type_id);

	return type ? type : btf__type_by_id(btf, 0);
}

uint32_t type_skip(const struct btf *btf, uint32_t type_id)
{
	for (int depth = 0; depth < NESTING_MAX; depth++) {
		const struct btf_type *type = type_get(btf, type_id);

		if (!btf_is_mod(type) && !btf_is_typedef(type))
			return type_id;
		type_id = type->type;
	}
	return 0;
}

bool type_is_struct(const struct btf_type *type)
{
	return btf_is_composite(type);
}

bool type_is_enum(const struct btf_type *type)
{
	return btf_is_any_enum(type);
}

static bool member_is_u16(const struct btf *btf, const struct btf_type *type, uint32_t index,
			  const char *name, uint32_t bit_offset)
{
	const struct btf_member *member = btf_members(type) + index;
	const struct btf_type *member_type = type_get(btf, type_skip(btf, member->type));

	return strcmp(btf__name_by_offset(btf, member->name_off), name) == 0 &&
	       btf_member_bit_offset(type, index) == bit_offset && btf_is_int(member_type) &&
	       member_type->size == 2;
}

bool type_is_varlen(const struct btf *btf, const struct btf_type *type)
{
	return btf_is_struct(type) && btf_vlen(type) == 2 && type->size == 4 &&
	       strcmp(btf__name_by_offset(btf, type->name_off), "varlen") == 0 &&
	       member_is_u16(btf, type, 0, "off", 0) && member_is_u16(btf, type, 1, "len", 16);
}

bool type_is_address(const struct btf *btf, const struct btf_type *type)
{
	const char *name = btf__name_by_offset(btf, type->name_off);

	return btf_is_struct(type) && ((type->size == 4 && strcmp(name, "in_addr") == 0) ||
				       (type->size == 16 && strcmp(name, "in6_addr") == 0));
}

/* Compilers leave BTF_INT_CHAR out: plain char is known by its name; __u8 and __s8 are numbers. */
bool type_is_char(const struct btf *btf, uint32_t type_id)
{
	const struct btf_type *type = type_get(btf, type_skip(btf, type_id));

	return btf_is_int(type) && type->size == 1 &&
	       ((btf_int_encoding(type) & BTF_INT_CHAR) ||
		strcmp(btf__name_by_offset(btf, type->name_off), "char") == 0);
}

uint64_t type_size(const struct btf *btf, uint32_t type_id)
{
	uint64_t elements = 1;

	for (int depth = 0; depth < NESTING_MAX; depth++) {
		const struct btf_type *type = type_get(btf, type_skip(btf, type_id));

		if (!btf_is_array(type)) {
			if (btf_is_ptr(type))
				return elements * btf__pointer_size(btf);
			if (btf_is_int(type) || type_is_struct(type) || type_is_enum(type) ||
			    btf_is_float(type))
				return elements * type->size;
			return 0;
		}
		/* No record is this large: stop before the product wraps. */
		if (elements > UINT32_MAX)
			return 0;
		elements *= btf_array(type)->nelems;
		type_id = btf_array(type)->type;
	}
	return 0;
}

/*
 * Until LLVM 15 the signed bit of 32-bit enums was never set: -1 then reads 4294967295, in the
 * record as in the enumerator, so names still find each other.
 */
const char *enum_entry(const struct btf *btf, const struct btf_type *type, size_t index,
		       struct value *value)
{
	if (index >= btf_vlen(type))
		return NULL;
	if (btf_is_enum64(type)) {
		const struct btf_enum64 *entry = btf_enum64(type) + index;
		uint64_t bits = btf_enum64_value(entry);

		*value = btf_kflag(type) ? value_from_int((int64_t)bits) : value_from_uint(bits);
		value->name = btf__name_by_offset(btf, entry->name_off);
	} else {
		const struct btf_enum *entry = btf_enum(type) + index;

		*value = btf_kflag(type) ? value_from_int(entry->val) :
					   value_from_uint((uint32_t)entry->val);
		value->name = btf__name_by_offset(btf, entry->name_off);
	}
	return value->name;
}

struct place member_place(const struct btf *btf, const struct place *outer, size_t index)
{
	const struct btf_type *type = type_get(btf, outer->type_id);

	return (struct place){
		.type_id = type_skip(btf, btf_members(type)[index].type),
		.bit_offset = outer->bit_offset + btf_member_bit_offset(type, (uint32_t)index),
		.bitfield_size = btf_member_bitfield_size(type, (uint32_t)index),
	};
}

static bool find_in(const struct btf *btf, const struct place *outer, const char *name, int depth,
		    struct place *found)
{
	const struct btf_type *type = type_get(btf, outer->type_id);

	if (depth == NESTING_MAX || !type_is_struct(type))
		return false;
	for (size_t i = 0; i < btf_vlen(type); i++) {
		const char *member = btf__name_by_offset(btf, btf_members(type)[i].name_off);
		struct place place = member_place(btf, outer, i);

		if (strcmp(member, name) == 0) {
			*found = place;
			return true;
		}
		if (member[0] == '\0' && find_in(btf, &place, name, depth + 1, found))
			return true;
	}
	return false;
}

bool member_find(const struct btf *btf, const struct place *outer, const char *name,
		 struct place *place)
{
	return name[0] != '\0' && find_in(btf, outer, name, 0, place);
}

bool type_member_find(const struct btf *btf, const struct place *outer, struct place *place)
{
	struct place at = *outer;

	for (int depth = 0; depth < NESTING_MAX; depth++) {
		const struct btf_type *type = type_get(btf, at.type_id);

		if (!type_is_struct(type) || btf_vlen(type) == 0)
			return false;
		if (member_find(btf, &at, "type", place))
			return type_is_enum(type_get(btf, place->type_id));
		at = member_place(btf, &at, 0);
	}
	return false;
}
