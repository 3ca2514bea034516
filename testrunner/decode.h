/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* BTF + bytes -> values. Knows no event struct: all it goes by is the BTF of the object that made the record. */
#ifndef DECODE_H
#define DECODE_H

#include <bpf/btf.h>
#include <jansson.h>

#include "value.h"

/* The record types of one BPF object. */
struct schema;

/* One record type: `EVENT_FORK` -> `struct fork_event`. Owned by its schema. */
struct record_type {
	const char *name;   /* "fork" */
	uint32_t type_id;   /* of the struct, in the schema's BTF */
	uint32_t size;	    /* of the fixed part, bytes; a shorter record is not decoded */
	int64_t type_value; /* of its enumerator */
};

enum field_kind { FIELD_INT, FIELD_STRING, FIELD_VARLEN, FIELD_VARLEN_ITEM, FIELD_STRUCT, FIELD_ARRAY };

/* A field path, resolved once, read many times. No ownership: lives as long as its schema. */
struct field {
	enum field_kind kind;
	uint32_t bit_offset, bit_size; /* FIELD_INT; the others are on byte boundaries */
	uint32_t type_id;	       /* without typedefs and qualifiers */
	bool is_signed;
	uint32_t index; /* FIELD_VARLEN_ITEM: argv[index] */
};

/*
 * Find the record types in `btf` (borrowed for the schema's life). An object without any has a schema with none.
 * Errors: -EINVAL, -ENOMEM; `error` then says why.
 */
int schema_new(const struct btf *btf, struct schema **schema, char *error, size_t error_size);
void schema_free(struct schema *schema); /* takes NULL */

const struct record_type *schema_find(const struct schema *schema, const char *name);
/* NULL when `data` is too short to say its type, is of an unknown type, or is shorter than that type. */
const struct record_type *schema_identify(const struct schema *schema, const void *data, size_t len);
/* For messages and listings: the index-th type, NULL past the end. */
const struct record_type *schema_type(const struct schema *schema, size_t index);

/* Resolve "task.tid", "argv[0]", ... Errors: -ENOENT, -EINVAL with `error` naming the part that failed and, where
 * one is near, the field that may have been meant. */
int field_resolve(const struct schema *schema, const struct record_type *type, const char *path,
		  struct field *field, char *error, size_t error_size);

/* Read a field of a record whose type was identified. Never reads outside `data`; what does not fit is VALUE_NONE. */
struct value field_read(const struct schema *schema, const struct field *field, const void *data, size_t len);

/* The whole record as a JSON object (new reference), NULL when out of memory. */
json_t *record_to_json(const struct schema *schema, const struct record_type *type, const void *data, size_t len);

#endif
