// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Sets a const volatile global by the name that BTF's .rodata section gives it. */
#include "load/option.h"

#include <errno.h>
#include <stdio.h>

#include "load/global.h"

int option_set(struct bpf_object *object, const char *name, const struct value *value, char *error,
	       size_t error_size)
{
	const struct btf *btf = bpf_object__btf(object);
	struct bpf_map *rodata = bpf_object__find_map_by_name(object, ".rodata");
	size_t size = 0;
	char *data = rodata ? bpf_map__initial_value(rodata, &size) : NULL;
	const char *section;
	struct field field;
	int err;

	if (!btf || !data) {
		snprintf(error, error_size, "no const volatile global '%s'", name);
		return -ENOENT;
	}
	err = global_find(btf, ".rodata", name, &section, &field, error, error_size);
	return err ? err : field_write(btf, &field, name, value, data, size, error, error_size);
}
