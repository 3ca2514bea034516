/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Any bytes as a record, and any text as a path into it. The input is a line with the path, then the
 * record.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "event/decode.h"
#include "sample_events.h"

static const struct schema *sample_schema(void)
{
	static struct schema *schema;
	char error[64];

	if (!schema && schema_new(sample_btf(NULL), &schema, error, sizeof(error)))
		abort();
	return schema;
}

static void read_path(const struct event_type *type, const char *path, const void *data, size_t len)
{
	char text[128];
	struct field field;
	struct value value;

	if (field_resolve(sample_schema(), type, path, &field, text, sizeof(text)) < 0) {
		if (text[0] == '\0')
			abort();
		return;
	}
	value = field_read(sample_schema(), &field, data, len);
	/* Text lies in the record. */
	if ((value.kind == VALUE_STRING || value.kind == VALUE_LIST) &&
	    (value.s.data < (const char *)data ||
	     value.s.data + value.s.len > (const char *)data + len))
		abort();
	value_format(&value, text, sizeof(text));
	if (!memchr(text, '\0', sizeof(text)))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	const struct event_type *type;
	size_t path_len = end ? (size_t)(end - data) : 0;
	size_t len = end ? size - path_len - 1 : size;
	const void *record = end ? end + 1 : data;
	char *path = strndup((const char *)data, path_len);
	json_t *json;

	for (size_t i = 0; (type = schema_type(sample_schema(), i)); i++)
		read_path(type, path, record, len);
	free(path);
	type = schema_identify(sample_schema(), record, len);
	if (!type)
		return 0;
	json = event_to_json(sample_schema(), type, record, len);
	if (!json || json_object_size(json) == 0)
		abort();
	json_decref(json);
	return 0;
}
