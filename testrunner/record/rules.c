// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Holds untrusted JSON against the schema of records. */
#include "record/rules.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int word_index(const char *const *words, const char *word)
{
	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	return -1;
}

static bool all_strings(const json_t *array)
{
	const json_t *item;
	size_t i;

	json_array_foreach(array, i, item)
		if (!json_is_string(item))
			return false;
	return true;
}

/* Absent and null read the same. */
static void field_clear(const struct field_rule *rule, void *at)
{
	switch (rule->kind) {
	case KIND_INTEGER:
		*(int64_t *)at = -1;
		break;
	case KIND_WORD:
		*(int *)at = -1;
		break;
	case KIND_BOOL:
		*(bool *)at = false;
		break;
	case KIND_STRING:
		*(const char **)at = NULL;
		break;
	case KIND_STRINGS:
	case KIND_ROWS:
	case KIND_OBJECT:
		*(const json_t **)at = NULL;
		break;
	}
}

/* Returns what the value should have been, or NULL when it is right and stored. */
static const char *scalar_read(const struct field_rule *rule, const json_t *value, void *at)
{
	switch (rule->kind) {
	case KIND_STRING:
		if (!json_is_string(value))
			return "a string";
		*(const char **)at = json_string_value(value);
		return NULL;
	case KIND_WORD:
		if (!json_is_string(value))
			return "a string";
		*(int *)at = word_index(rule->words, json_string_value(value));
		return *(int *)at < 0 ? "one of the words it may be" : NULL;
	case KIND_INTEGER:
		if (!json_is_integer(value) || json_integer_value(value) < 0)
			return "an integer from 0 up";
		if (rule->max && json_integer_value(value) > rule->max)
			return "a smaller number";
		*(int64_t *)at = json_integer_value(value);
		return NULL;
	case KIND_BOOL:
		if (!json_is_boolean(value))
			return "true or false";
		*(bool *)at = json_is_true(value);
		return NULL;
	default:
		return "a scalar";
	}
}

static int fields_read(const json_t *object, const struct field_rule *rules, size_t count,
		       bool strict, void *out, char *error, size_t error_size);

static const char *rows_check(const struct field_rule *rule, const json_t *value)
{
	struct failed_step row;
	char inner[128];
	const json_t *item;
	size_t i;

	if (!json_is_array(value))
		return "an array of objects";
	json_array_foreach(value, i, item)
		if (fields_read(item, rule->rows, rule->row_count, true, &row, inner,
				sizeof(inner)))
			return "an array of objects of the schema's form";
	return NULL;
}

static const char *field_read_json(const struct field_rule *rule, const json_t *value, void *at)
{
	const char *want = NULL;

	switch (rule->kind) {
	case KIND_STRINGS:
		if (!json_is_array(value) || !all_strings(value))
			want = "an array of strings";
		break;
	case KIND_ROWS:
		want = rows_check(rule, value);
		break;
	case KIND_OBJECT:
		if (!json_is_object(value))
			want = "an object";
		break;
	default:
		return scalar_read(rule, value, at);
	}
	if (!want)
		*(const json_t **)at = value;
	return want;
}

static bool has_rule(const struct field_rule *rules, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(rules[i].name, name))
			return true;
	return false;
}

/* The table holds `out` too: each rule's offset is where its value goes. */
static int fields_read(const json_t *object, const struct field_rule *rules, size_t count,
		       bool strict, void *out, char *error, size_t error_size)
{
	const char *key, *want;
	const json_t *value;

	if (!json_is_object(object)) {
		snprintf(error, error_size, "not an object");
		return -EINVAL;
	}
	for (const struct field_rule *rule = rules; rule < rules + count; rule++) {
		void *at = (char *)out + rule->offset;

		value = json_object_get(object, rule->name);
		field_clear(rule, at);
		if (!value && !(rule->flags & OPTIONAL)) {
			snprintf(error, error_size, "field \"%s\" is missing", rule->name);
			return -EINVAL;
		}
		if (!value || (json_is_null(value) && (rule->flags & NULLABLE)))
			continue;
		want = field_read_json(rule, value, at);
		if (want) {
			snprintf(error, error_size, "field \"%s\" is not %s", rule->name, want);
			return -EINVAL;
		}
	}
	if (!strict)
		return 0;
	json_object_foreach((json_t *)object, key, value) {
		if (!has_rule(rules, count, key)) {
			snprintf(error, error_size, "unknown field \"%.64s\"", key);
			return -EINVAL;
		}
	}
	return 0;
}

static const struct record_rule *rule_find(const json_t *record, char *error, size_t error_size)
{
	const char *name = json_string_value(json_object_get(record, "type"));

	if (!name) {
		snprintf(error, error_size, "field \"type\" is missing or not a string");
		return NULL;
	}
	for (size_t i = 0; i < RECORD_KINDS; i++)
		if (!strcmp(record_rules[i].name, name))
			return &record_rules[i];
	snprintf(error, error_size, "unknown record type \"%.64s\"", name);
	return NULL;
}

int record_rules_read(json_t *record, struct stamp *stamp, json_t **nonce, enum record_kind *type,
		      union record_line *line, char *error, size_t error_size)
{
	const struct record_rule *rule;
	char why[160];

	*nonce = NULL;
	if (fields_read(record, stamp_rules.rules, stamp_rules.count, false, stamp, error,
			error_size))
		return -EINVAL;
	rule = rule_find(record, error, error_size);
	if (!rule)
		return -EINVAL;
	if (!(rule->from & (1u << stamp->from))) {
		snprintf(error, error_size, "%s: may not come from %s", rule->name,
			 record_from_name((enum record_from)stamp->from));
		return -EINVAL;
	}
	*nonce = json_incref(json_object_get(record, "nonce"));
	for (size_t i = 0; i < stamp_rules.count; i++)
		json_object_del(record, stamp_rules.rules[i].name);
	json_object_del(record, "type");
	if (fields_read(record, rule->fields.rules, rule->fields.count, true, line, why,
			sizeof(why))) {
		snprintf(error, error_size, "%s: %s", rule->name, why);
		json_decref(*nonce);
		*nonce = NULL;
		return -EINVAL;
	}
	line->json = record;
	*type = (enum record_kind)(rule - record_rules);
	return 0;
}

int record_rules_read_run(const json_t *object, struct run_line *run, char *error,
			  size_t error_size)
{
	return fields_read(object, run_rules.rules, run_rules.count, false, run, error, error_size);
}
