/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Wrong .test files: where and how they are complained about. */
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
#include "suite/test.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A file's first two lines, when what matters comes from the third on. */
#define HEAD "probe p.bpf.o\nrun g\n"

static void check_error_bytes(const char *text, size_t len, unsigned int line, unsigned int column,
			      const char *message)
{
	char *copy = malloc(len + !len);
	struct parse_error error;
	struct test *test;
	int err;

	memcpy(copy, text, len);
	err = test_parse(copy, len, &test, &error);
	free(copy);
	if (!err)
		fail_msg("no error, want %u:%u: %s\n%s", line, column, message, text);
	assert_int_equal(err, -EINVAL);
	assert_null(test);
	if (error.line != line || error.column != column || strcmp(error.message, message) != 0)
		fail_msg("got %u:%u: %s\nwant %u:%u: %s\n%s", error.line, error.column,
			 error.message, line, column, message, text);
}

static void check_error(const char *text, unsigned int line, unsigned int column,
			const char *message)
{
	check_error_bytes(text, strlen(text), line, column, message);
}

static const struct error_row {
	const char *text;
	unsigned int line, column;
	const char *message;
} error_rows[] = {
	/* Directives. */
	{ HEAD "expcet fork\n", 3, 1, "unknown directive 'expcet': did you mean 'expect'?" },
	{ "requiers kernel >= 5.10\n", 1, 1,
	  "unknown directive 'requiers': did you mean 'requires'?" },
	{ "Probe x\n", 1, 1, "unknown directive 'Probe': did you mean 'probe'?" },
	{ "fork\n", 1, 1,
	  "unknown directive 'fork': one of about probe set requires run exec load format listen type ready stop settle timeout isolated hold drops account "
	  "expect then refuse events order map global iter attach" },
	{ "\"probe x\n", 1, 1, "this quote is never closed" },
	{ "about\n", 1, 6, "expected what the test is about" },
	{ "about  # nothing\n", 1, 8, "expected what the test is about" },
	{ "about a\n\nabout b\n", 3, 1, "a second 'about': the first is in line 1" },
	{ "probe\n", 1, 6, "expected an object file, as in process.bpf.o" },
	{ "probe \"\"\n", 1, 7, "expected an object file, as in process.bpf.o" },
	{ "probe \"a\\x00\"\n", 1, 7, "a NUL byte cannot be part of this" },
	{ "probe a b\n", 1, 9, "unexpected 'b' after the object" },
	{ "probe a\nprobe a\n", 2, 7, "'a' is already named in line 1" },
	{ "set\n", 1, 4, "expected a global's name, as in set max_args = 4" },
	{ "set =\n", 1, 5, "expected a name" },
	{ "set a\n", 1, 6, "expected '=' after the global's name" },
	{ "set a 5\n", 1, 7, "expected '=' after the global's name" },
	{ "set a =\n", 1, 8, "expected a number or \"text\" after '='" },
	{ "set a = b\n", 1, 9, "'b' is not a number" },
	{ "set a = 1 2\n", 1, 11, "unexpected '2' after the value" },
	{ "set a = 1\nset a = 2\n", 2, 5, "'a' is already set in line 1" },
	{ "run\n", 1, 4, "expected a generator and its arguments" },
	{ "run a\nrun b\n", 2, 1, "a second 'run': the first is in line 1" },
	{ "run a \"b\\x00c\"\n", 1, 7, "a NUL byte cannot be part of an argument" },
	{ "run a \"b\n", 1, 7, "this quote is never closed" },
	{ "run a --b=\"c\n", 1, 11, "this quote is never closed" },
	{ "run a \"\\q\"\n", 1, 8, "unknown escape: expected one of \\n \\t \\\" \\\\ \\xHH" },
	{ "run a \"\\x4\"\n", 1, 8, "unknown escape: expected one of \\n \\t \\\" \\\\ \\xHH" },
	{ "run a \"\\x4g\"\n", 1, 8, "unknown escape: expected one of \\n \\t \\\" \\\\ \\xHH" },
	{ "run a \"\\", 1, 8, "unknown escape: expected one of \\n \\t \\\" \\\\ \\xHH" },
	{ "timeout\n", 1, 8, "expected seconds, 1 to 3600" },
	{ "timeout 0\n", 1, 9, "a timeout of 0: expected seconds, 1 to 3600" },
	{ "timeout 3601\n", 1, 9, "a timeout of 3601: expected seconds, 1 to 3600" },
	{ "timeout -1\n", 1, 9, "a timeout of -1: expected seconds, 1 to 3600" },
	{ "timeout 10s\n", 1, 9, "'10s' is not a number" },
	{ "timeout 1.5\n", 1, 10, "unexpected '.5' after the timeout" },
	{ "timeout 5 s\n", 1, 11, "unexpected 's' after the timeout" },
	{ "timeout 5\ntimeout 5\n", 2, 1, "a second 'timeout': the first is in line 1" },
	{ "isolated yes\n", 1, 10, "unexpected 'yes' after isolated" },
	{ "isolated\nisolated\n", 2, 1, "a second 'isolated': the first is in line 1" },
	{ "hold on\n", 1, 6, "unexpected 'on' after hold" },
	{ "drops 3\n", 1, 7, "unexpected '3': expected 'allowed' or nothing" },
	{ "drops allowed 3\n", 1, 15, "unexpected '3' after allowed" },
	{ "drops\ndrops\n", 2, 1, "a second 'drops': the first is in line 1" },
	{ "account\n", 1, 8, "expected a value: a number, \"text\", $variable or a field" },
	{ "account -3\n", 1, 9, "unexpected '-3': expected a number of events or a $variable" },
	{ "account \"3\"\n", 1, 9,
	  "unexpected '\"3\"': expected a number of events or a $variable" },
	{ "account made\n", 1, 9, "unexpected 'made': expected a number of events or a $variable" },
	{ "account MADE\n", 1, 9, "unexpected 'MADE': expected a number of events or a $variable" },
	{ "account 3 4\n", 1, 11, "unexpected '4' after the number of events" },
	/* Blocks. */
	{ "expect\n", 1, 7, "expected an event type, as in fork" },
	{ "expect 0 fork\n", 1, 8, "expect 0: to say that none may come, use refuse" },
	{ "expect -1 fork\n", 1, 8, "expected a number of events, 1 to 1000000" },
	{ "expect 1000001 fork\n", 1, 8, "expected a number of events, 1 to 1000000" },
	{ "expect 2x fork\n", 1, 8, "'2x' is not a number" },
	{ "expect 2\n", 1, 9, "expected an event type, as in fork" },
	{ "expect fork,exec\n", 1, 8,
	  "'fork,exec' is not a name: expected an event type, as in fork" },
	{ "expect $fork\n", 1, 8, "'$fork' is not a name: expected an event type, as in fork" },
	{ "expect fork child\n", 1, 13, "unexpected 'child': expected 'as NAME' or nothing" },
	{ "expect fork as\n", 1, 15, "expected a name after 'as'" },
	{ "expect fork as 5\n", 1, 16, "'5' is not a name: expected a name after 'as'" },
	{ "expect fork as a b\n", 1, 18, "unexpected 'b' after the name" },
	{ "expect fork\nexpect fork\n", 2, 8,
	  "'fork' is the name of the block in line 1: tell them apart with 'as NAME'" },
	{ "expect fork as x\nexpect exec as x\n", 2, 16,
	  "'x' is the name of the block in line 1: tell them apart with 'as NAME'" },
	{ "expect 2 fork\nexpect fork\n", 2, 8,
	  "'fork' is the name of the block in line 1: tell them apart with 'as NAME'" },
	{ "then\n", 1, 5, "expected 'expect' after 'then'" },
	{ "then refuse fork\n", 1, 6, "unexpected 'refuse': expected 'expect' after 'then'" },
	{ "then expect fork\n", 1, 1, "'then' without an expect before it to come after" },
	{ "refuse fork\nthen expect fork\n", 2, 1,
	  "'then' without an expect before it to come after" },
	{ "refuse\n", 1, 7, "expected an event type, as in fork" },
	{ "refuse 2 fork\n", 1, 8, "'2' is not a name: expected an event type, as in fork" },
	{ "refuse fork as x\n", 1, 13, "unexpected 'as' after the event type" },
	/* Conditions. */
	{ "\n  a == 1\n", 2, 3,
	  "an indented line is a condition: it belongs below expect or refuse" },
	{ "run a\n\tb\n", 2, 2,
	  "an indented line is a condition: it belongs below expect or refuse" },
	{ "expect a\nrun a\n  b == 1\n", 3, 3,
	  "an indented line is a condition: it belongs below expect or refuse" },
	{ "expect a\n  == 1\n", 2, 3, "unexpected '==': expected a field, as in child.tgid == 5" },
	{ "expect a\n  $x == 1\n", 2, 3,
	  "unexpected '$x': expected a field, as in child.tgid == 5" },
	{ "expect a\n  a. == 1\n", 2, 5, "expected a name after '.'" },
	{ "expect a\n  a.5 == 1\n", 2, 5, "expected a name after '.'" },
	{ "expect a\n  a[ == 1\n", 2, 4, "expected an index, as in [0]" },
	{ "expect a\n  a[] == 1\n", 2, 4, "expected an index, as in [0]" },
	{ "expect a\n  a[-1] == 1\n", 2, 4, "expected an index, as in [0]" },
	{ "expect a\n  a[01] == 1\n", 2, 4, "expected an index, as in [0]" },
	{ "expect a\n  a[4294967296] == 1\n", 2, 4, "expected an index, as in [0]" },
	{ "expect a\n  a[0", 2, 4, "expected an index, as in [0]" },
	{ "expect a\n  a\n", 2, 4, "expected an operator, one of == != < <= > >= ~ has in" },
	{ "expect a\n  a # == 1\n", 2, 5, "expected an operator, one of == != < <= > >= ~ has in" },
	{ "expect a\n  a =< 1\n", 2, 5, "unknown operator '=<': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a = 1\n", 2, 5, "unknown operator '=': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a=1\n", 2, 4, "unknown operator '=': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a === 1\n", 2, 5,
	  "unknown operator '===': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a !~ 1\n", 2, 5, "unknown operator '!~': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a is 1\n", 2, 5, "unknown operator 'is': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a inn 1\n", 2, 5,
	  "unknown operator 'inn': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a ? 5\n", 2, 5, "unknown operator '?': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a 5\n", 2, 5, "unknown operator '5': one of == != < <= > >= ~ has in" },
	{ "expect a\n  a ==\n", 2, 7,
	  "expected a value: a number, \"text\", $variable or a field" },
	{ "expect a\n  a == ?\n", 2, 8,
	  "unexpected '?': expected a number, \"text\", $variable or a field" },
	{ "expect a\n  a == #1\n", 2, 8,
	  "expected a value: a number, \"text\", $variable or a field" },
	{ "expect a\n  a == 1 2\n", 2, 10, "unexpected '2' after the condition" },
	{ "expect a\n  a == 1,2\n", 2, 9, "unexpected ',2' after the condition" },
	{ "expect a\n  a == 1#\n", 2, 9, "unexpected '#' after the condition" },
	{ "expect a\n  a == 1..2\n", 2, 9, "unexpected '..2' after the condition" },
	{ "expect a\n  a == \"b\"c\n", 2, 11, "unexpected 'c' after the condition" },
	{ "expect a\n  a == \"b\n", 2, 8, "this quote is never closed" },
	{ "expect a\n  a == \"b\\\"\n", 2, 8, "this quote is never closed" },
	{ "expect a\n  a == $\n", 2, 9, "expected a name" },
	{ "expect a\n  a == $5\n", 2, 9, "expected a name" },
	{ "expect a\n  a == $b.\n", 2, 11, "expected a name after '.'" },
	{ "expect a\n  a == 5b\n", 2, 8, "'5b' is not a number" },
	{ "expect a\n  a == -\n", 2, 8, "'-' is not a number" },
	{ "expect a\n  a == -b\n", 2, 8, "'-b' is not a number" },
	{ "expect a\n  a == 0644\n", 2, 8,
	  "'0644' is not a number: decimals have no leading zero, octal is 0o17, hex is 0x1f" },
	{ "expect a\n  a == -01\n", 2, 8,
	  "'-01' is not a number: decimals have no leading zero, octal is 0o17, hex is 0x1f" },
	{ "expect a\n  a == 18446744073709551616\n", 2, 8,
	  "18446744073709551616 is beyond 64 bits" },
	{ "expect a\n  a == -9223372036854775809\n", 2, 8,
	  "-9223372036854775809 is beyond 64 bits" },
	{ "expect a\n  a has 0\n", 2, 9, "'has 0' always holds: use == for a number without bits" },
	{ "expect a\n  a ~ 5\n", 2, 7, "expected a pattern in quotes after '~'" },
	{ "expect a\n  a in\n", 2, 7, "expected a range, as in 1..9, or a set, as in {1, 9}" },
	{ "expect a\n  a in 5\n", 2, 9,
	  "expected '..' and the range's end, as in 1..9, or a set, as in {1, 9}" },
	{ "expect a\n  a in 5.9\n", 2, 9,
	  "expected '..' and the range's end, as in 1..9, or a set, as in {1, 9}" },
	{ "expect a\n  a in 5..\n", 2, 11,
	  "expected a value: a number, \"text\", $variable or a field" },
	{ "expect a\n  a in ..5\n", 2, 8,
	  "unexpected '..5': expected a number, \"text\", $variable or a field" },
	{ "expect a\n  a in 5..4\n", 2, 8, "an empty range: its end is less than its start" },
	{ "expect a\n  a in 0..-1\n", 2, 8, "an empty range: its end is less than its start" },
	{ "expect a\n  a in \"a\"..\"b\"\n", 2, 8, "a range of text: ranges are of numbers" },
	{ "expect a\n  a in 1..\"b\"\n", 2, 8, "a range of text: ranges are of numbers" },
	{ "expect a\n  a in {}\n", 2, 8, "an empty set: nothing can be in it" },
	{ "expect a\n  a in { \t}\n", 2, 8, "an empty set: nothing can be in it" },
	{ "expect a\n  a in {1\n", 2, 8, "this set is never closed: expected '}'" },
	{ "expect a\n  a in {\n", 2, 9,
	  "expected a value: a number, \"text\", $variable or a field" },
	{ "expect a\n  a in {1,}\n", 2, 11,
	  "unexpected '}': expected a number, \"text\", $variable or a field" },
	{ "expect a\n  a in {1 2}\n", 2, 11, "unexpected '2}': expected ',' or '}'" },
	{ "expect a\n  a in {1,2} 3\n", 2, 14, "unexpected '3' after the condition" },
	/* References. */
	{ HEAD "expect a\n  x == a.y\n", 4, 8,
	  "'a' is this block itself: write 'y' for a field of the same event" },
	{ HEAD "expect a\n  x in {1, b.y}\nexpect b\n", 4, 12,
	  "'b' comes later, in line 5: only an earlier block can be referred to" },
	{ HEAD "expect 2 a\nexpect b\n  x == a.y\n", 5, 8,
	  "'a' stands for 2 events: only a single event can be referred to" },
	{ HEAD "refuse a\nexpect b\n  x == a.y\n", 5, 8,
	  "'a' belongs to a refuse block, which matches no event" },
	{ HEAD "expect a\nexpect b\n  x == a\n", 5, 8,
	  "'a' is a block: name one of its fields, as in a.type" },
	{ HEAD "expect a\nexpect b\n  x == a[0]\n", 5, 8,
	  "'a' is a block: name one of its fields, as in a.type" },
	/* Requirements. */
	{ "requires\n", 1, 9, "expected what is required, as in kernel >= 5.10" },
	{ "requires kernle >= 5.10\n", 1, 10,
	  "unknown requirement 'kernle': did you mean 'kernel'?" },
	{ "requires root\n", 1, 10,
	  "unknown requirement 'root': one of kernel arch function type program map filesystem lsm config "
	  "path" },
	{ "requires kernel\n", 1, 16, "expected an operator, one of == != < <= > >=" },
	{ "requires kernel 5.10\n", 1, 17, "unknown operator '5': one of == != < <= > >=" },
	{ "requires kernel ~ 5.10\n", 1, 17, "unknown operator '~': one of == != < <= > >=" },
	{ "requires kernel in 5.10\n", 1, 17, "unknown operator 'in': one of == != < <= > >=" },
	{ "requires kernel >=\n", 1, 19, "expected a kernel version, as in 5.10" },
	{ "requires kernel >= 5\n", 1, 20, "'5' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= 5.\n", 1, 20, "'5.' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= 5.10.\n", 1, 20,
	  "'5.10.' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= 5.10.1.2\n", 1, 20,
	  "'5.10.1.2' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= 5.65536\n", 1, 20,
	  "'5.65536' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= 5.10-rc1\n", 1, 20,
	  "'5.10-rc1' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= v5.10\n", 1, 20,
	  "'v5.10' is not a kernel version: expected X.Y or X.Y.Z" },
	{ "requires kernel >= 5.10 x\n", 1, 25, "unexpected 'x' after the requirement" },
	{ "requires arch\n", 1, 14, "expected the name of what is required" },
	{ "requires arch a b\n", 1, 17, "unexpected 'b' after the requirement" },
	{ "requires config BPF\n", 1, 17, "expected CONFIG_NAME or CONFIG_NAME=VALUE" },
	{ "requires config CONFIG_\n", 1, 17, "expected CONFIG_NAME or CONFIG_NAME=VALUE" },
	{ "requires config CONFIG_A-B\n", 1, 17, "expected CONFIG_NAME or CONFIG_NAME=VALUE" },
	{ "requires config\n", 1, 16, "expected an option, as in CONFIG_BPF_LSM" },
	{ "requires path etc\n", 1, 15, "'etc' is not an absolute path" },
	{ "requires path\n", 1, 14, "expected an absolute path" },
	/* Whole files. */
	{ "", 1, 1, "the file has no 'run', 'exec' or 'load' line" },
	{ "# nothing\n", 1, 1, "the file has no 'run', 'exec' or 'load' line" },
	{ "run a\nexpect a\n", 1, 1, "the file has no 'probe' line" },
	{ "run a\nrefuse a\n", 1, 1, "the file has no 'probe' line" },
	{ "run a\nset a = 1\n", 1, 1, "the file has no 'probe' line" },
	{ "run a\nisolated\n", 1, 1, "the file has no 'probe' line" },
	{ "run a\naccount 3\n", 1, 1, "the file has no 'probe' line" },
	/* Programs that print events. */
	{ "listen\n", 1, 7, "expected a program that prints events, and its arguments" },
	{ "type\n", 1, 5, "expected 'from FIELD' or 'is NAME'" },
	{ "type of x\n", 1, 6, "unexpected 'of': expected 'from FIELD' or 'is NAME'" },
	{ "type from\n", 1, 10, "expected the field that says an event's type" },
	{ "type is a b\n", 1, 11, "unexpected 'b' after the type" },
	{ "ready \"x\"\n", 1, 7, "unexpected '\"x\"': expected 'when'" },
	{ "ready when x\n", 1, 12, "expected a pattern in quotes, as in \"*probes attached*\"" },
	{ "ready when \"x\" y\n", 1, 16, "unexpected 'y' after the pattern" },
	{ "stop SIGINT\n", 1, 6, "unexpected 'SIGINT': expected 'with'" },
	{ "stop with SIGSEGV\n", 1, 11,
	  "unknown signal 'SIGSEGV': one of SIGINT SIGTERM SIGHUP SIGQUIT SIGUSR1 SIGUSR2 SIGKILL" },
	{ "run a\nprobe b\nformat columns\nexpect X\n", 1, 1,
	  "'format columns' is for what 'listen' starts" },
	{ "exec a\nformat columns\n", 1, 1, "'format columns' is for what 'listen' starts" },
	{ "run a\nlisten b\ntype from t\nformat tap\nexpect X\n", 1, 1,
	  "'format' is for what 'exec' starts" },
	{ "settle 0\n", 1, 8, "a time to settle of 0: expected seconds, 1 to 3600" },
	{ "run a\nlisten b\nexpect X\n", 1, 1,
	  "the file has no 'type' line: 'type from FIELD' names the field that says an event's "
	  "type" },
	{ "run a\nlisten b\ntype from t\n", 1, 1,
	  "the file expects and refuses nothing: it tests nothing" },
	{ "run a\nlisten b\ntype from t\nhold\nexpect X\n", 1, 1, "the file has no 'probe' line" },
	{ "run a\nprobe p\nlisten b\ntype from t\nexpect X\n", 1, 1,
	  "'probe' and 'listen': events come from one or the other" },
	{ "exec a\nlisten b\ntype from t\nexpect X\n", 1, 1,
	  "'listen' beside 'exec': a test program has its own verdict" },
	{ "load a\nlisten b\ntype from t\nexpect X\n", 1, 1,
	  "'listen' beside 'load': loading objects makes no events" },
	{ "listen b\ntype from t\nexpect X\n", 1, 1,
	  "the file has no 'run', 'exec' or 'load' line" },
	{ "run a\ntype from t\n", 1, 1, "the file has no 'listen' line" },
	{ "run a\nready when \"x\"\n", 1, 1, "the file has no 'listen' line" },
	{ "run a\nstop with SIGINT\n", 1, 1, "the file has no 'listen' line" },
	{ "run a\nsettle 1\n", 1, 1, "the file has no 'listen' line" },
	{ "run a\nlisten b\ntype from t\nexpect \"\"\n", 4, 8,
	  "expected an event type, as in fork" },
	{ "run a\nhold\n", 1, 1, "the file has no 'probe' line" },
	{ "exec\n", 1, 5, "expected a test program and its arguments" },
	{ "exec a\nexec a\n", 2, 1, "a second 'exec': the first is in line 1" },
	{ "run a\nexec a\n", 2, 1, "'exec' beside the 'run' in line 1: a test has one" },
	{ "exec a\nrun a\n", 2, 1, "'run' beside the 'exec' in line 1: a test has one" },
	{ "exec a\nprobe a\nexpect a\n", 1, 1,
	  "'probe' beside 'exec': a test program has its own verdict" },
	{ "exec a\nexpect a\n", 1, 1, "the file has no 'probe' line" },
	{ "load\n", 1, 5, "expected object files, as in *.bpf.o" },
	{ "load a atach\n", 1, 8, "unexpected 'atach': expected 'attach' or nothing" },
	{ "load a attach b\n", 1, 15, "unexpected 'b' after attach" },
	{ "load a\nload b\n", 2, 1, "a second 'load': the first is in line 1" },
	{ "run a\nload a\n", 2, 1, "'load' beside the 'run' in line 1: a test has one" },
	{ "load a\nprobe a\n", 1, 1, "'probe' beside 'load': it names the objects" },
	{ "load a\nexpect a\n", 1, 1, "the file has no 'probe' line" },
	{ "load a\nformat tap\n", 1, 1, "'format' is for what 'exec' starts" },
	{ "exec a\nformat\n", 2, 7, "expected exit, tap, go, gtest or columns" },
	{ "exec a\nformat xml\n", 2, 8, "unknown format 'xml': one of exit tap go gtest columns" },
	{ "exec a\nformat tap tap\n", 2, 12, "unexpected 'tap' after the format" },
	{ "run a\nformat tap\n", 1, 1, "'format' is for what 'exec' starts" },
	{ "probe a\nexpect a\n", 1, 1, "the file has no 'run', 'exec' or 'load' line" },
	{ "probe a\nrun a\n", 1, 1, "the file expects and refuses nothing: it tests nothing" },
	/* Bytes. */
	{ "run a \x01\n", 1, 7, "control character 0x01: write \\x01 in quotes" },
	{ "# \x1b[31m\n", 1, 3, "control character 0x1b: write \\x1b in quotes" },
	{ "run \x7f\n", 1, 5, "control character 0x7f: write \\x7f in quotes" },
	{ "run a\rb\n", 1, 6, "control character 0x0d: write \\x0d in quotes" },
	{ "run \xff\n", 1, 5, "byte 0xff is not UTF-8: write \\xff in quotes" },
	{ "run \xc3\n", 1, 5, "byte 0xc3 is not UTF-8: write \\xc3 in quotes" },
	/* Columns count characters. */
	{ "run \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\x8d \"\n", 1, 9, "this quote is never closed" },
	{ "expect a\r\n  a = 1\r\n", 2, 5,
	  "unknown operator '=': one of == != < <= > >= ~ has in" },
};

static void errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(error_rows); i++)
		check_error(error_rows[i].text, error_rows[i].line, error_rows[i].column,
			    error_rows[i].message);
}

static void nul_bytes(void **state)
{
	(void)state;
	check_error_bytes("run a\0b\n", 8, 1, 6, "a NUL byte: this is not a text file");
	check_error_bytes("\0", 1, 1, 1, "a NUL byte: this is not a text file");
	check_error_bytes(HEAD "expect a\n#\0", sizeof(HEAD "expect a\n#\0") - 1, 4, 2,
			  "a NUL byte: this is not a text file");
}

/* HEAD, `before`, then `line` COUNT times with a number in it, each with its own `after`. */
static char *repeat(const char *before, const char *line, size_t count)
{
	size_t size = strlen(before) + count * (strlen(line) + 24) + 1, len;
	char *text = malloc(size);

	len = (size_t)snprintf(text, size, "%s", before);
	for (size_t i = 0; i < count; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		len += (size_t)snprintf(text + len, size - len, line, i);
#pragma GCC diagnostic pop
	}
	return text;
}

static void bounds(void **state)
{
	static const struct {
		const char *before, *line;
		size_t fits;
		const char *after;
		unsigned int error_line, error_column;
		const char *message;
	} rows[] = {
		{ "probe p\nrun g\n", "expect a%zu\n", 256, "", 259, 8, "more than 256 blocks" },
		{ "probe p\nrun g\nexpect a\n", "  a%zu == 1\n", 256, "", 260, 3,
		  "more than 256 conditions in one block" },
		{ "probe p\nrun g\nexpect a\n a in {0", ", %zu", 255, "}\n", 4, 0,
		  "more than 256 values in one set" },
		{ "run g\nexpect a\n", "probe p%zu\n", 256, "", 259, 7, "more than 256 probes" },
		{ "probe p\nrun g\nexpect a\n", "set s%zu = 1\n", 256, "", 260, 5,
		  "more than 256 options" },
		{ "probe p\nrun g\nexpect a\n", "requires arch a%zu\n", 256, "", 260, 10,
		  "more than 256 requirements" },
		{ "probe p\nexpect a\nrun g", " %zu", 255, "\n", 3, 0, "more than 256 arguments" },
		{ "probe p\nrun g\nexpect a\n", "# %zu\n", 9997, "", 10001, 1,
		  "more than 10000 lines" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t extra = 0; extra < 2; extra++) {
			char *text = repeat(rows[i].before, rows[i].line, rows[i].fits + extra);
			char *whole;
			struct parse_error error;
			struct test *test;
			int err;

			assert_true(asprintf(&whole, "%s%s", text, rows[i].after) > 0);
			err = test_parse(whole, strlen(whole), &test, &error);
			if (!extra && err)
				fail_msg("row %zu: %u:%u: %s", i, error.line, error.column,
					 error.message);
			if (extra) {
				assert_int_equal(err, -EINVAL);
				assert_string_equal(error.message, rows[i].message);
				assert_int_equal(error.line, rows[i].error_line);
				if (rows[i].error_column)
					assert_int_equal(error.column, rows[i].error_column);
			}
			test_free(test);
			free(whole);
			free(text);
		}
	}
}

static void long_lines(void **state)
{
	struct parse_error error;
	char text[5000];
	struct test *test;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "run ", 4);
	/* Room for one that fits with its line end, at the very bound. */
	strcpy(text + 4095, "\nprobe p\nexpect e\n");
	assert_int_equal(test_parse(text, strlen(text), &test, &error), 0);
	assert_int_equal(strlen(test->event.generator[0]), 4091);
	test_free(test);
	memset(text, 'x', sizeof(text));
	memcpy(text, "run ", 4);
	strcpy(text + 4096, "\nprobe p\nexpect e\n");
	check_error(text, 1, 1, "a line of 4096 bytes: at most 4095");
}

/* A word of any length leaves room for the rest of the message, and is cut between characters. */
static void long_words_are_cut_in_messages(void **state)
{
	char text[1000] = "";
	char want[384];

	(void)state;
	for (size_t i = 0; i < 200; i++)
		strcat(text, i == 0 ? "a" : "\xc3\xa4");
	strcpy(want, "unknown directive '");
	strncat(want, text, 59);
	strcat(want,
	       "...': one of about probe set requires run exec load format listen type ready stop settle timeout isolated hold drops account "
	       "expect then refuse events order map global iter attach");
	check_error(text, 1, 1, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors),
		cmocka_unit_test(nul_bytes),
		cmocka_unit_test(bounds),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(long_words_are_cut_in_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
