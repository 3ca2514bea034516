/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Field paths, resolved by BTF. */
#ifndef EVENT_BTF_PATH_H
#define EVENT_BTF_PATH_H

#include "event/btf_type.h"

/* A field that fills `place`. Errors: -EINVAL, `error` says what is wrong with its type. */
int field_at(const struct btf *btf, const struct place *place, struct field *field, char *error,
	     size_t error_size);

/*
 * As field_resolve(), of the value at `place` instead of a record. The path may begin with a member's
 * name, with `.` or `[`, or be empty: the value itself.
 */
int field_resolve_from(const struct btf *btf, const struct place *place, const char *path,
		       struct field *field, char *error, size_t error_size);
/* The same of a whole record, whose path begins with a member's name. */
int record_resolve(const struct btf *btf, const struct event_type *type, const char *path,
		   struct field *field, char *error, size_t error_size);

#endif
