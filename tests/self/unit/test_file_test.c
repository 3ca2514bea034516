/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test language: what a file says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka has a function of that name. */
#undef test_free
#include "suite/test.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A file's first two lines, when what matters comes from the third on. */
#define HEAD "probe p.bpf.o\nrun g\n"

static struct test *parse_bytes(const char *text, size_t len)
{
	/* A copy of exactly that size, so that the sanitizer sees a read past its end. */
	char *copy = malloc(len + !len);
	struct parse_error error;
	struct test *test;
	int err;

	memcpy(copy, text, len);
	err = test_parse(copy, len, &test, &error);
	free(copy);
	if (err)
		fail_msg("%u:%u: %s\n%s", error.line, error.column, error.message, text);
	return test;
}

static struct test *parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static const char example[] =
	"about     A child is forked, execs, exits 7; all three hooks agree on who it was.\n"
	"probe     process.bpf.o\n"
	"requires  kernel >= 5.10\n"
	"run       fork_exec_exit --code 7\n"
	"\n"
	"expect fork\n"
	"    parent.tgid == $pid\n"
	"    child.tgid  == $child_pid\n"
	"    child.tid   == child.tgid\n"
	"expect exec\n"
	"    pids.tgid   == fork.child.tgid\n"
	"    filename    ~  \"*/do_nothing\"\n"
	"    argv[0]     == \"./do_nothing\"\n"
	"expect exit\n"
	"    pids.tgid   == fork.child.tgid\n"
	"    exit_code   == 7\n"
	"refuse fork\n"
	"    parent.tgid == $child_pid\n";

static void the_example_of_the_design(void **state)
{
	struct test *test = parse(example);
	const struct condition *condition;

	(void)state;
	assert_string_equal(
		test->about,
		"A child is forked, execs, exits 7; all three hooks agree on who it was.");
	assert_int_equal(test->event.probe.object_count, 1);
	assert_string_equal(test->event.probe.objects[0].object, "process.bpf.o");
	assert_int_equal(test->event.probe.objects[0].line, 2);
	assert_int_equal(test->event.probe.objects[0].column, 11);
	assert_int_equal(test->requirement_count, 1);
	assert_string_equal(test->event.generator[0], "fork_exec_exit");
	assert_string_equal(test->event.generator[1], "--code");
	assert_string_equal(test->event.generator[2], "7");
	assert_null(test->event.generator[3]);
	assert_int_equal(test->line, 4);
	assert_int_equal(test->column, 11);
	assert_int_equal(test->timeout_ms, 10000);
	assert_false(test->event.probe.isolated);
	assert_int_equal(test->event.block_count, 4);
	assert_string_equal(test->event.blocks[1].event_type, "exec");
	assert_string_equal(test->event.blocks[1].name, "exec");
	assert_int_equal(test->event.blocks[1].count, -1);
	assert_int_equal(test->event.blocks[1].line, 10);
	assert_int_equal(test->event.blocks[1].column, 8);
	assert_int_equal(test->event.blocks[1].condition_count, 3);
	condition = &test->event.blocks[1].conditions[0];
	assert_string_equal(condition->text, "pids.tgid == fork.child.tgid");
	assert_string_equal(condition->field, "pids.tgid");
	assert_int_equal(condition->op, OP_EQ);
	assert_int_equal(condition->operands[0].kind, OPERAND_EVENT_FIELD);
	assert_int_equal(condition->operands[0].block, 0);
	assert_string_equal(condition->operands[0].path, "child.tgid");
	assert_int_equal(condition->operands[0].column, 20);
	assert_int_equal(test->event.blocks[0].conditions[2].operands[0].kind, OPERAND_FIELD);
	assert_string_equal(test->event.blocks[0].conditions[2].operands[0].path, "child.tgid");
	assert_int_equal(test->event.blocks[0].conditions[0].operands[0].kind, OPERAND_VARIABLE);
	assert_string_equal(test->event.blocks[0].conditions[0].operands[0].path, "pid");
	assert_int_equal(test->event.blocks[3].kind, BLOCK_REFUSE);
	test_free(test);
}

static void every_directive(void **state)
{
	struct test *test = parse("isolated\n"
				  "timeout 3600\n"
				  "set max_args = 20\n"
				  "set verbose=-1\n"
				  "set prefix = \"a b\\x00\"\n"
				  "expect 1 fork as child\n"
				  "then expect 3 exec as several\n"
				  "then expect exec\n"
				  "refuse exit\n"
				  "run g \"a b\" --x=\"c d\"e \"\"\n"
				  "probe a.bpf.o\n"
				  "probe \"b c.bpf.o\"\n"
				  "about Later  is # this is not\n"
				  "hold\n"
				  "drops\n"
				  "account $made.all\n");

	(void)state;
	assert_true(test->event.probe.isolated);
	assert_true(test->event.probe.hold);
	assert_int_equal(test->event.probe.drops, DROPS_WANTED);
	assert_int_equal(test->event.probe.account_line, 16);
	assert_int_equal(test->event.probe.account.kind, OPERAND_VARIABLE);
	assert_string_equal(test->event.probe.account.path, "made.all");
	assert_int_equal(test->timeout_ms, 3600000);
	assert_int_equal(test->event.probe.option_count, 3);
	assert_string_equal(test->event.probe.options[0].name, "max_args");
	assert_int_equal(test->event.probe.options[0].value.kind, VALUE_UINT);
	assert_int_equal(test->event.probe.options[0].value.u, 20);
	assert_int_equal(test->event.probe.options[0].line, 3);
	assert_int_equal(test->event.probe.options[0].column, 5);
	assert_int_equal(test->event.probe.options[1].value.kind, VALUE_INT);
	assert_int_equal(test->event.probe.options[2].value.kind, VALUE_STRING);
	assert_int_equal(test->event.probe.options[2].value.s.len, 4);
	assert_memory_equal(test->event.probe.options[2].value.s.data, "a b", 4);
	assert_int_equal(test->event.block_count, 4);
	assert_int_equal(test->event.blocks[0].count, 1);
	assert_string_equal(test->event.blocks[0].event_type, "fork");
	assert_string_equal(test->event.blocks[0].name, "child");
	assert_false(test->event.blocks[0].ordered);
	assert_int_equal(test->event.blocks[1].count, 3);
	assert_true(test->event.blocks[1].ordered);
	assert_int_equal(test->event.blocks[2].count, -1);
	assert_string_equal(test->event.blocks[2].name, "exec");
	assert_true(test->event.blocks[2].ordered);
	assert_int_equal(test->event.blocks[3].kind, BLOCK_REFUSE);
	assert_string_equal(test->event.generator[1], "a b");
	assert_string_equal(test->event.generator[2], "--x=c de");
	assert_string_equal(test->event.generator[3], "");
	assert_null(test->event.generator[4]);
	assert_string_equal(test->event.probe.objects[1].object, "b c.bpf.o");
	assert_string_equal(test->about, "Later is");
	test_free(test);
}

/* One condition's operator and first operand. */
static const struct condition_row {
	const char *line;
	enum comparison op;
	enum operand_kind kind;
	enum value_kind value_kind;
	uint64_t number;
	const char *text; /* of the string, or the path */
} condition_rows[] = {
	{ "a == 1", OP_EQ, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a != 1", OP_NE, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a < 1", OP_LT, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a <= 1", OP_LE, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a > 1", OP_GT, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a >= 1", OP_GE, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a ~ \"x*\"", OP_GLOB, OPERAND_LITERAL, VALUE_STRING, 0, "x*" },
	{ "a has 0x10", OP_HAS, OPERAND_LITERAL, VALUE_UINT, 16, NULL },
	{ "a in 1..9", OP_IN_RANGE, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a in {1}", OP_IN_SET, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	/* Blanks do not matter where nothing runs together without them. */
	{ "a==1", OP_EQ, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a<=-1", OP_LE, OPERAND_LITERAL, VALUE_INT, UINT64_MAX, NULL },
	{ "a~\"x\"", OP_GLOB, OPERAND_LITERAL, VALUE_STRING, 0, "x" },
	{ "a in{1 ,2}", OP_IN_SET, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a in 1 .. 9", OP_IN_RANGE, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a in -9..-1", OP_IN_RANGE, OPERAND_LITERAL, VALUE_INT, (uint64_t)-9, NULL },
	{ "a in 5..5", OP_IN_RANGE, OPERAND_LITERAL, VALUE_UINT, 5, NULL },
	{ "a in $x.y..$z", OP_IN_RANGE, OPERAND_VARIABLE, VALUE_NONE, 0, "x.y" },
	{ "a in b..c.d", OP_IN_RANGE, OPERAND_FIELD, VALUE_NONE, 0, "b" },
	{ "a in LOW..HIGH", OP_IN_RANGE, OPERAND_LITERAL, VALUE_STRING, 0, "LOW" },
	{ "a == 0o71", OP_EQ, OPERAND_LITERAL, VALUE_UINT, 57, NULL },
	{ "a == 0x8000000000000000", OP_EQ, OPERAND_LITERAL, VALUE_UINT, 1ULL << 63, NULL },
	{ "a == 18446744073709551615", OP_EQ, OPERAND_LITERAL, VALUE_UINT, UINT64_MAX, NULL },
	{ "a == -9223372036854775808", OP_EQ, OPERAND_LITERAL, VALUE_INT, 1ULL << 63, NULL },
	{ "a == true", OP_EQ, OPERAND_LITERAL, VALUE_UINT, 1, NULL },
	{ "a == false", OP_EQ, OPERAND_LITERAL, VALUE_UINT, 0, NULL },
	{ "a == FILE_TYPE_2", OP_EQ, OPERAND_LITERAL, VALUE_STRING, 0, "FILE_TYPE_2" },
	{ "a == _2", OP_EQ, OPERAND_FIELD, VALUE_NONE, 0, "_2" },
	{ "a == Mixed", OP_EQ, OPERAND_FIELD, VALUE_NONE, 0, "Mixed" },
	{ "a == FOO.b", OP_EQ, OPERAND_FIELD, VALUE_NONE, 0, "FOO.b" },
	{ "a == b[3].c[0][1]", OP_EQ, OPERAND_FIELD, VALUE_NONE, 0, "b[3].c[0][1]" },
	{ "a == $x[0].y", OP_EQ, OPERAND_VARIABLE, VALUE_NONE, 0, "x[0].y" },
	{ "a == \"\"", OP_EQ, OPERAND_LITERAL, VALUE_STRING, 0, "" },
	{ "a == \"# no comment\" # one", OP_EQ, OPERAND_LITERAL, VALUE_STRING, 0, "# no comment" },
	{ "a == \"\\n\\t\\\"\\\\\\x41\\xfF\"", OP_EQ, OPERAND_LITERAL, VALUE_STRING, 0,
	  "\n\t\"\\A\xff" },
	{ "a == \"gr\xc3\xbc\xc3\x9f\"", OP_EQ, OPERAND_LITERAL, VALUE_STRING, 0,
	  "gr\xc3\xbc\xc3\x9f" },
};

static void listeners(void **state)
{
	struct test *test =
		parse("listen tool --flag \"a b\"\ntype from event.action\nready when \"*up*\"\n"
		      "stop with SIGTERM\nsettle 3\nrun g\nexpect \"process.fork\" as forked\n"
		      "expect EXEC\n    pid == forked.child\n");

	(void)state;
	assert_string_equal(test->event.listen.argv[0], "tool");
	assert_string_equal(test->event.listen.argv[2], "a b");
	assert_null(test->event.listen.argv[3]);
	assert_string_equal(test->event.listen.type_field, "event.action");
	assert_null(test->event.listen.type_name);
	assert_string_equal(test->event.listen.ready, "*up*");
	assert_int_equal(test->event.listen.stop_signal, SIGTERM);
	assert_int_equal(test->event.listen.settle_ms, 3000);
	assert_string_equal(test->event.blocks[0].event_type, "process.fork");
	assert_int_equal(test->event.blocks[1].conditions[0].operands[0].kind, OPERAND_EVENT_FIELD);
	test_free(test);

	test = parse("run g\nlisten tool\ntype is exec\nrefuse exec\n");
	assert_string_equal(test->event.listen.type_name, "exec");
	assert_null(test->event.listen.ready);
	assert_int_equal(test->event.listen.stop_signal, SIGINT);
	assert_int_equal(test->event.listen.settle_ms, 1000);
	test_free(test);
}

static void conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(condition_rows); i++) {
		const struct condition_row *row = &condition_rows[i];
		const struct condition *condition;
		const struct operand *operand;
		struct test *test;
		char text[256];

		snprintf(text, sizeof(text), HEAD "expect e\n\t%s\n", row->line);
		test = parse(text);
		condition = &test->event.blocks[0].conditions[0];
		operand = &condition->operands[0];
		assert_string_equal(condition->field, "a");
		if (condition->op != row->op || operand->kind != row->kind ||
		    operand->value.kind != row->value_kind)
			fail_msg("%s: got op %d, kind %d, value %d", row->line, condition->op,
				 operand->kind, operand->value.kind);
		assert_int_equal(condition->operand_count, row->op == OP_IN_RANGE ? 2 :
							   strcmp(row->line, "a in{1 ,2}") == 0 ?
										    2 :
										    1);
		if (row->kind != OPERAND_LITERAL) {
			assert_string_equal(operand->path, row->text);
		} else if (row->value_kind == VALUE_STRING) {
			assert_int_equal(operand->value.s.len, strlen(row->text));
			assert_memory_equal(operand->value.s.data, row->text, strlen(row->text));
		} else {
			assert_true(operand->value.u == row->number);
		}
		test_free(test);
	}
}

static void a_generator_alone(void **state)
{
	struct test *test = parse("run g a\nrequires arch x86_64\ntimeout 3\n");

	(void)state;
	assert_int_equal(test->event.probe.object_count, 0);
	assert_int_equal(test->event.block_count, 0);
	assert_string_equal(test->event.generator[1], "a");
	test_free(test);
}

static void test_programs(void **state)
{
	static const struct {
		const char *line;
		enum program_format format;
	} rows[] = {
		{ "", PROGRAM_EXIT },
		{ "format exit\n", PROGRAM_EXIT },
		{ "format tap\n", PROGRAM_TAP },
		{ "format go # -v\n", PROGRAM_GO },
		{ "format gtest", PROGRAM_GTEST },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[128];
		struct test *test;

		snprintf(text, sizeof(text), "exec ./x.test \"-test.v a\"\n%s", rows[i].line);
		test = parse(text);
		assert_int_equal(test->kind, TEST_PROGRAM);
		assert_int_equal(test->program.format, rows[i].format);
		assert_string_equal(test->program.argv[0], "./x.test");
		assert_string_equal(test->program.argv[1], "-test.v a");
		assert_null(test->program.argv[2]);
		assert_int_equal(test->column, 6);
		test_free(test);
	}
}

static void objects_to_load(void **state)
{
	struct test *test = parse("load *.bpf.o\n");

	(void)state;
	assert_string_equal(test->load.pattern, "*.bpf.o");
	assert_false(test->load.attach);
	assert_int_equal(test->kind, TEST_LOAD);
	assert_int_equal(test->column, 6);
	test_free(test);

	test = parse("timeout 3\nload  \"a b/[x]*.o\"  attach # all\n");
	assert_string_equal(test->load.pattern, "a b/[x]*.o");
	assert_true(test->load.attach);
	assert_int_equal(test->line, 2);
	test_free(test);
}

static void sets_hold_all_kinds(void **state)
{
	struct test *test =
		parse(HEAD "expect a\nexpect b\n  x in { 1,\"two\" , $three,four, a.five,SIX }\n");
	const struct condition *condition = &test->event.blocks[1].conditions[0];
	static const enum operand_kind kinds[] = { OPERAND_LITERAL,	OPERAND_LITERAL,
						   OPERAND_VARIABLE,	OPERAND_FIELD,
						   OPERAND_EVENT_FIELD, OPERAND_LITERAL };

	(void)state;
	assert_int_equal(condition->operand_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(condition->operands[i].kind, kinds[i]);
	assert_false(condition->operands[1].bare);
	assert_true(condition->operands[5].bare);
	assert_int_equal(condition->operands[5].column, 40);
	test_free(test);
}

static void the_text_of_a_condition_is_as_written(void **state)
{
	struct test *test =
		parse(HEAD "expect e\n \t a.b\t==   \"x  \\\" # y\"  # c\n\ta  in{ 1,  2 }\n");

	(void)state;
	assert_string_equal(test->event.blocks[0].conditions[0].text, "a.b == \"x  \\\" # y\"");
	assert_int_equal(test->event.blocks[0].conditions[0].line, 4);
	/* A tab is one column. */
	assert_int_equal(test->event.blocks[0].conditions[0].column, 4);
	assert_string_equal(test->event.blocks[0].conditions[1].text, "a in{ 1, 2 }");
	test_free(test);
}

static void a_name_means_the_nearest_kind_of_block(void **state)
{
	struct test *test = parse(HEAD "expect fork as f\n  a == b\n"
				       "refuse exec\n  a == f.a\n"
				       "expect exec\n  a in f.a..f.b\n"
				       "expect exit\n  a == exec.b\n");

	(void)state;
	assert_int_equal(test->event.blocks[1].conditions[0].operands[0].kind, OPERAND_EVENT_FIELD);
	assert_int_equal(test->event.blocks[2].conditions[0].operands[1].block, 0);
	assert_string_equal(test->event.blocks[2].conditions[0].operands[1].path, "b");
	/* There is an exec that is refused, and one that is expected: only that can be meant. */
	assert_int_equal(test->event.blocks[3].conditions[0].operands[0].block, 2);
	test_free(test);
}

static void requirements(void **state)
{
	static const struct {
		const char *line;
		enum requirement_kind kind;
		const char *name, *value;
	} rows[] = {
		{ "arch x86_64", REQUIRE_ARCH, "x86_64", NULL },
		{ "function vfs_rename", REQUIRE_FUNCTION, "vfs_rename", NULL },
		{ "type renamedata", REQUIRE_TYPE, "renamedata", NULL },
		{ "program lsm", REQUIRE_PROGRAM, "lsm", NULL },
		{ "map ringbuf", REQUIRE_MAP, "ringbuf", NULL },
		{ "filesystem overlay", REQUIRE_FILESYSTEM, "overlay", NULL },
		{ "lsm bpf", REQUIRE_LSM, "bpf", NULL },
		{ "config CONFIG_BPF_LSM", REQUIRE_CONFIG, "CONFIG_BPF_LSM", NULL },
		{ "config CONFIG_HZ=250", REQUIRE_CONFIG, "CONFIG_HZ", "250" },
		{ "config CONFIG_LSM=\"a,b c\"", REQUIRE_CONFIG, "CONFIG_LSM", "a,b c" },
		{ "config CONFIG_X=", REQUIRE_CONFIG, "CONFIG_X", "" },
		{ "path /sys/kernel/btf/vmlinux", REQUIRE_PATH, "/sys/kernel/btf/vmlinux", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[256];
		struct test *test;

		snprintf(text, sizeof(text), HEAD "requires   %s  # c\nexpect e\n", rows[i].line);
		test = parse(text);
		assert_int_equal(test->requirements[0].kind, rows[i].kind);
		assert_string_equal(test->requirements[0].text, rows[i].line);
		assert_string_equal(test->requirements[0].name, rows[i].name);
		assert_int_equal(test->requirements[0].line, 3);
		if (rows[i].value)
			assert_string_equal(test->requirements[0].value, rows[i].value);
		else
			assert_null(test->requirements[0].value);
		test_free(test);
	}
}

static void kernel_versions(void **state)
{
	static const struct {
		const char *line, *name;
		enum comparison op;
		unsigned int version[3];
	} rows[] = {
		{ "kernel >= 5.10", "5.10", OP_GE, { 5, 10, 0 } },
		{ "kernel < 6.1.56", "6.1.56", OP_LT, { 6, 1, 56 } },
		{ "kernel == 7.2", "7.2", OP_EQ, { 7, 2, 0 } },
		{ "kernel !=65535.0.65535", "65535.0.65535", OP_NE, { 65535, 0, 65535 } },
		{ "kernel >5.4", "5.4", OP_GT, { 5, 4, 0 } },
		{ "kernel <=5.4", "5.4", OP_LE, { 5, 4, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[256];
		struct test *test;

		snprintf(text, sizeof(text), HEAD "requires %s\nexpect e\n", rows[i].line);
		test = parse(text);
		assert_int_equal(test->requirements[0].kind, REQUIRE_KERNEL);
		assert_int_equal(test->requirements[0].op, rows[i].op);
		assert_string_equal(test->requirements[0].name, rows[i].name);
		assert_memory_equal(test->requirements[0].version, rows[i].version,
				    sizeof(rows[i].version));
		test_free(test);
	}
}

static void line_ends(void **state)
{
	static const char *const files[] = {
		"probe p\r\nrun g \r\n\r\nexpect e\r\n\ta == \"b\"\r\n",
		"probe p\nrun g\n\nexpect e\n\ta == \"b\"",
		"\xef\xbb\xbfprobe p\nrun g\nexpect e\n\ta == \"b\"  \n \n\t\n",
		"# c\n  # indented\nprobe p #c\nrun g\t#\nexpect e\n#\n\n    # c\n\ta == \"b\" # c\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct test *test = parse(files[i]);

		assert_string_equal(test->event.probe.objects[0].object, "p");
		assert_string_equal(test->event.generator[0], "g");
		assert_null(test->event.generator[1]);
		assert_string_equal(test->event.blocks[0].conditions[0].text, "a == \"b\"");
		assert_int_equal(test->event.blocks[0].conditions[0].operands[0].value.s.len, 1);
		test_free(test);
	}
}

/* `#` in the middle of a word is part of it: nothing is ever cut silently. */
static void comments_begin_words(void **state)
{
	struct test *test =
		parse("about Issue#5 \"a # b\" c # d\nprobe a#b\nrun g a#b \"#\" #c\nexpect e\n");

	(void)state;
	assert_string_equal(test->about, "Issue#5 \"a # b\" c");
	assert_string_equal(test->event.probe.objects[0].object, "a#b");
	assert_string_equal(test->event.generator[1], "a#b");
	assert_string_equal(test->event.generator[2], "#");
	assert_null(test->event.generator[3]);
	test_free(test);
}

static void freeing_nothing(void **state)
{
	(void)state;
	test_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_design),
		cmocka_unit_test(every_directive),
		cmocka_unit_test(a_generator_alone),
		cmocka_unit_test(test_programs),
		cmocka_unit_test(objects_to_load),
		cmocka_unit_test(listeners),
		cmocka_unit_test(conditions),
		cmocka_unit_test(sets_hold_all_kinds),
		cmocka_unit_test(the_text_of_a_condition_is_as_written),
		cmocka_unit_test(a_name_means_the_nearest_kind_of_block),
		cmocka_unit_test(requirements),
		cmocka_unit_test(kernel_versions),
		cmocka_unit_test(line_ends),
		cmocka_unit_test(comments_begin_words),
		cmocka_unit_test(freeing_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
