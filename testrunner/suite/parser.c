/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser: lines and directives. */
#include "suite/test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/utf8.h"
#include "suite/parser.h"

#define TIMEOUT_DEFAULT_S 10
#define TIMEOUT_MAX_S	  3600

static int parse_about(struct parser *parser)
{
	if (parser_at_end(parser))
		return parser_error(parser, parser->at, "expected what the test is about");
	parser->test->about = parser_rest(parser, parser->at);
	return parser->test->about ? 0 : -ENOMEM;
}

static int parse_probe(struct parser *parser)
{
	struct probe_part *part = &parser->draft->probe;
	struct probe_ref *probe;
	struct word word;
	int err = parser_need_word(parser, "an object file, as in process.bpf.o", &word);

	if (err)
		return err;
	for (size_t i = 0; i < part->object_count; i++) {
		if (strcmp(part->objects[i].object, word.text) == 0)
			return parser_error(parser, word.at, "'%s' is already named in line %u",
					    parser_shown(parser, word.at), part->objects[i].line);
	}
	if (part->object_count == WORDS_MAX)
		return parser_error(parser, word.at, "more than %d probes", WORDS_MAX);
	probe = GROW(part->objects, part->object_count);
	if (!probe)
		return -ENOMEM;
	probe->line = parser->line_number;
	probe->column = parser_column(parser, word.at);
	probe->object = word.text;
	return parser_expect_end(parser, "the object");
}

/* NAME = VALUE, blanks optional. */
static int parse_set(struct parser *parser)
{
	struct probe_part *part = &parser->draft->probe;
	struct probe_option *option = GROW(part->options, part->option_count);
	struct operand operand = { 0 };
	struct word word;
	size_t at;
	int err;

	if (!option)
		return -ENOMEM;
	if (parser_at_end(parser))
		return parser_error(parser, parser->at,
				    "expected a global's name, as in set max_args = 4");
	err = parser_path(parser, &word);
	if (err)
		return err;
	option->line = parser->line_number;
	option->column = parser_column(parser, word.at);
	option->name = word.text;
	for (size_t i = 0; i + 1 < part->option_count; i++) {
		if (strcmp(part->options[i].name, option->name) == 0)
			return parser_error(parser, word.at, "'%s' is already set in line %u",
					    parser_shown(parser, word.at), part->options[i].line);
	}
	if (part->option_count > WORDS_MAX)
		return parser_error(parser, word.at, "more than %d options", WORDS_MAX);
	if (parser_at_end(parser) || parser->line[parser->at] != '=')
		return parser_error(parser, parser->at, "expected '=' after the global's name");
	parser->at++;
	if (parser_at_end(parser))
		return parser_error(parser, parser->at, "expected a number or \"text\" after '='");
	at = parser->at;
	err = parse_operand(parser, &operand);
	if (!err && operand.kind != OPERAND_LITERAL)
		err = parser_error(parser, at, "'%s' is not a number", parser_shown(parser, at));
	option->value = operand.value;
	return err ? err : parser_expect_end(parser, "the value");
}

int parse_command(struct parser *parser, const char *what, char ***argv, unsigned int *column)
{
	size_t count = 0;
	struct word word;
	char **slot;
	int err = parser_need_word(parser, what, &word);

	if (err)
		return err;
	*column = parser_column(parser, word.at);
	while (word.text) {
		if (count == WORDS_MAX)
			return parser_error(parser, word.at, "more than %d arguments", WORDS_MAX);
		if (memchr(word.text, '\0', word.len))
			return parser_error(parser, word.at,
					    "a NUL byte cannot be part of an argument");
		slot = GROW(*argv, count);
		if (!slot)
			return -ENOMEM;
		*slot = word.text;
		err = parser_word(parser, &word);
		if (err)
			return err;
	}
	return GROW(*argv, count) ? 0 : -ENOMEM;
}

static int parse_run(struct parser *parser)
{
	parser->test->line = parser->line_number;
	return parse_command(parser, "a generator and its arguments", &parser->draft->argv,
			     &parser->test->column);
}

static int parse_exec(struct parser *parser)
{
	parser->draft->program = true;
	parser->test->line = parser->line_number;
	return parse_command(parser, "a test program and its arguments", &parser->draft->argv,
			     &parser->test->column);
}

static int parse_format(struct parser *parser)
{
	static const char *const names[] = {
		[PROGRAM_EXIT] = "exit",
		[PROGRAM_TAP] = "tap",
		[PROGRAM_GO] = "go",
		[PROGRAM_GTEST] = "gtest",
	};
	struct word word;
	int err = parser_need_word(parser, "exit, tap, go, gtest or columns", &word);

	if (err)
		return err;
	parser->draft->columns = strcmp(word.text, "columns") == 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], word.text) == 0) {
			parser->draft->format = (enum program_format)i;
			return parser_expect_end(parser, "the format");
		}
	}
	if (parser->draft->columns)
		return parser_expect_end(parser, "the format");
	return parser_error(parser, word.at,
			    "unknown format '%s': one of exit tap go gtest columns",
			    parser_shown(parser, word.at));
}

/* GLOB [attach] */
static int parse_load(struct parser *parser)
{
	struct load_test *load = &parser->draft->load;
	struct word word;
	int err = parser_need_word(parser, "object files, as in *.bpf.o", &word);

	if (err)
		return err;
	load->pattern = word.text;
	parser->test->line = parser->line_number;
	parser->test->column = parser_column(parser, word.at);
	err = parser_word(parser, &word);
	if (err)
		return err;
	load->attach = word.text;
	if (word.text && strcmp(word.text, "attach") != 0)
		return parser_error(parser, word.at,
				    "unexpected '%s': expected 'attach' or nothing",
				    parser_shown(parser, word.at));
	return parser_expect_end(parser, "attach");
}

int parse_seconds(struct parser *parser, uint64_t least, const char *what, unsigned int *ms)
{
	struct value seconds;
	char after[32];
	size_t at;
	int err;

	if (parser_at_end(parser))
		return parser_error(parser, parser->at, "expected seconds, %d to %d", (int)least,
				    TIMEOUT_MAX_S);
	at = parser->at;
	err = parser_number(parser, &seconds);
	if (err)
		return err;
	if (seconds.kind != VALUE_UINT || seconds.u < least || seconds.u > TIMEOUT_MAX_S)
		return parser_error(parser, at, "a %s of %s: expected seconds, %d to %d", what,
				    parser_shown(parser, at), (int)least, TIMEOUT_MAX_S);
	*ms = (unsigned int)seconds.u * 1000;
	snprintf(after, sizeof(after), "the %s", what);
	return parser_expect_end(parser, after);
}

static int parse_timeout(struct parser *parser)
{
	return parse_seconds(parser, 1, "timeout", &parser->test->timeout_ms);
}

static int parse_isolated(struct parser *parser)
{
	parser->draft->probe.isolated = true;
	return parser_expect_end(parser, "isolated");
}

static int parse_hold(struct parser *parser)
{
	parser->draft->probe.hold = true;
	return parser_expect_end(parser, "hold");
}

static int parse_drops(struct parser *parser)
{
	struct word word;
	int err = parser_word(parser, &word);

	if (err)
		return err;
	parser->draft->probe.drops = word.text ? DROPS_ALLOWED : DROPS_WANTED;
	if (word.text && strcmp(word.text, "allowed") != 0)
		return parser_error(parser, word.at,
				    "unexpected '%s': expected 'allowed' or nothing",
				    parser_shown(parser, word.at));
	return parser_expect_end(parser, "allowed");
}

static int parse_account(struct parser *parser)
{
	struct operand *account = &parser->draft->probe.account;
	size_t at = parser_at_end(parser) ? parser->len : parser->at;
	int err = parse_operand(parser, account);

	if (err)
		return err;
	if (account->kind != OPERAND_VARIABLE &&
	    (account->kind != OPERAND_LITERAL || account->value.kind != VALUE_UINT))
		return parser_error(parser, at,
				    "unexpected '%s': expected a number of events or a $variable",
				    parser_shown(parser, at));
	parser->draft->probe.account_line = parser->line_number;
	return parser_expect_end(parser, "the number of events");
}

static const struct directive {
	const char *name;
	int (*parse)(struct parser *parser);
	bool once;   /* a second one is an error */
	bool action; /* a file has one of these */
} directives[] = {
	{ "about", parse_about, true, false },
	{ "probe", parse_probe, false, false },
	{ "set", parse_set, false, false },
	{ "requires", parse_requirement, false, false },
	/* A file has exactly one of these three. */
	{ "run", parse_run, true, true },
	{ "exec", parse_exec, true, true },
	{ "load", parse_load, true, true },
	{ "format", parse_format, true, false },
	{ "listen", parse_listen, true, false },
	{ "type", parse_type, true, false },
	{ "ready", parse_ready, true, false },
	{ "stop", parse_stop, true, false },
	{ "settle", parse_settle, true, false },
	{ "timeout", parse_timeout, true, false },
	{ "isolated", parse_isolated, true, false },
	{ "hold", parse_hold, true, false },
	{ "drops", parse_drops, true, false },
	{ "account", parse_account, true, false },
	{ "expect", parse_expect, false, false },
	{ "then", parse_then, false, false },
	{ "refuse", parse_refuse, false, false },
	{ "events", parse_events, false, false },
	{ "order", parse_order, true, false },
	{ "map", parse_map, false, false },
	{ "global", parse_global, false, false },
	{ "iter", parse_iter, false, false },
	{ "attach", parse_attach, false, false },
};

#define DIRECTIVE_COUNT (sizeof(directives) / sizeof(directives[0]))

/* The line of the action that came before, or 0. */
static unsigned int action_line(const struct parser *parser, const char **name)
{
	for (size_t i = 0; i < DIRECTIVE_COUNT; i++) {
		*name = directives[i].name;
		if (directives[i].action && parser->first_lines[i])
			return parser->first_lines[i];
	}
	return 0;
}

static int unknown_directive(struct parser *parser, const struct word *word)
{
	struct suggestion suggestion = { .wanted = word->text };
	char known[288];
	size_t len = 0;

	for (size_t i = 0; i < DIRECTIVE_COUNT && len < sizeof(known); i++) {
		suggestion_offer(&suggestion, directives[i].name);
		len += (size_t)snprintf(known + len, sizeof(known) - len, " %s",
					directives[i].name);
	}
	if (suggestion.nearest)
		return parser_error(parser, word->at, "unknown directive '%s': did you mean '%s'?",
				    parser_shown(parser, word->at), suggestion.nearest);
	return parser_error(parser, word->at, "unknown directive '%s': one of%s",
			    parser_shown(parser, word->at), known);
}

static int parse_directive(struct parser *parser)
{
	const char *action;
	struct word word;
	int err = parser_word(parser, &word);

	if (err)
		return err;
	parser->in_block = false;
	for (size_t i = 0; i < DIRECTIVE_COUNT; i++) {
		if (strlen(directives[i].name) != word.len ||
		    memcmp(directives[i].name, word.text, word.len) != 0)
			continue;
		if (directives[i].once && parser->first_lines[i] != 0)
			return parser_error(parser, word.at,
					    "a second '%s': the first is in line %u",
					    directives[i].name, parser->first_lines[i]);
		if (directives[i].action && action_line(parser, &action))
			return parser_error(parser, word.at,
					    "'%s' beside the '%s' in line %u: a test has one",
					    directives[i].name, action,
					    action_line(parser, &action));
		parser->first_lines[i] = parser->line_number;
		return directives[i].parse(parser);
	}
	return unknown_directive(parser, &word);
}

/* Bytes that no text file has are errors here, once, so that every message and value is clean. */
static int check_bytes(struct parser *parser)
{
	for (size_t i = 0; i < parser->len;) {
		unsigned char c = (unsigned char)parser->line[i];
		size_t step = utf8_length(parser->line + i, parser->len - i);

		if (c == '\0')
			return parser_error(parser, i, "a NUL byte: this is not a text file");
		if (step == 0)
			return parser_error(parser, i,
					    "byte 0x%02x is not UTF-8: write \\x%02x in quotes", c,
					    c);
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return parser_error(parser, i,
					    "control character 0x%02x: write \\x%02x in quotes", c,
					    c);
		i += step;
	}
	return 0;
}

static int parse_line(struct parser *parser)
{
	int err = check_bytes(parser);

	if (err || parser_at_end(parser))
		return err;
	return parser->at == 0 ? parse_directive(parser) : parse_condition(parser);
}

static int parse_lines(struct parser *parser, const char *text, size_t len)
{
	size_t at = 0;
	int err = 0;

	while (at < len && !err) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line_len = end ? (size_t)(end - text) - at : len - at;

		parser->line = text + at;
		parser->len = line_len;
		parser->at = 0;
		parser->line_number++;
		at += line_len + 1;
		if (line_len > 0 && parser->line[line_len - 1] == '\r')
			parser->len--;
		if (parser->line_number > LINES_MAX)
			return parser_error(parser, 0, "more than %d lines", LINES_MAX);
		if (parser->len >= LINE_MAX_BYTES)
			return parser_error(parser, 0, "a line of %zu bytes: at most %d",
					    parser->len, LINE_MAX_BYTES - 1);
		err = parse_line(parser);
	}
	return err;
}

/*
 * Lines about objects need an object; without blocks there must be something else that is checked.
 */
static int check_probes(struct parser *parser)
{
	const struct draft *draft = parser->draft;
	const struct probe_part *probe = &draft->probe;

	if (probe->object_count == 0 &&
	    ((draft->block_count && !draft->listen.line) || probe->option_count ||
	     probe->isolated || probe->hold || probe->drops || probe->account_line ||
	     probe_has_external_lines(probe)))
		return parser_error(parser, 0, "the file has no 'probe' line");
	if (probe->order_field && probe->source_count == 0)
		return parser_error(parser, 0,
				    "'order' is for records that 'events' tells the struct of");
	if ((probe->object_count || draft->listen.line) && draft->block_count == 0 &&
	    !probe->account_line && probe->state_check_count == 0)
		return parser_error(parser, 0,
				    "the file expects and refuses nothing: it tests nothing");
	return 0;
}

/*
 * A missing line is an error of the whole file: line 1, column 1. A test without probes is decided
 * by its generator: it passes when that exits with 0.
 */
static int check_complete(struct parser *parser)
{
	const struct draft *draft = parser->draft;
	const char *action;
	int err;

	parser->line_number = 1;
	if (!action_line(parser, &action))
		return parser_error(parser, 0, "the file has no 'run', 'exec' or 'load' line");
	if (draft->program && draft->probe.object_count)
		return parser_error(parser, 0,
				    "'probe' beside 'exec': a test program has its own verdict");
	if (draft->load.pattern && draft->probe.object_count)
		return parser_error(parser, 0, "'probe' beside 'load': it names the objects");
	if (draft->format && !draft->program)
		return parser_error(parser, 0, "'format' is for what 'exec' starts");
	if (draft->columns && !draft->listen.line)
		return parser_error(parser, 0, "'format columns' is for what 'listen' starts");
	err = check_listening(parser);
	return err ? err : check_probes(parser);
}

int test_parse(const char *text, size_t len, struct test **test, struct parse_error *error)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	unsigned int first_lines[DIRECTIVE_COUNT] = { 0 };
	struct draft draft = { 0 };
	struct parser parser = { .error = error, .first_lines = first_lines, .draft = &draft };
	int err;

	*test = NULL;
	*error = (struct parse_error){ 0 };
	parser.test = calloc(1, sizeof(*parser.test));
	if (!parser.test)
		return -ENOMEM;
	parser.test->timeout_ms = TIMEOUT_DEFAULT_S * 1000;
	if (len >= strlen(byte_order_mark) &&
	    memcmp(text, byte_order_mark, strlen(byte_order_mark)) == 0) {
		text += strlen(byte_order_mark);
		len -= strlen(byte_order_mark);
	}
	err = parse_lines(&parser, text, len);
	if (!err)
		err = check_complete(&parser);
	if (!err)
		err = parse_references(&parser);
	if (err) {
		draft_free(&draft);
		test_free(parser.test);
		return err;
	}
	draft_finish(&draft, parser.test);
	*test = parser.test;
	return 0;
}
