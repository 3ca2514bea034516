// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Sets a const volatile global by the name that BTF's .rodata section gives it. */
#include "option.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct btf_type *skip_qualifiers(const struct btf *btf, uint32_t id)
{
	const struct btf_type *type = btf__type_by_id(btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(btf, type->type);
	return type;
}

/* The variable's place in .rodata, and its type. */
static const struct btf_type *find_global(const struct btf *btf, const char *name,
					  const struct btf_var_secinfo **place)
{
	int id = btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC);
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;

	for (uint32_t i = 0; section && i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *info = btf_var_secinfos(section) + i;
		const struct btf_type *var = btf__type_by_id(btf, info->type);

		if (strcmp(btf__name_by_offset(btf, var->name_off), name) == 0) {
			*place = info;
			return skip_qualifiers(btf, var->type);
		}
	}
	return NULL;
}

static bool number_fits(const struct value *value, uint32_t size, bool is_signed)
{
	unsigned int bits = size * 8;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return false;
	if (value->kind == VALUE_INT)
		return is_signed && (bits == 64 || value->i >= -(INT64_C(1) << (bits - 1)));
	if (is_signed)
		bits--;
	return bits == 64 || value->u < UINT64_C(1) << bits;
}

/* Little and big endian alike: the runner and the program have the same byte order. */
static void number_write(void *to, const struct value *value, uint32_t size)
{
	const uint8_t u8 = (uint8_t)value->u;
	const uint16_t u16 = (uint16_t)value->u;
	const uint32_t u32 = (uint32_t)value->u;
	const void *const from[] = { [1] = &u8, [2] = &u16, [4] = &u32, [8] = &value->u };

	memcpy(to, from[size], size);
}

int option_set(struct bpf_object *object, const char *name, const struct value *value, char *error,
	       size_t error_size)
{
	const struct btf *btf = bpf_object__btf(object);
	struct bpf_map *rodata = bpf_object__find_map_by_name(object, ".rodata");
	const struct btf_var_secinfo *place = NULL;
	const struct btf_type *type = btf ? find_global(btf, name, &place) : NULL;
	size_t size = 0;
	char *data = rodata ? bpf_map__initial_value(rodata, &size) : NULL;

	if (!type || !data || place->offset + place->size > size) {
		snprintf(error, error_size, "no const volatile global '%s'", name);
		return -ENOENT;
	}
	if (btf_is_array(type) && value->kind == VALUE_STRING) {
		if (value->s.len >= place->size) {
			snprintf(error, error_size, "'%s' holds %u bytes, the value needs %zu",
				 name, place->size, value->s.len + 1);
			return -ERANGE;
		}
		memset(data + place->offset, 0, place->size);
		memcpy(data + place->offset, value->s.data, value->s.len);
		return 0;
	}
	if ((!btf_is_int(type) && !btf_is_any_enum(type)) ||
	    (value->kind != VALUE_UINT && value->kind != VALUE_INT)) {
		snprintf(error, error_size, "'%s' and the value are of different kinds", name);
		return -EINVAL;
	}
	if (!number_fits(value, place->size,
			 btf_is_int(type) && (btf_int_encoding(type) & BTF_INT_SIGNED))) {
		snprintf(error, error_size, "the value does not fit '%s' (%u bytes)", name,
			 place->size);
		return -ERANGE;
	}
	number_write(data + place->offset, value, place->size);
	return 0;
}
