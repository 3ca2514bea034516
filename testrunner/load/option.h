/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Options of a BPF object: its `const volatile` globals, set before load. */
#ifndef LOAD_OPTION_H
#define LOAD_OPTION_H

#include <bpf/libbpf.h>

#include "base/value.h"

/*
 * Set the global `name`, or `name.member`, `name[2]`, in .rodata of an opened, not yet loaded `object`:
 * an integer, an enum, a char array or an address. Errors: -ENOENT no such global, -ERANGE the value
 * does not fit, -EINVAL the kinds differ;
 * `error` says which.
 */
int option_set(struct bpf_object *object, const char *name, const struct value *value, char *error,
	       size_t error_size);

#endif
