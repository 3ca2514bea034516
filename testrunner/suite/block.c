/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser's expect and refuse lines. */
#include <errno.h>
#include <string.h>

#include "suite/parser.h"

#define COUNT_MAX 1000000

/* A name; in quotes, the name that an external program gives its events. */
static int parse_event_type(struct parser *parser, struct word *word)
{
	static const char what[] = "an event type, as in fork";

	if (!parser_at_end(parser) && parser->line[parser->at] == '"')
		return parser_need_word(parser, what, word);
	return parser_need_identifier(parser, what, word);
}

/* TYPE. The block is open for conditions from now on. */
static int open_block(struct parser *parser, enum block_kind kind)
{
	struct draft *draft = parser->draft;
	struct block *block;
	struct word word;
	int err = parse_event_type(parser, &word);

	if (err)
		return err;
	if (draft->block_count == WORDS_MAX)
		return parser_error(parser, word.at, "more than %d blocks", WORDS_MAX);
	block = GROW(draft->blocks, draft->block_count);
	if (!block)
		return -ENOMEM;
	block->kind = kind;
	block->line = parser->line_number;
	block->column = parser_column(parser, word.at);
	block->event_type = word.text;
	block->name = word.text;
	block->count = -1;
	parser->in_block = true;
	return 0;
}

static int parse_count(struct parser *parser, long *count)
{
	struct value number;
	size_t at;
	int err;

	*count = -1;
	if (parser_at_end(parser))
		return 0;
	at = parser->at;
	if (parser->line[at] != '-' && (parser->line[at] < '0' || parser->line[at] > '9'))
		return 0;
	err = parser_number(parser, &number);
	if (err)
		return err;
	if (number.kind == VALUE_UINT && number.u == 0)
		return parser_error(parser, at, "expect 0: to say that none may come, use refuse");
	if (number.kind != VALUE_UINT || number.u > COUNT_MAX)
		return parser_error(parser, at, "expected a number of events, 1 to %d", COUNT_MAX);
	*count = (long)number.u;
	return 0;
}

/* A block's name must be unique, or a reference to it would be ambiguous. */
static int check_name(struct parser *parser, const struct block *block, size_t at)
{
	const struct draft *draft = parser->draft;

	for (const struct block *other = draft->blocks; other < block; other++) {
		if (other->kind == BLOCK_EXPECT && strcmp(other->name, block->name) == 0)
			return parser_error(parser, at,
					    "'%s' is the name of the block in line %u: "
					    "tell them apart with 'as NAME'",
					    parser_shown(parser, at), other->line);
	}
	return 0;
}

int parse_expect(struct parser *parser)
{
	struct block *block;
	struct word word;
	long count;
	size_t at;
	int err = parse_count(parser, &count);

	if (err)
		return err;
	parser_at_end(parser);
	at = parser->at;
	err = open_block(parser, BLOCK_EXPECT);
	if (err)
		return err;
	block = &parser->draft->blocks[parser->draft->block_count - 1];
	block->count = count;
	err = parser_word(parser, &word);
	if (err)
		return err;
	if (word.text) {
		if (strcmp(word.text, "as") != 0)
			return parser_error(parser, word.at,
					    "unexpected '%s': expected 'as NAME' or nothing",
					    parser_shown(parser, word.at));
		err = parser_need_identifier(parser, "a name after 'as'", &word);
		if (err)
			return err;
		block->name = word.text;
		at = word.at;
	}
	err = check_name(parser, block, at);
	return err ? err : parser_expect_end(parser, "the name");
}

int parse_then(struct parser *parser)
{
	struct draft *draft = parser->draft;
	struct word word;
	bool earlier = false;
	int err = parser_need_word(parser, "'expect' after 'then'", &word);

	if (err)
		return err;
	if (strcmp(word.text, "expect") != 0)
		return parser_error(parser, word.at,
				    "unexpected '%s': expected 'expect' after 'then'",
				    parser_shown(parser, word.at));
	for (size_t i = 0; i < draft->block_count; i++)
		earlier |= draft->blocks[i].kind == BLOCK_EXPECT;
	if (!earlier)
		return parser_error(parser, 0, "'then' without an expect before it to come after");
	err = parse_expect(parser);
	if (!err)
		draft->blocks[draft->block_count - 1].ordered = true;
	return err;
}

int parse_refuse(struct parser *parser)
{
	int err = open_block(parser, BLOCK_REFUSE);

	return err ? err : parser_expect_end(parser, "the event type");
}
