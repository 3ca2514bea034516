/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The .test language: text in, struct test out. Pure: no files, no kernel.
 *
 * A line that begins at its first column is a directive; an indented one is a condition of the
 * expect or refuse above it. `#` at a line's start or after a blank begins a comment, except in
 * quotes. Files are UTF-8; other bytes are written \xHH in quotes, which know \n \t \" \\ as well.
 *
 * The right side of an operator:
 *   57  -1  0x39  0o71   numbers, INT64_MIN to UINT64_MAX; not 071, which is read both ways
 *   true  false          1 and 0
 *   "text"               text
 *   FILE_TYPE_REGULAR    a bare word of capitals, digits and `_`: the enumerator's name (text
 *                        here, its number as soon as the field's type is known)
 *   $name.path           from the generator's JSON
 *   block.path           a field of the event that the expect block of that name matched; it must
 *                        be an earlier block, and one of a single event. A block's name always
 *                        means the block, even where a field is called the same
 *   path                 else: a field of the same event
 */
#ifndef SUITE_TEST_H
#define SUITE_TEST_H

#include "base/value.h"
#include "suite/parse_error.h"

enum operand_kind {
	OPERAND_LITERAL,
	OPERAND_VARIABLE,    /* $name.path, from the generator's JSON */
	OPERAND_FIELD,	     /* a field of the same event */
	OPERAND_EVENT_FIELD, /* a field of the event that an earlier expect block matched */
};

struct operand {
	enum operand_kind kind;
	unsigned int column; /* 1-based, for errors found later */
	struct value value;  /* OPERAND_LITERAL */
	bool bare;	     /* OPERAND_LITERAL: an enumerator's name, written without quotes */
	char *path;	     /* the others: field or variable path, without `$` and block name */
	size_t block; /* OPERAND_EVENT_FIELD: index into event_test.blocks, always an earlier one */
};

struct condition {
	unsigned int line, column; /* 1-based; column of the field */
	char *text;		   /* the line as written, blanks squeezed: "child.ppid == $pid" */
	char *field;
	enum comparison op;
	struct operand *operands;
	size_t operand_count;
};

enum block_kind { BLOCK_EXPECT, BLOCK_REFUSE };

struct block {
	enum block_kind kind;
	unsigned int line, column; /* 1-based; column of the event type */
	char *event_type;	   /* "fork" */
	char *name;		   /* `as NAME`, else the event type */
	long count;		   /* exact number wanted; -1: at least one */
	bool ordered;		   /* `then`: after the block before it */
	struct condition *conditions;
	size_t condition_count;
};

enum requirement_kind {
	REQUIRE_KERNEL,
	REQUIRE_ARCH,
	REQUIRE_FUNCTION,
	REQUIRE_TYPE,
	REQUIRE_PROGRAM,
	REQUIRE_MAP,
	REQUIRE_FILESYSTEM,
	REQUIRE_LSM,
	REQUIRE_CONFIG,
	REQUIRE_PATH,
};

struct requirement {
	enum requirement_kind kind;
	unsigned int line;
	char *text;		 /* as written, without `requires`: the skip reason */
	char *name;		 /* what is required; for kernel: the version as written */
	char *value;		 /* config: the value wanted, or NULL for y or m */
	enum comparison op;	 /* kernel */
	unsigned int version[3]; /* kernel */
};

struct probe_option {
	unsigned int line, column;
	char *name;
	struct value value; /* number or string */
};

struct probe_ref {
	unsigned int line, column;
	char *object; /* as written */
};

/* A struct that a map's records have, and the number that selects it. */
struct event_struct {
	unsigned int column;
	struct operand number; /* `by`: a number or an enumerator's name */
	char *name;
};

/* `events MAP as struct NAME`, `events MAP by FIELD { NUMBER NAME ... }` */
struct event_source {
	unsigned int line, column, field_column;
	char *map;
	char *field; /* selects the struct; NULL: there is only one */
	struct event_struct *structs;
	size_t struct_count;
};

enum state_kind {
	STATE_MAP,    /* `map NAME[KEY] FIELD OP VALUE` */
	STATE_GLOBAL, /* `global NAME OP VALUE` */
	STATE_ITER,   /* `iter PROGRAM OP TEXT` */
};

/* State of an object that a test checks at its end. */
struct state_check {
	enum state_kind kind;
	unsigned int line, column; /* of the name */
	char *name;
	struct operand key;	    /* STATE_MAP */
	struct condition condition; /* `field` is empty for the whole value */
};

enum target_kind {
	TARGET_NOTHING,
	TARGET_KPROBE,
	TARGET_KRETPROBE,
	TARGET_TRACEPOINT,
	TARGET_RAW_TRACEPOINT,
	TARGET_UPROBE,
	TARGET_URETPROBE,
	TARGET_USDT,
	TARGET_CGROUP,
	TARGET_TC,
	TARGET_TCX,
	TARGET_XDP,
	TARGET_PERF_EVENT,
	TARGET_STRUCT_OPS,
};

/* `attach PROGRAM to KIND TARGET...` */
struct attachment {
	unsigned int line, column;
	char *program; /* TARGET_STRUCT_OPS: the map */
	enum target_kind kind;
	char *text;	 /* as written: "xdp lo" */
	char *target[3]; /* its parts; NULL: has none */
	uint64_t number; /* TARGET_PERF_EVENT: times a second */
};

/* The effect of dropped events on the test's result. */
enum drops {
	DROPS_FAIL,
	DROPS_ALLOWED,
	DROPS_WANTED, /* it is a failure if none was dropped */
};

/* The objects that `probe` names, and every line about them and their events. */
struct probe_part {
	struct probe_ref *objects;
	size_t object_count;
	struct probe_option *options;
	size_t option_count;
	bool isolated;
	bool hold; /* no event is read until the generator has ended */
	enum drops drops;
	unsigned int account_line; /* 0: no `account` */
	struct operand account;	   /* a number or a variable: events that come or are dropped */
	struct event_source *sources;
	size_t source_count;
	char *order_field; /* or NULL */
	unsigned int order_line, order_column;
	struct state_check *state_checks;
	size_t state_check_count;
	struct attachment *attachments;
	size_t attachment_count;
};

/* `listen`: an external program; each line of its stdout is an event. */
struct listen_part {
	unsigned int line, column; /* 0: there is none */
	char **argv;		   /* NULL-terminated */
	bool columns;		   /* `format columns`: lines are words below a header, not JSON */
	char *type_field;	   /* path of the field that has an event's type; or NULL: */
	char *type_name;	   /* the type of all events */
	char *ready;		   /* pattern of the line with which it is ready; NULL: its first */
	int stop_signal;
	const char *stop_name;	/* "SIGINT" */
	unsigned int settle_ms; /* for events that may still come where they matter */
};

/* `run`: a generator makes events happen; the blocks say which. */
struct event_test {
	char **generator; /* and its arguments, NULL-terminated */
	struct block *blocks;
	size_t block_count;
	union {
		struct probe_part probe;   /* TEST_PROBE */
		struct listen_part listen; /* TEST_LISTEN */
	};
};

/* How a test program reports its own tests. */
enum program_format {
	PROGRAM_EXIT, /* by its exit status alone */
	PROGRAM_TAP,
	PROGRAM_GO,    /* go test -v */
	PROGRAM_GTEST, /* GoogleTest */
};

/* `exec`: a test program decides by itself. */
struct program_test {
	char **argv; /* NULL-terminated */
	enum program_format format;
};

/* `load`: objects are only loaded. */
struct load_test {
	char *pattern; /* glob of the objects */
	bool attach;
};

enum test_kind {
	TEST_PROBE, /* `run`, with events of any number of objects */
	TEST_LISTEN,
	TEST_PROGRAM,
	TEST_LOAD,
};

struct test {
	enum test_kind kind;
	char *about; /* or NULL */
	struct requirement *requirements;
	size_t requirement_count;
	unsigned int timeout_ms;
	unsigned int line, column; /* of what `run`, `exec` or `load` names */
	union {
		struct event_test event; /* TEST_PROBE, TEST_LISTEN */
		struct program_test program;
		struct load_test load;
	};
	struct text_chunk *texts; /* owns every string above */
};

/*
 * Parse the `len` bytes at `text` (any bytes at all). On success *test is the caller's, to be freed
 * with test_free(). Errors: -EINVAL with *error filled in, -ENOMEM.
 */
int test_parse(const char *text, size_t len, struct test **test, struct parse_error *error);
void test_free(struct test *test); /* takes NULL */

#endif
