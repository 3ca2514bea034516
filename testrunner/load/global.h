/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Global variables of a BPF object, and writing numbers and text to where BTF says that they are. */
#ifndef LOAD_GLOBAL_H
#define LOAD_GLOBAL_H

#include "event/decode.h"

/*
 * The global "name", "name.member" or "name[2]" of the data section `section`, or of any if that is
 * NULL: *found is its section's name, `field` its place there. Errors: -ENOENT no such global,
 * -EINVAL its path is wrong; `error` says so.
 */
int global_find(const struct btf *btf, const char *section, const char *path, const char **found,
		struct field *field, char *error, size_t error_size);

/*
 * Write a number, an enumerator's name, text or an address to the field's place in `data`. Errors:
 * -ERANGE it does not fit, -EINVAL it is of another kind; `error` says of `name` what is wrong.
 */
int field_write(const struct btf *btf, const struct field *field, const char *name,
		const struct value *value, void *data, size_t len, char *error, size_t error_size);

#endif
