/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Decoding: a struct with a field of every kind, read by paths and as JSON, whole, cut short and
 * garbled.
 */
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

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

enum zoo_place {
	ZOO_TYPE = 0,
	ZOO_SMALL = 4,
	ZOO_TINY = 5,
	ZOO_SHORT = 6,
	ZOO_NUMBER = 8,
	ZOO_FLAG = 12,
	ZOO_WIDE = 16,
	ZOO_HUGE = 24,
	ZOO_BITS = 32, /* 3 bits, 5 signed, 4 of an enum, 4 unnamed, 40 */
	ZOO_POINTER = 40,
	ZOO_BIG = 48,
	ZOO_DELTA = 56,
	ZOO_NAME = 60,
	ZOO_GRID = 68,
	ZOO_BYTES = 76,
	ZOO_PAIRS = 80,
	ZOO_WORD = 92,
	ZOO_HALVES = 96,
	ZOO_ITEMS = 100,
	ZOO_GIANT = 112,
	ZOO_REAL = 128,
	ZOO_TEXT = 132,
	ZOO_LIST = 136,
	ZOO_TAIL = 140, /* no size of its own */
	ZOO_SIZE = 140,
	ZOO_RECORD = 192, /* with what text and list point at */
};

struct fixture {
	struct btf *btf;
	struct schema *schema;
	const struct event_type *zoo;
	unsigned char record[ZOO_RECORD];
};

static int add_array(struct btf *btf, int element, uint32_t count)
{
	return btf__add_array(btf, 1, element, count);
}

static int add_zoo_unions(struct btf *btf, const struct sample_ids *ids, int *halves)
{
	int octets = add_array(btf, ids->u8, 4), low_high, word;

	low_high = btf__add_struct(btf, NULL, 4);
	sample_member(btf, "low", ids->u16, 0);
	sample_member(btf, "high", ids->u16, 2);
	*halves = btf__add_union(btf, "halves", 4);
	sample_member(btf, "", low_high, 0);
	sample_member(btf, "all", ids->u32, 0);
	word = btf__add_union(btf, NULL, 4);
	sample_member(btf, "word", ids->u32, 0);
	sample_member(btf, "octets", octets, 0);
	return word;
}

static void add_zoo_numbers(struct btf *btf, const struct sample_ids *ids, int *small_parts)
{
	int enum64 = small_parts[0], delta = small_parts[1], qualified = small_parts[2];

	sample_member(btf, "small", qualified, ZOO_SMALL);
	sample_member(btf, "tiny", small_parts[3], ZOO_TINY);
	sample_member(btf, "short", small_parts[4], ZOO_SHORT);
	sample_member(btf, "number", ids->s32, ZOO_NUMBER);
	sample_member(btf, "flag", small_parts[5], ZOO_FLAG);
	sample_member(btf, "wide", small_parts[6], ZOO_WIDE);
	sample_member(btf, "huge", ids->u64, ZOO_HUGE);
	btf__add_field(btf, "three", ids->u32, ZOO_BITS * 8, 3);
	btf__add_field(btf, "five", ids->s32, ZOO_BITS * 8 + 3, 5);
	btf__add_field(btf, "mood", ids->mood, ZOO_BITS * 8 + 8, 4);
	btf__add_field(btf, "", ids->u32, ZOO_BITS * 8 + 12, 4);
	btf__add_field(btf, "forty", ids->u64, ZOO_BITS * 8 + 16, 40);
	sample_member(btf, "pointer", small_parts[7], ZOO_POINTER);
	sample_member(btf, "big", enum64, ZOO_BIG);
	sample_member(btf, "delta", delta, ZOO_DELTA);
}

static void add_zoo_parts(struct btf *btf, const struct sample_ids *ids, int *parts)
{
	parts[0] = btf__add_enum64(btf, "big", 8, false);
	btf__add_enum64_value(btf, "BIG_ONE", 1ULL << 40);
	btf__add_enum64_value(btf, "BIG_TOP", UINT64_MAX);
	parts[1] = btf__add_enum(btf, "delta", 4);
	btf__add_enum_value(btf, "DELTA_DOWN", -1);
	btf__add_enum_value(btf, "DELTA_UP", 1);
	parts[2] = btf__add_typedef(btf, "__u8", ids->u8);
	parts[2] = btf__add_const(btf, btf__add_volatile(btf, parts[2]));
	parts[3] = btf__add_int(btf, "signed char", 1, BTF_INT_SIGNED);
	parts[4] = btf__add_int(btf, "short", 2, BTF_INT_SIGNED);
	parts[5] = btf__add_int(btf, "_Bool", 1, BTF_INT_BOOL);
	parts[6] = btf__add_int(btf, "long long", 8, BTF_INT_SIGNED);
	parts[7] = btf__add_ptr(btf, 0);
}

/* The sample types, with a fourth one that has everything. */
static struct btf *zoo_btf(void)
{
	struct sample_ids ids;
	struct btf *btf = sample_btf(&ids);
	int parts[8], halves, word, item, type, giant, real;
	int name, grid, bytes, pairs, items, tail;

	btf__set_pointer_size(btf, 8);
	type = btf__add_enum(btf, "zoo_type", 4);
	btf__add_enum_value(btf, "SAMPLE_ZOO", 99);
	add_zoo_parts(btf, &ids, parts);
	word = add_zoo_unions(btf, &ids, &halves);
	item = btf__add_struct(btf, "item", 4);
	sample_member(btf, "a", ids.u16, 0);
	sample_member(btf, "b", ids.u16, 2);
	giant = btf__add_int(btf, "__int128", 16, BTF_INT_SIGNED);
	real = btf__add_float(btf, "float", 4);
	name = add_array(btf, btf__add_const(btf, ids.ch), 8);
	grid = add_array(btf, add_array(btf, ids.ch, 4), 2);
	bytes = add_array(btf, ids.u8, 4);
	pairs = add_array(btf, add_array(btf, ids.u16, 3), 2);
	items = add_array(btf, item, 3);
	tail = add_array(btf, ids.ch, 0);
	btf__add_struct(btf, "zoo_sample", ZOO_SIZE);
	sample_member(btf, "type", type, ZOO_TYPE);
	add_zoo_numbers(btf, &ids, parts);
	sample_member(btf, "name", name, ZOO_NAME);
	sample_member(btf, "grid", grid, ZOO_GRID);
	sample_member(btf, "bytes", bytes, ZOO_BYTES);
	sample_member(btf, "pairs", pairs, ZOO_PAIRS);
	sample_member(btf, "", word, ZOO_WORD);
	sample_member(btf, "u", halves, ZOO_HALVES);
	sample_member(btf, "items", items, ZOO_ITEMS);
	sample_member(btf, "giant", giant, ZOO_GIANT);
	sample_member(btf, "real", real, ZOO_REAL);
	sample_member(btf, "text", ids.varlen, ZOO_TEXT);
	sample_member(btf, "list", ids.varlen, ZOO_LIST);
	sample_member(btf, "ipv4", ids.ipv4, ZOO_BYTES);
	sample_member(btf, "ipv6", ids.ipv6, ZOO_GIANT);
	sample_member(btf, "tail", tail, ZOO_TAIL);
	return btf;
}

#define PUT(record, place, type, value)                          \
	do {                                                     \
		type put_ = (type)(value);                       \
		memcpy((record) + (place), &put_, sizeof(put_)); \
	} while (0)

static void fill_zoo(unsigned char *record)
{
	static const uint16_t pairs[] = { 1, 2, 3, 4, 5, 65535 };
	static const uint16_t items[] = { 10, 20, 11, 21, 12, 22 };
	/* three = 5, five = -3, mood = MOOD_KEEN, forty = 0xfedcba9876 */
	static const unsigned char bits[] = { 0xed, 0xa7, 0x76, 0x98, 0xba, 0xdc, 0xfe };

	memset(record, 0, ZOO_RECORD);
	PUT(record, ZOO_TYPE, uint32_t, 99);
	PUT(record, ZOO_SMALL, uint8_t, 200);
	PUT(record, ZOO_TINY, int8_t, -100);
	PUT(record, ZOO_SHORT, int16_t, INT16_MIN);
	PUT(record, ZOO_NUMBER, int32_t, -1);
	PUT(record, ZOO_FLAG, uint8_t, 1);
	PUT(record, ZOO_WIDE, int64_t, INT64_MIN);
	PUT(record, ZOO_HUGE, uint64_t, UINT64_MAX);
	memcpy(record + ZOO_BITS, bits, sizeof(bits));
	PUT(record, ZOO_POINTER, uint64_t, 0xffff888000000000);
	PUT(record, ZOO_BIG, uint64_t, UINT64_MAX);
	PUT(record, ZOO_DELTA, int32_t, -1);
	memcpy(record + ZOO_NAME, "cat", 4);
	memcpy(record + ZOO_GRID, "a\0b\0full", 8);
	memcpy(record + ZOO_BYTES, "\x01\x02\xff\x04", 4);
	memcpy(record + ZOO_PAIRS, pairs, sizeof(pairs));
	PUT(record, ZOO_WORD, uint32_t, 0x04030201);
	PUT(record, ZOO_HALVES, uint32_t, 0x00020001);
	memcpy(record + ZOO_ITEMS, items, sizeof(items));
	memcpy(record + ZOO_GIANT, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\x12\x34", 16);
	PUT(record, ZOO_TEXT, uint16_t, 150);
	PUT(record, ZOO_TEXT + 2, uint16_t, 6);
	PUT(record, ZOO_LIST, uint16_t, 160);
	PUT(record, ZOO_LIST + 2, uint16_t, 12);
	memcpy(record + ZOO_TAIL, "the tail", 9);
	memcpy(record + 150, "hello", 6);
	memcpy(record + 160, "ls\0--all\0\0\0", 12);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	char error[256];

	fixture->btf = zoo_btf();
	if (schema_new(fixture->btf, &fixture->schema, error, sizeof(error)))
		fail_msg("%s", error);
	fixture->zoo = schema_find(fixture->schema, "zoo");
	fill_zoo(fixture->record);
	*state = fixture;
	return fixture->zoo ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	schema_free(fixture->schema);
	btf__free(fixture->btf);
	free(fixture);
	return 0;
}

/* Of every path that has a value: what it is in the record of fill_zoo(). */
static const struct path_row {
	const char *path, *want;
} path_rows[] = {
	{ "type", "SAMPLE_ZOO (99)" },
	{ "small", "200" },
	{ "tiny", "-100" },
	{ "short", "-32768" },
	{ "number", "-1" },
	{ "flag", "1" },
	{ "wide", "-9223372036854775808" },
	{ "huge", "18446744073709551615" },
	{ "three", "5" },
	{ "five", "-3" },
	{ "mood", "MOOD_KEEN (7)" },
	{ "forty", "1094624909430" },
	{ "pointer", "18446612682070032384" },
	{ "big", "BIG_TOP (18446744073709551615)" },
	{ "delta", "DELTA_DOWN (-1)" },
	{ "name", "\"cat\"" },
	{ "name.length", "3" },
	{ "name[0]", "99" },
	{ "name[7]", "0" },
	{ "grid[0]", "\"a\"" },
	{ "grid[1]", "\"full\"" },
	{ "grid[1][3]", "108" },
	{ "grid[0].length", "1" },
	{ "grid.count", "2" },
	{ "bytes[2]", "255" },
	{ "bytes.count", "4" },
	{ "pairs[1][2]", "65535" },
	{ "pairs[0][0]", "1" },
	{ "pairs[1].count", "3" },
	{ "pairs.count", "2" },
	{ "word", "67305985" },
	{ "octets[3]", "4" },
	{ "u.low", "1" },
	{ "u.high", "2" },
	{ "u.all", "131073" },
	{ "items[2].b", "22" },
	{ "items[0].a", "10" },
	{ "items.count", "3" },
	{ "text", "\"hello\"" },
	{ "text.length", "5" },
	{ "text.count", "1" },
	{ "text[0]", "\"hello\"" },
	{ "text[0].length", "5" },
	{ "text[1]", "nothing" },
	{ "list", "[\"ls\", \"--all\", \"\", \"\", \"\"]" },
	{ "list.count", "5" },
	{ "list.length", "11" },
	{ "list[0]", "\"ls\"" },
	{ "list[1]", "\"--all\"" },
	{ "list[1].length", "5" },
	{ "list[4]", "\"\"" },
	{ "list[5]", "nothing" },
	{ "list[5].length", "nothing" },
	{ "list[4294967295]", "nothing" },
	{ "ipv4", "1.2.255.4" },
	{ "ipv6", "fe80::1234" },
	{ "tail", "\"the tail\"" },
	{ "tail.length", "8" },
	{ "tail[1]", "104" },
	{ "tail[51]", "0" },
	{ "tail[52]", "nothing" },
};

static void paths_have_values(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_SIZE(path_rows); i++) {
		char error[256] = "", text[128];
		struct field field;
		struct value value;

		if (field_resolve(fixture->schema, fixture->zoo, path_rows[i].path, &field, error,
				  sizeof(error)))
			fail_msg("%s: %s", path_rows[i].path, error);
		value = field_read(fixture->schema, &field, fixture->record, ZOO_RECORD);
		value_format(&value, text, sizeof(text));
		if (strcmp(text, path_rows[i].want) != 0)
			fail_msg("%s: got %s, want %s", path_rows[i].path, text, path_rows[i].want);
	}
}

static const struct path_error_row {
	const char *path;
	int err;
	const char *message;
} path_error_rows[] = {
	{ "nmae", -ENOENT, "'nmae' is not a field: did you mean 'name'?" },
	{ "octet[0]", -ENOENT, "'octet' is not a field: did you mean 'octets'?" },
	{ "u.hihg", -ENOENT, "'u.hihg' is not a field: did you mean 'u.high'?" },
	{ "items[1].xyz", -ENOENT, "'items[1].xyz' is not a field" },
	{ "elephant", -ENOENT, "'elephant' is not a field" },
	{ "items[1].c", -ENOENT, "'items[1].c' is not a field" },
	{ "number.x", -ENOENT, "'number.x' is not a field: what comes before is not a struct" },
	{ "number.count", -ENOENT,
	  "'number.count' is not a field: what comes before is not a struct" },
	{ "u.length", -ENOENT, "'u.length' is not a field" },
	{ "name.count", -ENOENT, "'name.count' is not a field: text has 'length'" },
	{ "text.len", -ENOENT, "'text.len' is not a field: a list has 'count' and 'length'" },
	{ "text[0].count", -ENOENT, "'text[0].count' is not a field: text has 'length'" },
	{ "bytes.length", -ENOENT, "'bytes.length' is not a field: an array has 'count'" },
	{ "ipv4.s_addr", -ENOENT,
	  "'ipv4.s_addr' is not a field: what comes before is not a struct" },
	{ "tail.count", -ENOENT, "'tail.count' is not a field: text has 'length'" },
	{ "bytes.count.x", -EINVAL, "'bytes.count' is a number: nothing can follow" },
	{ "name.length[0]", -EINVAL, "'name.length' is a number: nothing can follow" },
	{ "list.count.x", -EINVAL, "'list.count' is a number: nothing can follow" },
	{ "bytes[4]", -EINVAL, "'bytes[4]' is past the end: it has 4 elements" },
	{ "pairs[1][3]", -EINVAL, "'pairs[1][3]' is past the end: it has 3 elements" },
	{ "name[8]", -EINVAL, "'name[8]' is past the end: it has 8 elements" },
	{ "number[0]", -EINVAL, "'number[0]' has an index, but is neither array nor list" },
	{ "list[0][0]", -EINVAL, "'list[0][0]' has an index, but is neither array nor list" },
	{ "u[0]", -EINVAL, "'u[0]' has an index, but is neither array nor list" },
	{ "bytes[", -EINVAL, "'bytes[' is not a path: expected an index, as in [0]" },
	{ "bytes[]", -EINVAL, "'bytes[]' is not a path: expected an index, as in [0]" },
	{ "bytes[x]", -EINVAL, "'bytes[' is not a path: expected an index, as in [0]" },
	{ "bytes[4294967296]", -EINVAL,
	  "'bytes[4294967296]' is not a path: expected an index, as in [0]" },
	{ "tail[4294967295]", -EINVAL, "'tail[4294967295]' lies beyond any record" },
	{ "", -EINVAL, "'' is not a path" },
	{ ".", -EINVAL, "'' is not a path" },
	{ "u.", -EINVAL, "'u.' is not a path" },
	{ "bytes[0]x", -EINVAL, "'bytes[0]' is not a path" },
	{ "giant", -EINVAL, "'giant' is a number of 128 bits: at most 64 can be compared" },
	{ "real", -EINVAL, "'real' is of a type that cannot be compared" },
};

static void wrong_paths_are_explained(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_SIZE(path_error_rows); i++) {
		const struct path_error_row *row = &path_error_rows[i];
		char error[256] = "";
		struct field field;
		int err = field_resolve(fixture->schema, fixture->zoo, row->path, &field, error,
					sizeof(error));

		if (err != row->err || strcmp(error, row->message) != 0)
			fail_msg("%s: got %d %s, want %d %s", row->path, err, error, row->err,
				 row->message);
	}
}

static void long_paths_are_cut(void **state)
{
	struct fixture *fixture = *state;
	char path[5000], error[64];
	struct field field;

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(field_resolve(fixture->schema, fixture->zoo, path, &field, error,
				       sizeof(error)),
			 -EINVAL);
	assert_true(strlen(error) < sizeof(error));
}

static void structs_and_arrays_have_no_value(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *path;
		enum field_kind kind;
	} rows[] = { { "u", FIELD_STRUCT },
		     { "items", FIELD_ARRAY },
		     { "items[0]", FIELD_STRUCT },
		     { "pairs[0]", FIELD_ARRAY } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct field field;
		char error[64];

		assert_int_equal(field_resolve(fixture->schema, fixture->zoo, rows[i].path, &field,
					       error, sizeof(error)),
				 0);
		assert_int_equal(field.kind, rows[i].kind);
		assert_int_equal(
			field_read(fixture->schema, &field, fixture->record, ZOO_RECORD).kind,
			VALUE_NONE);
	}
}

static const char zoo_json[] =
	"{\"type\":\"SAMPLE_ZOO\",\"small\":200,\"tiny\":-100,\"short\":-32768,\"number\":-1,\"flag\":1,"
	"\"wide\":-9223372036854775808,\"huge\":\"18446744073709551615\",\"three\":5,\"five\":-3,"
	"\"mood\":\"MOOD_KEEN\",\"forty\":1094624909430,\"pointer\":\"18446612682070032384\","
	"\"big\":\"BIG_TOP\",\"delta\":\"DELTA_DOWN\",\"name\":\"cat\",\"grid\":[\"a\",\"full\"],"
	"\"bytes\":[1,2,255,4],\"pairs\":[[1,2,3],[4,5,65535]],\"word\":67305985,\"octets\":[1,2,3,4],"
	"\"u\":{\"low\":1,\"high\":2,\"all\":131073},"
	"\"items\":[{\"a\":10,\"b\":20},{\"a\":11,\"b\":21},{\"a\":12,\"b\":22}],\"giant\":null,"
	"\"real\":null,\"text\":\"hello\",\"list\":[\"ls\",\"--all\",\"\",\"\",\"\"],"
	"\"ipv4\":\"1.2.255.4\",\"ipv6\":\"fe80::1234\",\"tail\":\"the tail\"}";

static void a_record_as_json(void **state)
{
	struct fixture *fixture = *state;
	json_t *json = event_to_json(fixture->schema, fixture->zoo, fixture->record, ZOO_RECORD);
	char *text = json_dumps(json, JSON_COMPACT);

	assert_string_equal(text, zoo_json);
	free(text);
	json_decref(json);
}

static void bytes_that_are_no_text_are_escaped_in_json(void **state)
{
	struct fixture *fixture = *state;
	json_t *json;

	memcpy(fixture->record + ZOO_NAME, "\xc3\xa4\xff\x01\xed\xa0\x80z", 8);
	memcpy(fixture->record + 160, "a\0\xfe\0", 4);
	json = event_to_json(fixture->schema, fixture->zoo, fixture->record, ZOO_RECORD);
	assert_string_equal(json_string_value(json_object_get(json, "name")),
			    "\xc3\xa4\\xff\x01\\xed\\xa0\\x80z");
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "list"), 1)),
			    "\\xfe");
	json_decref(json);
}

/* Values that a varlen's two numbers may have, in a record of ZOO_RECORD bytes. */
static void varlens_may_lie(void **state)
{
	static const struct {
		uint16_t off, len;
		const char *want, *want_item, *want_count;
	} rows[] = {
		{ 0, 0, "\"\"", "nothing", "0" },
		{ ZOO_RECORD, 0, "\"\"", "nothing", "0" },
		{ ZOO_RECORD - 1, 1, "\"\"", "\"\"", "1" },
		{ ZOO_RECORD, 1, "nothing", "nothing", "nothing" },
		{ ZOO_RECORD - 1, 2, "nothing", "nothing", "nothing" },
		{ ZOO_RECORD + 1, 0, "nothing", "nothing", "nothing" },
		{ 65535, 65535, "nothing", "nothing", "nothing" },
		{ 0, 65535, "nothing", "nothing", "nothing" },
		{ 65535, 0, "nothing", "nothing", "nothing" },
		{ 150, 5, "\"hello\"", "\"hello\"", "1" },
		{ 150, 4, "\"hell\"", "\"hell\"", "1" },
		{ 150, 7, "[\"hello\", \"\"]", "\"hello\"", "2" },
		{ 160, 4, "[\"ls\", \"-\"]", "\"ls\"", "2" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		static const char *const paths[] = { "list", "list[0]", "list.count" };
		const char *const wants[] = { rows[i].want, rows[i].want_item, rows[i].want_count };

		PUT(fixture->record, ZOO_LIST, uint16_t, rows[i].off);
		PUT(fixture->record, ZOO_LIST + 2, uint16_t, rows[i].len);
		for (size_t p = 0; p < ARRAY_SIZE(paths); p++) {
			char error[64], text[64];
			struct field field;
			struct value value;

			assert_int_equal(field_resolve(fixture->schema, fixture->zoo, paths[p],
						       &field, error, sizeof(error)),
					 0);
			value = field_read(fixture->schema, &field, fixture->record, ZOO_RECORD);
			if (strcmp(value_format(&value, text, sizeof(text)), wants[p]) != 0)
				fail_msg("%s of %u, %u: got %s, want %s", paths[p], rows[i].off,
					 rows[i].len, text, wants[p]);
		}
	}
}

/* Reads everything there is to read. The sanitizers watch. */
static void read_all(const struct fixture *fixture, const void *data, size_t len)
{
	const struct event_type *type;
	json_t *json;

	for (size_t i = 0; i < ARRAY_SIZE(path_rows); i++) {
		char text[64];
		struct field field;
		struct value value;

		field_resolve(fixture->schema, fixture->zoo, path_rows[i].path, &field, text,
			      sizeof(text));
		value = field_read(fixture->schema, &field, data, len);
		value_format(&value, text, sizeof(text));
	}
	schema_identify(fixture->schema, data, len);
	for (size_t i = 0; (type = schema_type(fixture->schema, i)); i++) {
		json = event_to_json(fixture->schema, type, data, len);
		assert_non_null(json);
		json_decref(json);
	}
}

static void records_of_every_length(void **state)
{
	struct fixture *fixture = *state;

	for (size_t len = 0; len <= ZOO_RECORD; len++) {
		unsigned char *copy = malloc(len + !len);

		memcpy(copy, fixture->record, len);
		read_all(fixture, copy, len);
		assert_ptr_equal(schema_identify(fixture->schema, copy, len),
				 len < ZOO_SIZE ? NULL : fixture->zoo);
		free(copy);
	}
}

static void fields_past_the_end_are_none_and_text_is_cut(void **state)
{
	struct fixture *fixture = *state;
	char error[64];
	struct field field;

	field_resolve(fixture->schema, fixture->zoo, "huge", &field, error, sizeof(error));
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_HUGE + 8).kind,
			 VALUE_UINT);
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_HUGE + 7).kind,
			 VALUE_NONE);
	field_resolve(fixture->schema, fixture->zoo, "name", &field, error, sizeof(error));
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_NAME + 8).kind,
			 VALUE_STRING);
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_NAME + 1).s.len,
			 1);
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_NAME).kind,
			 VALUE_NONE);
	field_resolve(fixture->schema, fixture->zoo, "ipv6", &field, error, sizeof(error));
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_GIANT + 16).kind,
			 VALUE_IPV6);
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_GIANT + 15).kind,
			 VALUE_NONE);
	field_resolve(fixture->schema, fixture->zoo, "forty", &field, error, sizeof(error));
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_BITS + 7).kind,
			 VALUE_UINT);
	assert_int_equal(field_read(fixture->schema, &field, fixture->record, ZOO_BITS + 6).kind,
			 VALUE_NONE);
}

static void records_of_noise(void **state)
{
	struct fixture *fixture = *state;

	srand(1);
	for (int round = 0; round < 500; round++) {
		size_t len = (size_t)rand() % (ZOO_RECORD + 64);
		unsigned char *noise = malloc(len + !len);

		for (size_t i = 0; i < len; i++)
			noise[i] = (unsigned char)rand();
		read_all(fixture, noise, len);
		free(noise);
	}
}

static void types_are_found_and_told_apart(void **state)
{
	struct fixture *fixture = *state;
	struct fork_sample fork = fork_sample(1, 2);
	struct exec_sample exec = exec_sample(1, "x");

	assert_string_equal(schema_identify(fixture->schema, &fork, sizeof(fork))->name, "fork");
	assert_null(schema_identify(fixture->schema, &fork, sizeof(fork) - 1));
	assert_string_equal(schema_identify(fixture->schema, &exec, EXEC_SAMPLE_SIZE)->name,
			    "exec");
	fork.header.type = 4;
	assert_null(schema_identify(fixture->schema, &fork, sizeof(fork)));
	fork.header.type = 0;
	assert_null(schema_identify(fixture->schema, &fork, sizeof(fork)));
	assert_null(schema_identify(fixture->schema, &fork, 3));
	assert_null(schema_identify(fixture->schema, "", 0));
	assert_null(schema_find(fixture->schema, "FORK"));
	assert_null(schema_find(fixture->schema, "sample"));
	assert_null(schema_type(fixture->schema, 4));
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(schema_type(fixture->schema, i)->index, i);
	assert_int_equal(schema_find(fixture->schema, "exit")->type_value, SAMPLE_EXIT);
	assert_int_equal(schema_find(fixture->schema, "exec")->size, EXEC_SAMPLE_SIZE);
}

static void members_of_anonymous_structs_are_reached(void **state)
{
	struct fixture *fixture = *state;
	const struct event_type *type = schema_find(fixture->schema, "fork");
	struct fork_sample fork = fork_sample(1, 2);
	char error[256];
	struct field field;

	assert_int_equal(field_resolve(fixture->schema, type, "type", &field, error, sizeof(error)),
			 0);
	assert_string_equal(field_read(fixture->schema, &field, &fork, sizeof(fork)).name,
			    "SAMPLE_FORK");
	assert_int_equal(field_resolve(fixture->schema, type, "task.tid", &field, error,
				       sizeof(error)),
			 0);
	assert_int_equal(field_resolve(fixture->schema, type, "child.ppid", &field, error,
				       sizeof(error)),
			 0);
	assert_int_equal(field_read(fixture->schema, &field, &fork, sizeof(fork)).u, 1);
	assert_int_equal(field_resolve(fixture->schema, type, "header.type", &field, error,
				       sizeof(error)),
			 -ENOENT);
}

static void enumerators_have_numbers(void **state)
{
	struct fixture *fixture = *state;
	struct field number, mood;
	struct value value;
	char error[256];

	field_resolve(fixture->schema, fixture->zoo, "number", &number, error, sizeof(error));
	field_resolve(fixture->schema, fixture->zoo, "mood", &mood, error, sizeof(error));
	assert_int_equal(schema_enumerator(fixture->schema, &mood, "MOOD_GRIM", &value, error,
					   sizeof(error)),
			 0);
	assert_int_equal(value.u, MOOD_GRIM);
	assert_string_equal(value.name, "MOOD_GRIM");
	assert_int_equal(schema_enumerator(fixture->schema, &mood, "MOOD_GRIN", &value, error,
					   sizeof(error)),
			 -ENOENT);
	assert_string_equal(
		error,
		"'MOOD_GRIN' is not an enumerator of enum sample_mood: did you mean 'MOOD_GRIM'?");
	/* Another enum's does not count where the field has its own ... */
	assert_int_equal(schema_enumerator(fixture->schema, &mood, "BIG_ONE", &value, error,
					   sizeof(error)),
			 -ENOENT);
	/* ... and does where the field is just a number. */
	assert_int_equal(schema_enumerator(fixture->schema, &number, "BIG_ONE", &value, error,
					   sizeof(error)),
			 0);
	assert_true(value.u == 1ULL << 40);
	assert_int_equal(schema_enumerator(fixture->schema, &number, "DELTA_DOWN", &value, error,
					   sizeof(error)),
			 0);
	assert_int_equal(value.i, -1);
	assert_int_equal(schema_enumerator(fixture->schema, &number, "BIG_NONE", &value, error,
					   sizeof(error)),
			 -ENOENT);
	assert_string_equal(error, "'BIG_NONE' is not an enumerator of any enum in the object: "
				   "did you mean 'BIG_ONE'?");
	assert_int_equal(schema_enumerator(fixture->schema, &number, "NOTHING", &value, error,
					   sizeof(error)),
			 -ENOENT);
	assert_string_equal(error, "'NOTHING' is not an enumerator of any enum in the object");
}

int main(void)
{
#define ZOO(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ZOO(paths_have_values),
		ZOO(wrong_paths_are_explained),
		ZOO(long_paths_are_cut),
		ZOO(structs_and_arrays_have_no_value),
		ZOO(a_record_as_json),
		ZOO(bytes_that_are_no_text_are_escaped_in_json),
		ZOO(varlens_may_lie),
		ZOO(records_of_every_length),
		ZOO(fields_past_the_end_are_none_and_text_is_cut),
		ZOO(records_of_noise),
		ZOO(types_are_found_and_told_apart),
		ZOO(members_of_anonymous_structs_are_reached),
		ZOO(enumerators_have_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
