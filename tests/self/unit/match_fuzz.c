/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Any test against any events. The input is the text of a .test file up to a line "%", then a line of
 * JSON with the variables, then events: a byte for the type, one for the length, that many bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "match/match.h"
#include "sample_events.h"

static struct schema *schema;

static void set_up(void)
{
	char error[64];

	if (!schema && schema_new(sample_btf(NULL), &schema, error, sizeof(error)))
		abort();
}

/* A record of the type's size or more that begins with `len` bytes of the input. */
static void feed(struct matcher *matcher, const struct event_type *type, const uint8_t *data,
		 size_t len)
{
	size_t size = len > type->size ? len : type->size;
	uint8_t *record = calloc(1, size);
	uint32_t number = (uint32_t)type->type_value;

	memcpy(record, data, len);
	memcpy(record, &number, sizeof(number));
	if (schema_identify(schema, record, size) != type ||
	    matcher_feed(matcher, schema, type, record, size) < 0)
		abort();
	free(record);
}

static void feed_all(struct matcher *matcher, const uint8_t *data, size_t size)
{
	while (size >= 2) {
		const struct event_type *type = schema_type(schema, data[0] % 3);
		size_t len = data[1] < size - 2 ? data[1] : size - 2;

		feed(matcher, type, data + 2, len);
		if (data[0] & 0x80)
			matcher_satisfied(matcher);
		data += 2 + len;
		size -= 2 + len;
	}
}

static void run(struct matcher *matcher, const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	size_t json_len = end ? (size_t)(end - data) : size;
	json_t *variables = json_loadb((const char *)data, json_len, 0, NULL), *details;
	bool early = size > 0 && data[size - 1] & 1, satisfied;

	if (early)
		matcher_set_variables(matcher, variables);
	if (end)
		feed_all(matcher, end + 1, size - json_len - 1);
	if (!early)
		matcher_set_variables(matcher, variables);
	satisfied = matcher_satisfied(matcher);
	if (matcher_finish(matcher, &details)) {
		/* A passed test was satisfied before, unless a search between two polls gave up earlier. */
		if (details)
			abort();
	} else if (json_array_size(details) < 2) {
		abort();
	}
	if (matcher_satisfied(matcher) != satisfied)
		abort();
	json_decref(details);
	json_decref(variables);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *split = memmem(data, size, "\n%\n", 3);
	size_t text_len = split ? (size_t)(split - data) + 1 : size;
	const struct schema *schemas[1];
	struct parse_error error;
	struct matcher *matcher;
	struct test *test;

	set_up();
	schemas[0] = schema;
	if (test_parse((const char *)data, text_len, &test, &error) < 0)
		return 0;
	if (matcher_new(&test->event, schemas, 1, &matcher, &error) < 0) {
		if (error.line == 0 || error.column == 0 || error.message[0] == '\0')
			abort();
	} else {
		if (split)
			run(matcher, split + 3, size - text_len - 2);
		matcher_free(matcher);
	}
	test_free(test);
	return 0;
}
