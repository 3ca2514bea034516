/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * BTF + bytes -> values. Knows no event struct: all it goes by is the BTF of the object that made
 * the record.
 *
 * An event type is a pair of an enumerator and a struct whose names are each other's, turned round:
 * EVENT_FORK and `struct fork_event`. The struct's member `type`, found through anonymous members
 * or else in the first member if that is a struct, must have the enumerator's enum as its type.
 *
 * A path may name, beside members (those of anonymous structs too, as in C):
 *   type         the record's type, also where the member is in the first struct
 *   comm         a char array: text up to its NUL
 *   argv         a struct varlen { __u16 off; __u16 len; }: the bytes at `off` of the record, as
 *                text without its last NUL, or as a list where NULs are inside
 *   argv[2]      its third item; of an array: the third element
 *   remote.ipv4  a struct in_addr or in6_addr: an address
 *   argv.count   how many items, or elements
 *   comm.length  of text, in bytes
 */
#ifndef EVENT_DECODE_H
#define EVENT_DECODE_H

#include <bpf/btf.h>
#include <jansson.h>

#include "base/value.h"

struct event_source;
struct parse_error;

/* The event types of one BPF object. */
struct schema;

/* One event type: `EVENT_FORK` -> `struct fork_event`. Owned by its schema. */
struct event_type {
	const char *name;   /* "fork" */
	size_t index;	    /* its place in schema_type() */
	uint32_t type_id;   /* of the struct, in the schema's BTF */
	uint32_t size;	    /* of the fixed part, bytes; a shorter record is not decoded */
	int64_t type_value; /* of its enumerator */
};

enum field_kind {
	FIELD_INT,	    /* also enums, booleans, pointers */
	FIELD_STRING,	    /* a char array */
	FIELD_VARLEN,	    /* text or a list */
	FIELD_VARLEN_ITEM,  /* argv[index] */
	FIELD_VARLEN_COUNT, /* argv.count */
	FIELD_ADDRESS,	    /* a struct in_addr, in6_addr: bit_size says which */
	FIELD_CONSTANT,	    /* the count of an array of fixed size, in `index` */
	FIELD_STRUCT,	    /* whole: has no value */
	FIELD_ARRAY,	    /* whole: has no value */
	FIELD_JSON,	    /* of a listened event, see json_event.h: `path` says where */
};

/* A field path, resolved once, read many times. No ownership: lives as long as its schema. */
struct field {
	enum field_kind kind;
	uint32_t bit_offset; /* all but FIELD_INT are on byte boundaries */
	uint32_t bit_size;   /* FIELD_STRING: 0 is up to the record's end */
	uint32_t type_id;    /* without typedefs and qualifiers */
	bool is_signed;
	bool is_enum;
	bool length; /* of the text, instead of the text */
	uint32_t index;
	const char *path; /* FIELD_JSON, borrowed; else NULL */
};

/*
 * Find the event types in `btf` (borrowed for the schema's life). An object without any has a
 * schema with none. Errors: -EINVAL, -ENOMEM; `error` then says why.
 */
int schema_new(const struct btf *btf, struct schema **schema, char *error, size_t error_size);
void schema_free(struct schema *schema); /* takes NULL */

const struct event_type *schema_find(const struct schema *schema, const char *name);
/*
 * NULL when `data` is too short to say its type, is of an unknown type, or is shorter than that
 * type. Where records of one object have their type in different places, the place with the most
 * types is tried first.
 */
const struct event_type *schema_identify(const struct schema *schema, const void *data, size_t len);
/*
 * The structs that records of a map are, as a test's `events` line says; each is an event type by
 * the struct's name. Such records are decoded as far as they go. Errors: -ENOMEM, -EINVAL with
 * *error at the word that is wrong.
 */
int schema_add_source(struct schema *schema, const struct event_source *source,
		      struct parse_error *error);
/*
 * `order by PATH` needs the field in each of these structs. Errors: -EINVAL, `error` says of which
 * it is none.
 */
int schema_check_order(const struct schema *schema, const char *path, char *error,
		       size_t error_size);
/*
 * As schema_identify(), for a record of `map`. `known` is whether the type ought to be: it is not
 * where nobody has said what this map holds, and the object has no event types of its own.
 */
const struct event_type *schema_identify_in(const struct schema *schema, const char *map,
					    const void *data, size_t len, bool *known);
/* For messages and listings: the index-th type, NULL past the end. */
const struct event_type *schema_type(const struct schema *schema, size_t index);

/*
 * The number that an enumerator stands for: of `field`'s own enum where it has one, else of any
 * enum of the object. Errors: -ENOENT, -EINVAL (two enums differ about it); `error` then says why.
 */
int schema_enumerator(const struct schema *schema, const struct field *field, const char *name,
		      struct value *value, char *error, size_t error_size);

/*
 * Resolve "task.tid", "argv[0]", ... Errors: -ENOENT, -EINVAL with `error` naming the part that
 * failed and, where one is near, the field that may have been meant.
 */
int field_resolve(const struct schema *schema, const struct event_type *type, const char *path,
		  struct field *field, char *error, size_t error_size);

/*
 * Read a field of a record whose type was identified. Never reads outside `data`; what does not fit
 * is VALUE_NONE. Text stays in `data`.
 */
struct value field_read(const struct schema *schema, const struct field *field, const void *data,
			size_t len);

/*
 * The whole record as a JSON object (new reference), NULL when out of memory. Enums are the names
 * of their enumerators where they have one; numbers above INT64_MAX are decimal strings, because
 * JSON readers lose them; bytes that are no UTF-8 are written \xHH; what cannot be read is null.
 */
json_t *event_to_json(const struct schema *schema, const struct event_type *type, const void *data,
		      size_t len);

#endif
