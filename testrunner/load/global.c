/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Globals by their names, as BTF's data sections have them. */
#include "load/global.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "event/btf_path.h"
#include "event/schema.h"

#define NAME_MAX_BYTES 128

static bool is_data(const char *section)
{
	static const char *const prefixes[] = { ".data", ".bss", ".rodata" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(section, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/* The variable `suggestion->wanted` of that section. */
static bool find_in(const struct btf *btf, const struct btf_type *section,
		    struct suggestion *suggestion, struct place *place)
{
	for (uint32_t i = 0; i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *info = btf_var_secinfos(section) + i;
		const struct btf_type *variable = type_get(btf, info->type);
		const char *name = btf__name_by_offset(btf, variable->name_off);

		if (strcmp(name, suggestion->wanted) == 0) {
			*place = (struct place){
				.type_id = type_skip(btf, variable->type),
				.bit_offset = (uint64_t)info->offset * 8,
			};
			return true;
		}
		suggestion_offer(suggestion, name);
	}
	return false;
}

int global_find(const struct btf *btf, const char *section, const char *path, const char **found,
		struct field *field, char *error, size_t error_size)
{
	uint32_t count = btf__type_cnt(btf);
	char name[NAME_MAX_BYTES], problem[200];
	struct suggestion suggestion = { .wanted = name };
	size_t len = strcspn(path, ".[");
	struct place place;

	snprintf(name, sizeof(name), "%.*s", (int)(len < sizeof(name) ? len : sizeof(name) - 1),
		 path);
	for (uint32_t id = 1; id < count; id++) {
		const struct btf_type *type = type_get(btf, id);

		if (!btf_is_datasec(type))
			continue;
		*found = btf__name_by_offset(btf, type->name_off);
		if ((section ? strcmp(*found, section) != 0 : !is_data(*found)) ||
		    !find_in(btf, type, &suggestion, &place))
			continue;
		if (!field_resolve_from(btf, &place, path + len, field, problem, sizeof(problem)))
			return 0;
		snprintf(error, error_size, "'%s': %s", name, problem);
		return -EINVAL;
	}
	snprintf(error, error_size, "no %sglobal '%s'%s%s%s", section ? "const volatile " : "",
		 name, suggestion.nearest ? ": did you mean '" : "",
		 suggestion.nearest ? suggestion.nearest : "", suggestion.nearest ? "'?" : "");
	return -ENOENT;
}

static bool number_fits(const struct value *value, unsigned int bits, bool is_signed)
{
	if (value->kind == VALUE_INT)
		return is_signed && (bits == 64 || value->i >= -(INT64_C(1) << (bits - 1)));
	if (is_signed)
		bits--;
	return bits == 64 || value->u < UINT64_C(1) << bits;
}

/* Little and big endian alike: the runner and the program have the same byte order. */
static void number_write(void *to, const struct value *value, size_t size)
{
	const uint8_t u8 = (uint8_t)value->u;
	const uint16_t u16 = (uint16_t)value->u;
	const uint32_t u32 = (uint32_t)value->u;
	const void *const from[] = { [1] = &u8, [2] = &u16, [4] = &u32, [8] = &value->u };

	memcpy(to, from[size], size);
}

static bool is_bool(const struct btf *btf, const struct field *field)
{
	const struct btf_type *type = type_get(btf, field->type_id);

	return btf_is_int(type) && (btf_int_encoding(type) & BTF_INT_BOOL);
}

static int write_number(const struct btf *btf, const struct field *field, const char *name,
			const struct value *value, void *to, char *error, size_t error_size)
{
	const struct schema schema = { .btf = btf };
	struct value number = *value;
	size_t size = field->bit_size / 8;
	char text[NAME_MAX_BYTES];

	if (field->bit_size % 8 || field->bit_offset % 8 || (size & (size - 1)) || size > 8) {
		snprintf(error, error_size, "'%s' is a bit field", name);
		return -EINVAL;
	}
	if (number.kind == VALUE_STRING &&
	    value_parse_number(value->s.data, value->s.len, &number)) {
		snprintf(text, sizeof(text), "%.*s", (int)value->s.len, value->s.data);
		if (schema_enumerator(&schema, field, text, &number, error, error_size))
			return -EINVAL;
	}
	if (!number_fits(&number, is_bool(btf, field) ? 1 : field->bit_size, field->is_signed)) {
		snprintf(error, error_size, "the value does not fit '%s' (%zu bytes)", name, size);
		return -ERANGE;
	}
	number_write(to, &number, size);
	return 0;
}

int field_write(const struct btf *btf, const struct field *field, const char *name,
		const struct value *value, void *data, size_t len, char *error, size_t error_size)
{
	size_t at = field->bit_offset / 8, size = field->bit_size / 8;
	bool number = value->kind == VALUE_UINT || value->kind == VALUE_INT;
	struct value address;

	if (at > len || size > len - at) {
		snprintf(error, error_size, "'%s' is not in the object's data", name);
		return -EINVAL;
	}
	if (field->kind == FIELD_INT && (number || value->kind == VALUE_STRING))
		return write_number(btf, field, name, value, (char *)data + at, error, error_size);
	if (field->kind == FIELD_STRING && !field->length && value->kind == VALUE_STRING) {
		if (value->s.len >= size) {
			snprintf(error, error_size, "'%s' holds %zu bytes, the value needs %zu",
				 name, size, value->s.len + 1);
			return -ERANGE;
		}
		memset((char *)data + at, 0, size);
		memcpy((char *)data + at, value->s.data, value->s.len);
		return 0;
	}
	if (field->kind == FIELD_ADDRESS && value->kind == VALUE_STRING &&
	    !value_parse_address(value->s.data, value->s.len, size == 4 ? VALUE_IPV4 : VALUE_IPV6,
				 &address)) {
		memcpy((char *)data + at, address.address, size);
		return 0;
	}
	snprintf(error, error_size, "'%s' and the value are of different kinds", name);
	return -EINVAL;
}
