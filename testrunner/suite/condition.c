/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser's conditions: FIELD OP VALUE. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "suite/parser.h"

static const struct operator_row {
	const char *text;
	enum comparison op;
	bool orders; /* compares for order and equality: what versions can do */
} operators[] = {
	{ "==", OP_EQ, true },	 { "!=", OP_NE, true },	   { "<", OP_LT, true },
	{ "<=", OP_LE, true },	 { ">", OP_GT, true },	   { ">=", OP_GE, true },
	{ "~", OP_GLOB, false }, { "has", OP_HAS, false }, { "in", OP_IN_RANGE, false },
};

#define OPERATOR_COUNT (sizeof(operators) / sizeof(operators[0]))

/* Bare words that are values. */
static const struct keyword {
	const char *text;
	uint64_t value;
} keywords[] = { { "true", 1 }, { "false", 0 } };

static void list_operators(char *text, size_t size, bool ordering_only)
{
	size_t len = 0;

	for (size_t i = 0; i < OPERATOR_COUNT && len < size; i++) {
		if (operators[i].orders || !ordering_only)
			len += (size_t)snprintf(text + len, size - len, " %s", operators[i].text);
	}
}

int parse_operator(struct parser *parser, bool ordering_only, enum comparison *op)
{
	size_t start = parser->at, len = 0;
	const char *text = parser->line + start;
	char known[64];

	while (start + len < parser->len && strchr("=!<>~", text[len]))
		len++;
	while (len == 0 || (is_name_start(text[0]) && start + len < parser->len)) {
		if (start + len >= parser->len || !is_name(text[len]))
			break;
		len++;
	}
	for (size_t i = 0; i < OPERATOR_COUNT; i++) {
		if ((operators[i].orders || !ordering_only) && strlen(operators[i].text) == len &&
		    memcmp(operators[i].text, text, len) == 0) {
			*op = operators[i].op;
			parser->at += len;
			return 0;
		}
	}
	list_operators(known, sizeof(known), ordering_only);
	if (parser_at_end(parser))
		return parser_error(parser, parser->at, "expected an operator, one of%s", known);
	if (len == 0 || len > 20)
		return parser_error(parser, start, "unknown operator '%s': one of%s",
				    parser_shown(parser, start), known);
	return parser_error(parser, start, "unknown operator '%.*s': one of%s", (int)len, text,
			    known);
}

static bool is_enumerator(const char *text)
{
	bool letter = false;

	for (; *text; text++) {
		letter |= *text >= 'A' && *text <= 'Z';
		if (!(*text >= 'A' && *text <= 'Z') && !(*text >= '0' && *text <= '9') &&
		    *text != '_')
			return false;
	}
	return letter;
}

/*
 * A word without quotes. Paths that start with a block's name are resolved when all blocks are
 * known.
 */
static int parse_bare(struct parser *parser, struct operand *operand)
{
	struct word word;
	int err = parser_path(parser, &word);

	if (err)
		return err;
	operand->kind = OPERAND_LITERAL;
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcmp(word.text, keywords[i].text) == 0) {
			operand->value = value_from_uint(keywords[i].value);
			return 0;
		}
	}
	if (is_enumerator(word.text)) {
		operand->value = value_from_string(word.text, word.len);
		operand->bare = true;
		return 0;
	}
	operand->kind = OPERAND_FIELD;
	operand->path = word.text;
	return 0;
}

int parse_operand(struct parser *parser, struct operand *operand)
{
	struct word word;
	char first;
	int err;

	if (parser_at_end(parser))
		return parser_error(parser, parser->at,
				    "expected a value: a number, \"text\", $variable or a field");
	operand->column = parser_column(parser, parser->at);
	first = parser->line[parser->at];
	if (first == '"') {
		err = parser_quoted(parser, &word);
		if (!err)
			operand->value = value_from_string(word.text, word.len);
		return err;
	}
	if (first == '$') {
		parser->at++;
		err = parser_path(parser, &word);
		operand->kind = OPERAND_VARIABLE;
		operand->path = word.text;
		return err;
	}
	if (first == '-' || (first >= '0' && first <= '9'))
		return parser_number(parser, &operand->value);
	if (is_name_start(first))
		return parse_bare(parser, operand);
	return parser_error(parser, parser->at,
			    "unexpected '%s': expected a number, \"text\", $variable or a field",
			    parser_shown(parser, parser->at));
}

static int add_operand(struct parser *parser, struct condition *condition)
{
	struct operand *operand;

	if (condition->operand_count == WORDS_MAX)
		return parser_error(parser, parser->at, "more than %d values in one set",
				    WORDS_MAX);
	operand = GROW(condition->operands, condition->operand_count);
	return operand ? parse_operand(parser, operand) : -ENOMEM;
}

/* {A, B, ...}; the cursor is on the brace. */
static int parse_set(struct parser *parser, struct condition *condition)
{
	size_t start = parser->at++;
	int err;

	for (;;) {
		if (!parser_at_end(parser) && parser->line[parser->at] == '}' &&
		    condition->operand_count == 0)
			return parser_error(parser, start, "an empty set: nothing can be in it");
		err = add_operand(parser, condition);
		if (err)
			return err;
		if (parser_at_end(parser))
			return parser_error(parser, start,
					    "this set is never closed: expected '}'");
		switch (parser->line[parser->at++]) {
		case ',':
			continue;
		case '}':
			return 0;
		default:
			return parser_error(parser, parser->at - 1,
					    "unexpected '%s': expected ',' or '}'",
					    parser_shown(parser, parser->at - 1));
		}
	}
}

static bool is_literal_text(const struct operand *operand)
{
	return operand->kind == OPERAND_LITERAL && operand->value.kind == VALUE_STRING;
}

static int parse_range(struct parser *parser, struct condition *condition)
{
	size_t start = parser->at;
	const struct operand *low, *high;
	int err = add_operand(parser, condition);

	if (err)
		return err;
	if (parser_at_end(parser) || parser->len - parser->at < 2 ||
	    memcmp(parser->line + parser->at, "..", 2) != 0)
		return parser_error(parser, parser->at,
				    "expected '..' and the range's end, as in 1..9, "
				    "or a set, as in {1, 9}");
	parser->at += 2;
	err = add_operand(parser, condition);
	if (err)
		return err;
	low = &condition->operands[0];
	high = &condition->operands[1];
	if ((is_literal_text(low) && !low->bare) || (is_literal_text(high) && !high->bare))
		return parser_error(parser, start, "a range of text: ranges are of numbers");
	if (low->kind == OPERAND_LITERAL && high->kind == OPERAND_LITERAL &&
	    value_holds(&low->value, OP_GT, &high->value, 1) && !low->bare && !high->bare)
		return parser_error(parser, start,
				    "an empty range: its end is less than its start");
	return 0;
}

/* A line that holds for every event, or for none, is a mistake. */
static int check_operand(struct parser *parser, const struct condition *condition, size_t at)
{
	const struct operand *operand = &condition->operands[0];

	if (operand->kind != OPERAND_LITERAL)
		return 0;
	if (condition->op == OP_HAS && operand->value.kind == VALUE_UINT && operand->value.u == 0)
		return parser_error(parser, at,
				    "'has 0' always holds: use == for a number without bits");
	if (condition->op == OP_GLOB && !is_literal_text(operand))
		return parser_error(parser, at, "expected a pattern in quotes after '~'");
	return 0;
}

static int parse_values(struct parser *parser, struct condition *condition)
{
	size_t at;
	int err;

	if (condition->op == OP_IN_RANGE) {
		if (parser_at_end(parser))
			return parser_error(parser, parser->at,
					    "expected a range, as in 1..9, or a set, as in {1, 9}");
		if (parser->line[parser->at] != '{')
			return parse_range(parser, condition);
		condition->op = OP_IN_SET;
		return parse_set(parser, condition);
	}
	parser_at_end(parser);
	at = parser->at;
	err = add_operand(parser, condition);
	return err ? err : check_operand(parser, condition, at);
}

int parse_comparison(struct parser *parser, struct condition *condition)
{
	int err;

	parser_at_end(parser);
	err = parse_operator(parser, false, &condition->op);
	if (err)
		return err;
	err = parse_values(parser, condition);
	return err ? err : parser_expect_end(parser, "the condition");
}

int parse_condition(struct parser *parser)
{
	struct draft *draft = parser->draft;
	struct block *block;
	struct condition *condition;
	struct word word;
	int err;

	if (!parser->in_block)
		return parser_error(
			parser, parser->at,
			"an indented line is a condition: it belongs below expect or refuse");
	block = &draft->blocks[draft->block_count - 1];
	if (block->condition_count == WORDS_MAX)
		return parser_error(parser, parser->at, "more than %d conditions in one block",
				    WORDS_MAX);
	if (!is_name_start(parser->line[parser->at]))
		return parser_error(parser, parser->at,
				    "unexpected '%s': expected a field, as in child.tgid == 5",
				    parser_shown(parser, parser->at));
	condition = GROW(block->conditions, block->condition_count);
	if (!condition)
		return -ENOMEM;
	condition->line = parser->line_number;
	condition->column = parser_column(parser, parser->at);
	condition->text = parser_rest(parser, parser->at);
	if (!condition->text)
		return -ENOMEM;
	err = parser_path(parser, &word);
	if (err)
		return err;
	condition->field = word.text;
	return parse_comparison(parser, condition);
}

/*
 * The block that a path's first part names, an expect block if there are several; SIZE_MAX: none.
 */
static size_t named_block(const struct draft *draft, const char *path)
{
	size_t len = strcspn(path, ".["), refused = SIZE_MAX;

	for (size_t i = 0; i < draft->block_count; i++) {
		const struct block *block = &draft->blocks[i];

		if (strlen(block->name) != len || memcmp(block->name, path, len) != 0)
			continue;
		if (block->kind == BLOCK_EXPECT)
			return i;
		refused = i;
	}
	return refused;
}

static int reference_error(struct parser *parser, size_t from, size_t to,
			   const struct condition *condition, const struct operand *operand)
{
	const struct block *block = &parser->draft->blocks[to];
	const char *rest = operand->path + strlen(block->name);
	unsigned int line = condition->line, column = operand->column;

	if (rest[0] != '.')
		return parse_error_set(
			parser->error, line, column,
			"'%.60s' is a block: name one of its fields, as in %.60s.type", block->name,
			block->name);
	if (block->kind == BLOCK_REFUSE)
		return parse_error_set(parser->error, line, column,
				       "'%.60s' belongs to a refuse block, which matches no event",
				       block->name);
	if (to == from)
		return parse_error_set(
			parser->error, line, column,
			"'%.60s' is this block itself: write '%.60s' for a field of the same event",
			block->name, rest + 1);
	if (to > from)
		return parse_error_set(
			parser->error, line, column,
			"'%.60s' comes later, in line %u: only an earlier block can be referred to",
			block->name, block->line);
	return parse_error_set(
		parser->error, line, column,
		"'%.60s' stands for %ld events: only a single event can be referred to",
		block->name, block->count);
}

static int parse_reference(struct parser *parser, size_t from, const struct condition *condition,
			   struct operand *operand)
{
	struct draft *draft = parser->draft;
	size_t to = named_block(draft, operand->path);
	const char *rest;

	if (to == SIZE_MAX)
		return 0;
	rest = operand->path + strlen(draft->blocks[to].name);
	if (rest[0] == '.' && to < from && draft->blocks[to].kind == BLOCK_EXPECT &&
	    draft->blocks[to].count <= 1) {
		operand->kind = OPERAND_EVENT_FIELD;
		operand->block = to;
		operand->path += strlen(draft->blocks[to].name) + 1;
		return 0;
	}
	return reference_error(parser, from, to, condition, operand);
}

int parse_references(struct parser *parser)
{
	struct draft *draft = parser->draft;

	for (size_t i = 0; i < draft->block_count; i++) {
		const struct block *block = &draft->blocks[i];

		for (size_t c = 0; c < block->condition_count; c++) {
			struct condition *condition = &block->conditions[c];

			for (size_t o = 0; o < condition->operand_count; o++) {
				struct operand *operand = &condition->operands[o];
				int err = operand->kind == OPERAND_FIELD ?
						  parse_reference(parser, i, condition, operand) :
						  0;

				if (err)
					return err;
			}
		}
	}
	return 0;
}
