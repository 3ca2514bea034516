/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Walking BTF: types, members, enumerators, and the fields that paths lead to. */
#ifndef EVENT_BTF_TYPE_H
#define EVENT_BTF_TYPE_H

#include "event/decode.h"

/* BTF that was made by a compiler nests far less deep; only broken BTF goes in circles. */
#define NESTING_MAX 32

/* A type at a place in a record. */
struct place {
	uint32_t type_id;
	uint64_t bit_offset;
	uint32_t bitfield_size; /* 0: no bit field */
};

/* Looks through typedefs, qualifiers and type tags. 0 is void, also for what goes in circles. */
uint32_t type_skip(const struct btf *btf, uint32_t type_id);
/* Type of that id; void's where there is none, so that callers need no NULL check. */
const struct btf_type *type_get(const struct btf *btf, uint32_t type_id);
bool type_is_struct(const struct btf_type *type); /* or union */
bool type_is_enum(const struct btf_type *type);	  /* of any width */
bool type_is_varlen(const struct btf *btf, const struct btf_type *type);
bool type_is_address(const struct btf *btf, const struct btf_type *type); /* in_addr, in6_addr */
bool type_is_char(const struct btf *btf, uint32_t type_id);
/* Bytes; 0 when the type has no size. */
uint64_t type_size(const struct btf *btf, uint32_t type_id);

/* The index-th enumerator's name, or NULL past the end. */
const char *enum_entry(const struct btf *btf, const struct btf_type *type, size_t index,
		       struct value *value);

/* Place of the index-th member of the struct at `outer`. */
struct place member_place(const struct btf *btf, const struct place *outer, size_t index);
/*
 * The member `name` of the struct at `outer`, looking through anonymous members. False: there is
 * none.
 */
bool member_find(const struct btf *btf, const struct place *outer, const char *name,
		 struct place *place);

/* The member that says the type of a record that begins with the struct at `outer`. */
bool type_member_find(const struct btf *btf, const struct place *outer, struct place *place);

#endif
