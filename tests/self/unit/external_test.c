/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines about objects that are not ours: read, and tied to BTF. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka has a function of that name. */
#undef test_free
#include "event/decode.h"
#include "load/global.h"
#include "suite/test.h"

#define HEAD "probe p.bpf.o\nrun g\n"
#define TAIL "\nexpect e\n"

static struct test *parse(const char *text)
{
	struct parse_error error;
	struct test *test;

	if (test_parse(text, strlen(text), &test, &error))
		fail_msg("%u:%u: %s", error.line, error.column, error.message);
	return test;
}

static const struct error_row {
	const char *line; /* the third */
	unsigned int column;
	const char *message;
} error_rows[] = {
	{ "events", 7, "expected a map, as in events" },
	{ "events 5", 8, "'5' is not a name: expected a map, as in events" },
	{ "events m", 9, "expected 'as struct NAME' or 'by FIELD { NUMBER NAME ... }'" },
	{ "events m is", 10, "expected 'as struct NAME' or 'by FIELD { NUMBER NAME ... }'" },
	{ "events m as", 12, "expected a struct's name" },
	{ "events m as struct", 19, "expected a struct's name" },
	{ "events m as struct e f", 22, "unexpected 'f' after the struct" },
	{ "events m by", 12, "expected the field that says which" },
	{ "events m by k", 14, "expected structs, as in { 1 open_event  2 close_event }" },
	{ "events m by k {", 15, "these structs have no end: expected '}'" },
	{ "events m by k { }", 15, "no structs: expected a number and a name" },
	{ "events m by k { 1 }", 19, "expected a struct's name" },
	{ "events m by k { a b }", 17, "expected a number or an ENUMERATOR" },
	{ "events m by k { \"A\" b }", 17, "expected a number or an ENUMERATOR" },
	{ "events m by k { 1 b } c", 23, "unexpected 'c' after the structs" },
	{ "events m as e\nevents m as f", 8, "'m' has its structs from line 3" },
	{ "order", 6, "expected 'by FIELD'" },
	{ "order by", 7, "expected 'by FIELD'" },
	{ "order by a b", 12, "unexpected 'b' after the field" },
	{ "map", 4, "expected a map and a key, as in counts[5]" },
	{ "map m", 6, "expected a key, as in m[5]" },
	{ "map m[", 7, "expected a value: a number, \"text\", $variable or a field" },
	{ "map m[a] == 1", 7, "expected a key: a number, \"text\", ENUMERATOR or $variable" },
	{ "map m[5", 8, "expected ']' after the key" },
	{ "map m[5]", 9, "expected an operator, one of == != < <= > >= ~ has in" },
	{ "map m[5] a", 11, "expected an operator, one of == != < <= > >= ~ has in" },
	{ "map m[5] == a", 13, "expected a number, \"text\", ENUMERATOR or $variable" },
	{ "map m[5] == 1 2", 15, "unexpected '2' after the condition" },
	{ "global", 7, "expected a global's name" },
	{ "global g = 5", 10, "unknown operator '=': one of == != < <= > >= ~ has in" },
	{ "iter", 5, "expected an iterator's program" },
	{ "attach", 7, "expected a program" },
	{ "attach p", 9, "expected 'to' and a target, as in 'to kprobe do_unlinkat'" },
	{ "attach p at", 10, "unexpected 'at': expected 'to'" },
	{ "attach p to", 12, "expected a target, as in 'kprobe do_unlinkat'" },
	{ "attach p to kprob f", 13, "unknown 'kprob': did you mean 'kprobe'?" },
	{ "attach p to x", 13,
	  "unknown 'x': one of nothing kprobe kretprobe tracepoint raw_tracepoint uprobe uretprobe usdt "
	  "cgroup tc tcx xdp perf_event struct_ops" },
	{ "attach p to kprobe", 19, "expected 'kprobe do_unlinkat'" },
	{ "attach p to tracepoint a", 24, "expected 'tracepoint sched:sched_process_exec'" },
	{ "attach p to usdt a:b", 18, "expected 'usdt PATH:PROVIDER:NAME'" },
	{ "attach p to uprobe :b", 20, "expected 'uprobe PATH:SYMBOL'" },
	{ "attach p to uprobe a:", 20, "expected 'uprobe PATH:SYMBOL'" },
	{ "attach p to tc lo", 18, "expected 'tc lo ingress'" },
	{ "attach p to tc lo in", 19, "expected 'tc lo ingress'" },
	{ "attach p to perf_event 0", 24, "expected times a second, 1 to 10000" },
	{ "attach p to nothing else", 21, "unexpected 'else' after the target" },
};

static void errors_of_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(error_rows) / sizeof(error_rows[0]); i++) {
		const struct error_row *row = &error_rows[i];
		struct parse_error error;
		char text[256];
		struct test *test;

		snprintf(text, sizeof(text), HEAD "%s" TAIL, row->line);
		assert_int_equal(test_parse(text, strlen(text), &test, &error), -EINVAL);
		if (error.line != 3 + (strchr(row->line, '\n') != NULL) ||
		    error.column != row->column || strcmp(error.message, row->message) != 0)
			fail_msg("%s\ngot %u:%u: %s\nwant 3:%u: %s", row->line, error.line,
				 error.column, error.message, row->column, row->message);
	}
}

static void lines_need_an_object(void **state)
{
	static const char *const lines[] = { "events m as e", "order by a", "map m[1] == 1",
					     "global g == 1", "attach p to nothing" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct parse_error error;
		struct test *test;
		char text[64];

		snprintf(text, sizeof(text), "run g\n%s\n", lines[i]);
		assert_int_equal(test_parse(text, strlen(text), &test, &error), -EINVAL);
		assert_string_equal(error.message, "the file has no 'probe' line");
	}
}

static void order_needs_structs(void **state)
{
	static const char text[] = HEAD "order by a" TAIL;
	struct parse_error error;
	struct test *test;

	(void)state;
	assert_int_equal(test_parse(text, strlen(text), &test, &error), -EINVAL);
	assert_string_equal(error.message,
			    "'order' is for records that 'events' tells the struct of");
}

static void lines_are_read(void **state)
{
	struct test *test = parse(HEAD "events m as struct e\n"
				       "events n by a.b { 1 x  KIND_Y y -3 struct z}\n"
				       "order by a.time # ns\n"
				       "map counts[ $pid ] in.b == 1\n"
				       "map counts[\"x y\"] in 1..2\n"
				       "map counts[-1] in in {1}\n"
				       "global g.h[1] != -1\n"
				       "iter p ~ \"*\"\n"
				       "attach p to usdt /a:b/c:d:e\n"
				       "attach p to tc lo egress\n"
				       "attach p to perf_event 99\n"
				       "set o.p[2] = true\n"
				       "set q = MODE_A\n");

	(void)state;
	assert_int_equal(test->event.probe.source_count, 2);
	assert_string_equal(test->event.probe.sources[0].map, "m");
	assert_null(test->event.probe.sources[0].field);
	assert_string_equal(test->event.probe.sources[0].structs[0].name, "e");
	assert_string_equal(test->event.probe.sources[1].field, "a.b");
	assert_int_equal(test->event.probe.sources[1].struct_count, 3);
	assert_int_equal(test->event.probe.sources[1].structs[0].number.value.u, 1);
	assert_true(test->event.probe.sources[1].structs[1].number.bare);
	assert_int_equal(test->event.probe.sources[1].structs[2].number.value.i, -3);
	assert_string_equal(test->event.probe.sources[1].structs[2].name, "z");
	assert_string_equal(test->event.probe.order_field, "a.time");
	assert_int_equal(test->event.probe.state_check_count, 5);
	assert_string_equal(test->event.probe.state_checks[0].name, "counts");
	assert_int_equal(test->event.probe.state_checks[0].key.kind, OPERAND_VARIABLE);
	assert_string_equal(test->event.probe.state_checks[0].condition.field, "in.b");
	assert_string_equal(test->event.probe.state_checks[0].condition.text,
			    "map counts[ $pid ] in.b == 1");
	assert_string_equal(test->event.probe.state_checks[1].key.value.s.data, "x y");
	assert_string_equal(test->event.probe.state_checks[1].condition.field, "");
	assert_int_equal(test->event.probe.state_checks[1].condition.op, OP_IN_RANGE);
	assert_string_equal(test->event.probe.state_checks[2].condition.field, "in");
	assert_int_equal(test->event.probe.state_checks[2].condition.op, OP_IN_SET);
	assert_string_equal(test->event.probe.state_checks[3].name, "g.h[1]");
	assert_int_equal(test->event.probe.state_checks[4].kind, STATE_ITER);
	assert_int_equal(test->event.probe.attachment_count, 3);
	assert_string_equal(test->event.probe.attachments[0].target[0], "/a:b/c");
	assert_string_equal(test->event.probe.attachments[0].target[1], "d");
	assert_string_equal(test->event.probe.attachments[0].target[2], "e");
	assert_string_equal(test->event.probe.attachments[1].target[1], "egress");
	assert_int_equal(test->event.probe.attachments[2].number, 99);
	assert_int_equal(test->event.probe.options[0].value.u, 1);
	assert_string_equal(test->event.probe.options[1].value.s.data, "MODE_A");
	test_free(test);
}

/*
 * struct one { u8 kind; u8 x; u16 y; char text[8]; }, struct two { u8 kind; u8 z; },
 * struct moved { u8 z; u8 kind; }, enum kinds { KIND_ONE = 1 }, two structs `twice`;
 * globals: `number` (s32) at 0, `one` (struct one) at 8.
 */
static struct btf *external_btf(void)
{
	struct btf *btf = btf__new_empty();
	int u8 = btf__add_int(btf, "unsigned char", 1, 0);
	int u16 = btf__add_int(btf, "unsigned short", 2, 0);
	int s32 = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int character = btf__add_int(btf, "char", 1, BTF_INT_SIGNED);
	int text = btf__add_array(btf, s32, character, 8);
	int boolean = btf__add_int(btf, "_Bool", 1, BTF_INT_BOOL);
	int one = btf__add_struct(btf, "one", 12), number, whole, flag;

	btf__add_field(btf, "kind", u8, 0, 0);
	btf__add_field(btf, "x", u8, 8, 0);
	btf__add_field(btf, "y", u16, 16, 0);
	btf__add_field(btf, "text", text, 32, 0);
	btf__add_struct(btf, "two", 2);
	btf__add_field(btf, "kind", u8, 0, 0);
	btf__add_field(btf, "z", u8, 8, 0);
	btf__add_struct(btf, "moved", 2);
	btf__add_field(btf, "z", u8, 0, 0);
	btf__add_field(btf, "kind", u8, 8, 0);
	btf__add_struct(btf, "twice", 1);
	btf__add_field(btf, "a", u8, 0, 0);
	btf__add_struct(btf, "twice", 1);
	btf__add_field(btf, "b", u8, 0, 0);
	btf__add_enum(btf, "kinds", 4);
	btf__add_enum_value(btf, "KIND_ONE", 1);
	number = btf__add_var(btf, "number", BTF_VAR_GLOBAL_ALLOCATED, s32);
	whole = btf__add_var(btf, "one", BTF_VAR_GLOBAL_ALLOCATED, one);
	flag = btf__add_var(btf, "flag", BTF_VAR_GLOBAL_ALLOCATED, boolean);
	btf__add_datasec(btf, ".rodata", 24);
	btf__add_datasec_var_info(btf, number, 0, 4);
	btf__add_datasec_var_info(btf, whole, 8, 12);
	btf__add_datasec_var_info(btf, flag, 20, 1);
	return btf;
}

static struct schema *new_schema(struct btf *btf)
{
	struct schema *schema;
	char error[256];

	assert_int_equal(schema_new(btf, &schema, error, sizeof(error)), 0);
	return schema;
}

static void check_source(const char *line, const char *want)
{
	struct btf *btf = external_btf();
	struct schema *schema = new_schema(btf);
	struct parse_error error = { 0 };
	struct test *test;
	char text[420];
	int err = 0;

	snprintf(text, sizeof(text), HEAD "%s" TAIL, line);
	test = parse(text);
	for (size_t i = 0; !err && i < test->event.probe.source_count; i++)
		err = schema_add_source(schema, &test->event.probe.sources[i], &error);
	assert_int_equal(err, -EINVAL);
	snprintf(text, sizeof(text), "%u:%u: %s", error.line, error.column, error.message);
	assert_string_equal(text, want);
	schema_free(schema);
	test_free(test);
	btf__free(btf);
}

static void structs_that_are_not_there(void **state)
{
	(void)state;
	check_source("events m as struct x",
		     "3:20: the object's BTF has no struct 'x' (a global `const struct x *unused` "
		     "puts it there); it has one two moved twice twice");
	check_source("events m as struct tow",
		     "3:20: the object's BTF has no struct 'tow': did you mean 'two'?");
	check_source("events m as struct twice", "3:20: the object's BTF has two structs 'twice'");
	check_source("events m by kid { 1 one }",
		     "3:13: one: 'kid' is not a field: did you mean 'kind'?");
	check_source("events m by text { 1 one }", "3:13: one: 'text' is not a number");
	check_source("events m by kind { 1 one  2 moved }",
		     "3:13: 'kind' is in different places of one and moved");
	check_source("events m by kind { 1 one  KIND_ONE two }",
		     "3:27: one and two have the same number");
	check_source(
		"events m by kind { KIND_OME one }",
		"3:20: 'KIND_OME' is not an enumerator of any enum in the object: did you mean 'KIND_ONE'?");
}

static void records_by_their_map(void **state)
{
	struct btf *btf = external_btf();
	struct schema *schema = new_schema(btf);
	struct test *test = parse(HEAD "events a as one\nevents b by kind { 1 one  2 two }" TAIL);
	struct parse_error error = { 0 };
	const struct event_type *one;
	struct field field;
	char problem[128];
	bool known;

	(void)state;
	assert_int_equal(schema_add_source(schema, &test->event.probe.sources[0], &error), 0);
	assert_int_equal(schema_add_source(schema, &test->event.probe.sources[1], &error), 0);
	one = schema_find(schema, "one");
	assert_non_null(one);
	assert_null(schema_type(schema, 2));
	/* However short. */
	assert_ptr_equal(schema_identify_in(schema, "a", "\5", 1, &known), one);
	assert_ptr_equal(schema_identify_in(schema, "b", "\1", 1, &known), one);
	assert_string_equal(schema_identify_in(schema, "b", "\2", 1, &known)->name, "two");
	assert_null(schema_identify_in(schema, "b", "\3", 1, &known));
	assert_true(known);
	assert_null(schema_identify_in(schema, "b", "", 0, &known));
	assert_true(known);
	/* Nobody has said what that holds. */
	assert_null(schema_identify_in(schema, "c", "\1", 1, &known));
	assert_false(known);
	assert_int_equal(field_resolve(schema, one, "text", &field, problem, sizeof(problem)), 0);
	assert_int_equal(field_read(schema, &field, "\1\2\3\4abc", 7).s.len, 3);
	assert_int_equal(field_read(schema, &field, "\1\2\3\4abc", 4).kind, VALUE_NONE);
	assert_int_equal(schema_check_order(schema, "kind", problem, sizeof(problem)), 0);
	assert_int_equal(schema_check_order(schema, "y", problem, sizeof(problem)), -EINVAL);
	assert_string_equal(problem, "two: 'y' is not a field");
	assert_int_equal(schema_check_order(schema, "text", problem, sizeof(problem)), -EINVAL);
	assert_string_equal(problem, "one: 'text' is not a number");
	schema_free(schema);
	test_free(test);
	btf__free(btf);
}

static void globals_are_written(void **state)
{
	static const struct {
		const char *name, *value, *want; /* error, or NULL */
	} rows[] = {
		{ "number", "-2147483648", NULL },
		{ "number", "KIND_ONE", NULL },
		{ "number", "2147483648", "the value does not fit 'number' (4 bytes)" },
		{ "number", "-2147483649", "the value does not fit 'number' (4 bytes)" },
		{ "one.y", "65535", NULL },
		{ "one.y", "65536", "the value does not fit 'one.y' (2 bytes)" },
		{ "one.y", "-1", "the value does not fit 'one.y' (2 bytes)" },
		{ "one.text", "\"1234567\"", NULL },
		{ "one.text", "\"12345678\"", "'one.text' holds 8 bytes, the value needs 9" },
		{ "one.text[7]", "65", NULL },
		{ "one.text", "5", "'one.text' and the value are of different kinds" },
		{ "one", "5", "'one' and the value are of different kinds" },
		{ "flag", "true", NULL },
		{ "flag", "2", "the value does not fit 'flag' (1 bytes)" },
		{ "one.w", "5", "'one': '.w' is not a field" },
		{ "numbre", "5", "no const volatile global 'numbre': did you mean 'number'?" },
	};
	struct btf *btf = external_btf();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[128], data[24] = "", error[256] = "";
		const char *section;
		struct test *test;
		struct field field;
		int err;

		snprintf(text, sizeof(text), HEAD "set %s = %s" TAIL, rows[i].name, rows[i].value);
		test = parse(text);
		err = global_find(btf, ".rodata", rows[i].name, &section, &field, error,
				  sizeof(error));
		if (!err)
			err = field_write(btf, &field, rows[i].name,
					  &test->event.probe.options[0].value, data, sizeof(data),
					  error, sizeof(error));
		assert_int_equal(err != 0, rows[i].want != NULL);
		if (rows[i].want)
			assert_string_equal(error, rows[i].want);
		else
			assert_memory_not_equal(data, (char[24]){ 0 }, sizeof(data));
		test_free(test);
	}
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_of_lines),
		cmocka_unit_test(lines_need_an_object),
		cmocka_unit_test(order_needs_structs),
		cmocka_unit_test(lines_are_read),
		cmocka_unit_test(structs_that_are_not_there),
		cmocka_unit_test(records_by_their_map),
		cmocka_unit_test(globals_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
