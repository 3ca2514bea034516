/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The generator's $variables: paths into the JSON object that it printed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/variable.h"

#define NAME_MAX_BYTES 256

/* One step of the path at *path, which is moved past it. NULL: there is nothing there. */
static json_t *step(json_t *json, const char **path)
{
	char name[NAME_MAX_BYTES];
	size_t len;

	if (**path == '[') {
		unsigned long index = strtoul(*path + 1, (char **)path, 10);

		*path += **path == ']';
		return json_array_get(json, index);
	}
	*path += **path == '.';
	len = strcspn(*path, ".[");
	if (len == 0 || len >= sizeof(name))
		return NULL;
	memcpy(name, *path, len);
	name[len] = '\0';
	*path += len;
	return json_object_get(json, name);
}

int variable_find(json_t *variables, const char *path, struct value *value, char *error,
		  size_t error_size)
{
	const char *rest = path;
	json_t *json = variables;

	while (json && *rest != '\0')
		json = step(json, &rest);
	if (!json) {
		snprintf(error, error_size, "$%s: the generator's JSON has no '%.*s'", path,
			 (int)(rest - path), path);
		return -ENOENT;
	}
	switch (json_typeof(json)) {
	case JSON_INTEGER:
		*value = value_from_int(json_integer_value(json));
		return 0;
	case JSON_TRUE:
	case JSON_FALSE:
		*value = value_from_uint(json_is_true(json));
		return 0;
	case JSON_STRING:
		*value = value_from_string(json_string_value(json), json_string_length(json));
		return 0;
	case JSON_REAL:
		snprintf(error, error_size,
			 "$%s is a number with a fraction: only integers compare", path);
		return -EINVAL;
	case JSON_NULL:
		snprintf(error, error_size, "$%s is null in the generator's JSON", path);
		return -EINVAL;
	case JSON_OBJECT:
		snprintf(error, error_size, "$%s is an object: name one of its fields", path);
		return -EINVAL;
	default:
		snprintf(error, error_size, "$%s is an array: name one of its elements", path);
		return -EINVAL;
	}
}
