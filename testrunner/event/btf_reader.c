/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The bytes at a field's place to a value. */
#include "event/btf_reader.h"

#include <string.h>

#include "event/btf_path.h"

/*
 * Bits that are no whole bytes: bit fields, one bit at a time (psABI: from the low end on little
 * endian).
 */
static uint64_t read_bits(const unsigned char *data, uint32_t bit_offset, uint32_t bit_size)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < bit_size; i++) {
		uint32_t bit = bit_offset + i;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		bits |= (uint64_t)(data[bit / 8] >> (bit % 8) & 1) << i;
#else
		bits = bits << 1 | (data[bit / 8] >> (7 - bit % 8) & 1);
#endif
	}
	return bits;
}

#define READ(type, data, out)                              \
	do {                                               \
		type number_;                              \
		memcpy(&number_, (data), sizeof(number_)); \
		(out) = number_;                           \
	} while (0)

static uint64_t read_number(const unsigned char *data, const struct field *field)
{
	const unsigned char *at = data + field->bit_offset / 8;
	uint64_t bits;

	if (field->bit_offset % 8 != 0)
		return read_bits(data, field->bit_offset, field->bit_size);
	switch (field->bit_size) {
	case 8:
		return at[0];
	case 16:
		READ(uint16_t, at, bits);
		return bits;
	case 32:
		READ(uint32_t, at, bits);
		return bits;
	case 64:
		READ(uint64_t, at, bits);
		return bits;
	default:
		return read_bits(data, field->bit_offset, field->bit_size);
	}
}

static const char *enumerator_name(const struct btf *btf, uint32_t type_id,
				   const struct value *number)
{
	const struct btf_type *type = type_get(btf, type_id);
	struct value entry;
	const char *name;

	for (size_t i = 0; (name = enum_entry(btf, type, i, &entry)); i++) {
		if (entry.kind == number->kind && entry.u == number->u)
			return name;
	}
	return NULL;
}

static void read_int(const struct btf *btf, const struct field *field, const void *data, size_t len,
		     struct value *value)
{
	uint64_t end = (uint64_t)field->bit_offset + field->bit_size;
	unsigned int unused = 64 - field->bit_size;
	uint64_t bits;

	if (field->bit_size == 0 || end > (uint64_t)len * 8)
		return;
	bits = read_number(data, field);
	if (field->is_signed)
		bits = (uint64_t)((int64_t)(bits << unused) >> unused);
	value->kind = field->is_signed && (int64_t)bits < 0 ? VALUE_INT : VALUE_UINT;
	value->u = bits;
	if (field->is_enum)
		value->name = enumerator_name(btf, field->type_id, value);
}

static void read_string(const struct field *field, const char *data, size_t len,
			struct value *value)
{
	size_t offset = field->bit_offset / 8, size = field->bit_size / 8;

	if (offset > len || (size > 0 && offset == len))
		return;
	/* Of an array at its end a probe may send but the part that it used. */
	if (size == 0 || size > len - offset)
		size = len - offset;
	value->kind = VALUE_STRING;
	value->s.data = data + offset;
	value->s.len = strnlen(data + offset, size);
}

static void read_address(const struct field *field, const char *data, size_t len,
			 struct value *value)
{
	size_t offset = field->bit_offset / 8, size = field->bit_size / 8;

	if (offset > len || size > len - offset)
		return;
	value->kind = size == sizeof(value->address) ? VALUE_IPV6 : VALUE_IPV4;
	memset(value->address, 0, sizeof(value->address));
	memcpy(value->address, data + offset, size);
}

/* off and len come from the guest's kernel, but a probe's mistake must not become ours. */
static bool varlen_bytes(const struct field *field, const char *data, size_t len,
			 const char **bytes, size_t *bytes_len)
{
	size_t at = field->bit_offset / 8;
	uint16_t varlen[2];

	if (at > len || sizeof(varlen) > len - at)
		return false;
	memcpy(varlen, data + at, sizeof(varlen));
	if (varlen[0] > len || varlen[1] > len - varlen[0])
		return false;
	*bytes = data + varlen[0];
	*bytes_len = varlen[1];
	return true;
}

/* Without the last NUL it is text; with NULs inside, and no one asking for its length, a list. */
static void read_text(const struct field *field, const char *bytes, size_t len, struct value *value)
{
	size_t text_len = len > 0 && bytes[len - 1] == '\0' ? len - 1 : len;
	bool is_list = !field->length && memchr(bytes, '\0', text_len);

	value->kind = is_list ? VALUE_LIST : VALUE_STRING;
	value->s.data = bytes;
	value->s.len = is_list ? len : text_len;
}

static void read_varlen(const struct field *field, const char *data, size_t len,
			struct value *value)
{
	const char *bytes;
	size_t bytes_len;

	if (!varlen_bytes(field, data, len, &bytes, &bytes_len))
		return;
	if (field->kind == FIELD_VARLEN) {
		read_text(field, bytes, bytes_len, value);
	} else if (field->kind == FIELD_VARLEN_ITEM) {
		value_list_item(bytes, bytes_len, field->index, value);
	} else {
		value->kind = VALUE_UINT;
		value->u = value_list_count(bytes, bytes_len);
	}
}

static void read_field(const struct btf *btf, const struct field *field, const void *data,
		       size_t len, struct value *value)
{
	switch (field->kind) {
	case FIELD_INT:
		read_int(btf, field, data, len, value);
		break;
	case FIELD_STRING:
		read_string(field, data, len, value);
		break;
	case FIELD_VARLEN:
	case FIELD_VARLEN_ITEM:
	case FIELD_VARLEN_COUNT:
		read_varlen(field, data, len, value);
		break;
	case FIELD_ADDRESS:
		read_address(field, data, len, value);
		break;
	case FIELD_CONSTANT:
		*value = value_from_uint(field->index);
		break;
	case FIELD_JSON:
	case FIELD_STRUCT:
	case FIELD_ARRAY:
		break;
	}
	if (field->length && value->kind == VALUE_STRING)
		*value = value_from_uint(value->s.len);
}

const struct field_reader btf_reader = { .resolve = record_resolve, .read = read_field };
