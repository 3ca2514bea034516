/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Record types in BTF of every kind: paired, placed, told apart, ambiguous, old, broken. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/decode.h"
#include "sample_events.h"

static struct schema *new_schema(struct btf *btf)
{
	struct schema *schema;
	char error[256];

	if (schema_new(btf, &schema, error, sizeof(error)))
		fail_msg("%s", error);
	return schema;
}

static void check_schema_error(struct btf *btf, const char *want)
{
	struct schema *schema;
	char error[256];

	assert_int_equal(schema_new(btf, &schema, error, sizeof(error)), -EINVAL);
	assert_null(schema);
	assert_string_equal(error, want);
	btf__free(btf);
}

static int add_enum(struct btf *btf, const char *name, const char *first, int number)
{
	int id = btf__add_enum(btf, name, 4);

	btf__add_enum_value(btf, first, number);
	return id;
}

static int add_record(struct btf *btf, const char *name, int type, size_t offset, uint32_t size)
{
	int id = btf__add_struct(btf, name, size);

	sample_member(btf, "type", type, offset);
	return id;
}

static void an_object_without_record_types(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int type = add_enum(btf, "t", "EVENT_FORK", 1);

	(void)state;
	/*
	 * The type is no enum; the names do not pair; there is no member `type`; there is not a name.
	 */
	add_record(btf, "fork_event", number, 0, 4);
	add_record(btf, "fork", type, 0, 4);
	add_record(btf, "event_fork", type, 0, 4);
	add_record(btf, "fork_evemt", type, 0, 4);
	add_record(btf, "fork_event_", type, 0, 4);
	add_record(btf, NULL, type, 0, 4);
	btf__add_struct(btf, "fork_event", 4);
	sample_member(btf, "kind", type, 0);
	btf__add_struct(btf, "fork_event", 0);
	btf__add_fwd(btf, "fork_event", BTF_FWD_STRUCT);
	schema = new_schema(btf);
	assert_null(schema_type(schema, 0));
	assert_null(schema_find(schema, "fork"));
	assert_null(schema_identify(schema, "\1\0\0\0", 4));
	schema_free(schema);
	schema_free(NULL);
	btf__free(btf);
}

static void names_of_several_words_pair(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int type = btf__add_enum(btf, "t", 4);

	(void)state;
	btf__add_enum_value(btf, "EVENT_FILE_CREATE", 4);
	btf__add_enum_value(btf, "MY_EVENT_FORK", 5);
	btf__add_enum_value(btf, "UNUSED", 6);
	/* Half a name is none. */
	btf__add_enum_value(btf, "_X", 7);
	btf__add_enum_value(btf, "Y_", 8);
	add_record(btf, "x_", type, 0, 4);
	add_record(btf, "_y", type, 0, 4);
	add_record(btf, "file_create_event", type, 0, 4);
	add_record(btf, "Fork_My_Event", type, 0, 4);
	schema = new_schema(btf);
	assert_int_equal(schema_find(schema, "file_create")->type_value, 4);
	assert_int_equal(schema_find(schema, "fork")->type_value, 5);
	assert_null(schema_type(schema, 2));
	schema_free(schema);
	btf__free(btf);
}

static void the_type_may_be_in_the_first_struct(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int number = btf__add_int(btf, "unsigned int", 4, 0), header, outer;
	int type = add_enum(btf, "t", "EVENT_FORK", 1);
	uint32_t record[] = { 9, 1, 77 };
	char error[256];
	struct field field;

	(void)state;
	header = btf__add_struct(btf, "header", 8);
	sample_member(btf, "size", number, 0);
	sample_member(btf, "type", type, 4);
	outer = btf__add_struct(btf, "outer", 8);
	sample_member(btf, "header", header, 0);
	btf__add_struct(btf, "fork_event", 12);
	sample_member(btf, "outer", outer, 0);
	sample_member(btf, "pid", number, 8);
	schema = new_schema(btf);
	assert_string_equal(schema_identify(schema, record, 12)->name, "fork");
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "type", &field, error, 256),
			 0);
	assert_int_equal(field_read(schema, &field, record, 12).u, 1);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "outer.header.size", &field,
				       error, 256),
			 0);
	assert_int_equal(field_read(schema, &field, record, 12).u, 9);
	/*
	 * The other members of that struct are reached by its name only, and `type` from the top
	 * only.
	 */
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "outer.type", &field, error,
				       256),
			 -ENOENT);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "size", &field, error, 256),
			 -ENOENT);
	schema_free(schema);
	btf__free(btf);
}

/* A struct that is called varlen but has other members is just a struct. */
static void a_struct_that_only_looks_like_a_varlen(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int type = add_enum(btf, "t", "EVENT_A", 1), wide, half, u16, u32;
	const uint32_t record[] = { 1, 2, 3, 0x50004 };
	char error[256];
	struct field field;

	(void)state;
	u16 = btf__add_int(btf, "unsigned short", 2, 0);
	u32 = btf__add_int(btf, "unsigned int", 4, 0);
	wide = btf__add_struct(btf, "varlen", 8);
	sample_member(btf, "off", u32, 0);
	sample_member(btf, "len", u32, 4);
	half = btf__add_struct(btf, "varlen", 4);
	sample_member(btf, "len", u16, 0);
	sample_member(btf, "off", u16, 2);
	add_record(btf, "a_event", type, 0, 16);
	sample_member(btf, "wide", wide, 4);
	sample_member(btf, "half", half, 12);
	schema = new_schema(btf);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "wide.len", &field, error,
				       256),
			 0);
	assert_int_equal(field_read(schema, &field, record, 16).u, 3);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "half.len", &field, error,
				       256),
			 0);
	assert_int_equal(field_read(schema, &field, record, 16).u, 4);
	schema_free(schema);
	btf__free(btf);
}

/* An array without a size at the end of a struct goes on as long as the record does. */
static void an_array_without_size(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int type = add_enum(btf, "t", "EVENT_A", 1), u16, rest;
	const uint16_t record[] = { 1, 0, 7, 8, 9 };
	char error[256], *text;
	struct field field;
	json_t *json;

	(void)state;
	u16 = btf__add_int(btf, "unsigned short", 2, 0);
	rest = btf__add_array(btf, 1, u16, 0);
	add_record(btf, "a_event", type, 0, 4);
	sample_member(btf, "rest", rest, 4);
	schema = new_schema(btf);
	json = event_to_json(schema, schema_type(schema, 0), record, sizeof(record) - 1);
	text = json_dumps(json, JSON_COMPACT);
	assert_string_equal(text, "{\"type\":\"EVENT_A\",\"rest\":[7,8]}");
	free(text);
	json_decref(json);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "rest[2]", &field, error,
				       256),
			 0);
	assert_int_equal(field_read(schema, &field, record, sizeof(record)).u, 9);
	assert_int_equal(field_read(schema, &field, record, sizeof(record) - 1).kind, VALUE_NONE);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "rest.count", &field, error,
				       256),
			 -ENOENT);
	schema_free(schema);
	btf__free(btf);
}

/* A byte, a bit field, an enum64, a negative number: whatever an enum can be stored in. */
static void types_of_every_width(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int byte, wide;
	unsigned char record[16] = { 2 };

	(void)state;
	byte = btf__add_enum(btf, "byte", 1);
	btf__add_enum_value(btf, "BYTE_A", 2);
	wide = btf__add_enum64(btf, "wide", 8, true);
	btf__add_enum64_value(btf, "WIDE_B", (uint64_t)-5);
	add_record(btf, "a_byte", byte, 0, 1);
	add_record(btf, "b_wide", wide, 8, 16);
	schema = new_schema(btf);
	assert_string_equal(schema_identify(schema, record, 1)->name, "a");
	record[0] = 0;
	memcpy(record + 8, &(int64_t){ -5 }, 8);
	assert_string_equal(schema_identify(schema, record, 16)->name, "b");
	assert_int_equal(schema_find(schema, "b")->type_value, -5);
	memcpy(record + 8, &(int64_t){ -6 }, 8);
	assert_null(schema_identify(schema, record, 16));
	schema_free(schema);
	btf__free(btf);
}

static void the_place_with_most_types_comes_first(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int few, many;
	uint32_t record[] = { 1, 1 };

	(void)state;
	few = add_enum(btf, "few", "FEW_A", 1);
	add_record(btf, "a_few", few, 0, 4);
	many = add_enum(btf, "many", "MANY_B", 1);
	btf__add_enum_value(btf, "MANY_C", 2);
	add_record(btf, "b_many", many, 4, 8);
	add_record(btf, "c_many", many, 4, 8);
	schema = new_schema(btf);
	assert_string_equal(schema_identify(schema, record, 8)->name, "b");
	assert_string_equal(schema_identify(schema, record, 4)->name, "a");
	record[1] = 2;
	assert_string_equal(schema_identify(schema, record, 8)->name, "c");
	record[1] = 3;
	assert_string_equal(schema_identify(schema, record, 8)->name, "a");
	schema_free(schema);
	btf__free(btf);
}

static void ambiguous_types_are_errors(void **state)
{
	struct btf *btf = btf__new_empty();
	int type = add_enum(btf, "t", "EVENT_A", 1);

	(void)state;
	add_record(btf, "a_event", type, 0, 4);
	add_record(btf, "a_event", type, 0, 8);
	check_schema_error(btf, "two structs are the event type 'a': BTF types 2 and 3");

	btf = btf__new_empty();
	type = add_enum(btf, "t", "EVENT_A", 1);
	btf__add_enum_value(btf, "EVENT_B", 1);
	add_record(btf, "a_event", type, 0, 4);
	add_record(btf, "b_event", type, 0, 4);
	check_schema_error(btf, "the event types 'a' and 'b' have the same number");
}

static void two_enums_may_differ_about_a_name(void **state)
{
	struct btf *btf = btf__new_empty();
	struct field field = { .kind = FIELD_INT };
	struct schema *schema;
	struct value value;
	char error[256];

	(void)state;
	add_enum(btf, "a", "SAME", 1);
	add_enum(btf, "b", "SAME", 1);
	add_enum(btf, "c", "OTHER", 1);
	add_enum(btf, "d", "OTHER", 2);
	schema = new_schema(btf);
	assert_int_equal(schema_enumerator(schema, &field, "SAME", &value, error, sizeof(error)),
			 0);
	assert_int_equal(schema_enumerator(schema, &field, "OTHER", &value, error, sizeof(error)),
			 -EINVAL);
	assert_string_equal(error,
			    "'OTHER' is an enumerator of several enums, with different numbers");
	schema_free(schema);
	btf__free(btf);
}

/* Before LLVM 15: no sign on enums. And before kind_flag: the bits of a bit field are its int's. */
static void old_compilers(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int type = add_enum(btf, "t", "EVENT_A", 1), old, bits;
	const uint32_t record[] = { 1, 0xffffffff, 0xa8 };
	struct btf_type *raw;
	uint32_t int_data = 3 << 16 | 5;
	char error[256], text[64];
	struct field field;
	struct value value;

	(void)state;
	old = btf__add_enum(btf, "old", 4);
	btf__add_enum_value(btf, "OLD_NONE", -1);
	raw = (struct btf_type *)btf__type_by_id(btf, (uint32_t)old);
	raw->info &= ~(1u << 31);
	bits = btf__add_int(btf, "unsigned int", 4, 0);
	raw = (struct btf_type *)btf__type_by_id(btf, (uint32_t)bits);
	memcpy(raw + 1, &int_data, sizeof(int_data));
	add_record(btf, "a_event", type, 0, 12);
	sample_member(btf, "old", old, 4);
	sample_member(btf, "bits", bits, 8);
	schema = new_schema(btf);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "old", &field, error, 256),
			 0);
	value = field_read(schema, &field, record, 12);
	assert_string_equal(value_format(&value, text, sizeof(text)), "OLD_NONE (4294967295)");
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "bits", &field, error, 256),
			 0);
	assert_int_equal(field_read(schema, &field, record, 12).u, 0x15);
	schema_free(schema);
	btf__free(btf);
}

/*
 * BTF that no compiler makes: circles, sizes that wrap, numbers of no bits. Errors or nothing,
 * never a hang.
 */
static void broken_btf(void **state)
{
	struct btf *btf = btf__new_empty();
	struct schema *schema;
	int type = add_enum(btf, "t", "EVENT_A", 1), circle, wall, byte, none, part;
	const unsigned char record[64] = { 1 };
	struct btf_type *raw;
	char error[256];
	struct field field;
	json_t *json;

	(void)state;
	circle = btf__add_typedef(btf, "circle", 1);
	raw = (struct btf_type *)btf__type_by_id(btf, (uint32_t)circle);
	raw->type = (uint32_t)circle;
	byte = btf__add_int(btf, "unsigned char", 1, 0);
	wall = byte;
	for (int i = 0; i < 40; i++)
		wall = btf__add_array(btf, byte, wall, 0xffffffff);
	none = btf__add_int(btf, "none", 4, 0);
	raw = (struct btf_type *)btf__type_by_id(btf, (uint32_t)none);
	memset(raw + 1, 0, 4);
	part = add_record(btf, "a_event", type, 0, 4);
	sample_member(btf, "circle", circle, 4);
	sample_member(btf, "wall", wall, 4);
	sample_member(btf, "none", none, 4);
	sample_member(btf, "", part, 0);
	sample_member(btf, "void", 0, 4);
	sample_member(btf, "missing", byte, 4);
	btf__add_field(btf, "far", byte, 0xfffffff8, 0);
	raw = (struct btf_type *)btf__type_by_id(btf, (uint32_t)part);
	btf_members(raw)[btf_vlen(raw) - 2].type = 12345;
	schema = new_schema(btf);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "circle", &field, error,
				       256),
			 -EINVAL);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "none", &field, error, 256),
			 -EINVAL);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "void", &field, error, 256),
			 -EINVAL);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "missing", &field, error,
				       256),
			 -EINVAL);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "far", &field, error, 256),
			 -EINVAL);
	assert_string_equal(error, "'far' lies beyond any record");
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "wall[1]", &field, error,
				       256),
			 -EINVAL);
	assert_int_equal(field_resolve(schema, schema_type(schema, 0), "nowhere", &field, error,
				       256),
			 -ENOENT);
	json = event_to_json(schema, schema_type(schema, 0), record, sizeof(record));
	assert_non_null(json);
	json_decref(json);
	schema_free(schema);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_without_record_types),
		cmocka_unit_test(names_of_several_words_pair),
		cmocka_unit_test(the_type_may_be_in_the_first_struct),
		cmocka_unit_test(a_struct_that_only_looks_like_a_varlen),
		cmocka_unit_test(an_array_without_size),
		cmocka_unit_test(types_of_every_width),
		cmocka_unit_test(the_place_with_most_types_comes_first),
		cmocka_unit_test(ambiguous_types_are_errors),
		cmocka_unit_test(two_enums_may_differ_about_a_name),
		cmocka_unit_test(old_compilers),
		cmocka_unit_test(broken_btf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
