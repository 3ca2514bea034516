/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parses the lines about external objects: the structs of a map's records, and the values expected
 * in maps, globals and iterators.
 */
#include <errno.h>
#include <string.h>

#include "suite/parser.h"

/* The name that begins at the cursor, up to the first byte that cannot belong to a name. */
static int read_name(struct parser *parser, const char *what, struct word *word)
{
	parser_at_end(parser);
	*word = (struct word){ .at = parser->at };
	if (parser->at == parser->len || !is_name_start(parser->line[parser->at]))
		return parser_error(parser, parser->at, "expected %s", what);
	while (parser->at < parser->len && is_name(parser->line[parser->at]))
		parser->at++;
	word->len = parser->at - word->at;
	word->text = parser_copy(parser, parser->line + word->at, word->len);
	return word->text ? 0 : -ENOMEM;
}

static bool next_is(struct parser *parser, char c)
{
	return !parser_at_end(parser) && parser->line[parser->at] == c;
}

/* [struct] NAME */
static int read_struct_name(struct parser *parser, struct event_struct *record)
{
	struct word word;
	int err = read_name(parser, "a struct's name", &word);

	if (!err && strcmp(word.text, "struct") == 0)
		err = read_name(parser, "a struct's name", &word);
	record->column = parser_column(parser, word.at);
	record->name = word.text;
	return err;
}

/* NUMBER NAME */
static int read_pair(struct parser *parser, struct event_source *source)
{
	struct event_struct *record;
	size_t at = parser->at;
	int err;

	if (source->struct_count == WORDS_MAX)
		return parser_error(parser, at, "more than %d structs", WORDS_MAX);
	record = GROW(source->structs, source->struct_count);
	if (!record)
		return -ENOMEM;
	err = parse_operand(parser, &record->number);
	if (err)
		return err;
	if (record->number.kind != OPERAND_LITERAL ||
	    (record->number.value.kind == VALUE_STRING && !record->number.bare))
		return parser_error(parser, at, "expected a number or an ENUMERATOR");
	return read_struct_name(parser, record);
}

/* by FIELD { NUMBER NAME ... } */
static int parse_union(struct parser *parser, struct event_source *source)
{
	struct word word;
	size_t start;
	int err;

	if (parser_at_end(parser))
		return parser_error(parser, parser->at, "expected the field that says which");
	err = parser_path(parser, &word);
	if (err)
		return err;
	source->field = word.text;
	source->field_column = parser_column(parser, word.at);
	if (!next_is(parser, '{'))
		return parser_error(parser, parser->at,
				    "expected structs, as in { 1 open_event  2 close_event }");
	start = parser->at++;
	while (!next_is(parser, '}')) {
		if (parser_at_end(parser))
			return parser_error(parser, start,
					    "these structs have no end: expected '}'");
		err = read_pair(parser, source);
		if (err)
			return err;
	}
	parser->at++;
	if (source->struct_count == 0)
		return parser_error(parser, start, "no structs: expected a number and a name");
	return parser_expect_end(parser, "the structs");
}

int parse_events(struct parser *parser)
{
	struct probe_part *probe = &parser->draft->probe;
	struct event_source *source;
	struct word map, word;
	int err = parser_need_identifier(parser, "a map, as in events", &map);

	if (err)
		return err;
	for (size_t i = 0; i < probe->source_count; i++) {
		if (strcmp(probe->sources[i].map, map.text) == 0)
			return parser_error(parser, map.at, "'%s' has its structs from line %u",
					    parser_shown(parser, map.at), probe->sources[i].line);
	}
	if (probe->source_count == WORDS_MAX)
		return parser_error(parser, map.at, "more than %d maps", WORDS_MAX);
	source = GROW(probe->sources, probe->source_count);
	if (!source)
		return -ENOMEM;
	source->line = parser->line_number;
	source->column = parser_column(parser, map.at);
	source->map = map.text;
	err = parser_word(parser, &word);
	if (err)
		return err;
	if (word.text && strcmp(word.text, "by") == 0)
		return parse_union(parser, source);
	if (!word.text || strcmp(word.text, "as") != 0)
		return parser_error(parser, word.text ? word.at : parser->at,
				    "expected 'as struct NAME' or 'by FIELD { NUMBER NAME ... }'");
	if (!GROW(source->structs, source->struct_count))
		return -ENOMEM;
	err = read_struct_name(parser, source->structs);
	return err ? err : parser_expect_end(parser, "the struct");
}

/* by FIELD */
int parse_order(struct parser *parser)
{
	struct probe_part *probe = &parser->draft->probe;
	struct word word;
	int err = parser_need_word(parser, "'by FIELD'", &word);

	if (err)
		return err;
	if (strcmp(word.text, "by") != 0 || parser_at_end(parser))
		return parser_error(parser, word.at, "expected 'by FIELD'");
	err = parser_path(parser, &word);
	if (err)
		return err;
	probe->order_field = word.text;
	probe->order_line = parser->line_number;
	probe->order_column = parser_column(parser, word.at);
	return parser_expect_end(parser, "the field");
}

static struct state_check *add_state_check(struct parser *parser, enum state_kind kind)
{
	struct probe_part *probe = &parser->draft->probe;
	struct state_check *check;

	parser_at_end(parser);
	check = GROW(probe->state_checks, probe->state_check_count);
	if (!check)
		return NULL;
	check->kind = kind;
	check->line = check->condition.line = parser->line_number;
	check->column = check->condition.column = parser_column(parser, parser->at);
	check->condition.text = parser_rest(parser, 0);
	check->condition.field = parser_copy(parser, "", 0);
	return check->condition.text && check->condition.field ? check : NULL;
}

/* OP VALUE. A value cannot be a field, because there is no event. */
static int read_comparison(struct parser *parser, struct state_check *check)
{
	const struct condition *condition = &check->condition;
	int err;

	if (parser->draft->probe.state_check_count > WORDS_MAX)
		return parser_error(parser, 0, "more than %d of these lines", WORDS_MAX);
	err = parse_comparison(parser, &check->condition);
	for (size_t i = 0; !err && i < condition->operand_count; i++) {
		if (condition->operands[i].kind != OPERAND_FIELD)
			continue;
		err = parse_error_set(parser->error, check->line, condition->operands[i].column,
				      "expected a number, \"text\", ENUMERATOR or $variable");
	}
	return err;
}

/* Is the word at the cursor an operator, followed by a value? */
static bool at_operator(struct parser *parser)
{
	enum comparison op;
	struct parser ahead = *parser;
	struct parse_error ignored;

	ahead.error = &ignored;
	if (parser_at_end(&ahead) || parse_operator(&ahead, false, &op))
		return false;
	/* A field may be called `in`. */
	if (ahead.at < ahead.len && strchr(".[", ahead.line[ahead.at]))
		return false;
	return parser_at_end(&ahead) || parse_operator(&ahead, false, &op);
}

/* NAME[KEY] FIELD OP VALUE */
int parse_map(struct parser *parser)
{
	struct state_check *check = add_state_check(parser, STATE_MAP);
	struct word word;
	size_t at;
	int err;

	if (!check)
		return -ENOMEM;
	err = read_name(parser, "a map and a key, as in counts[5]", &word);
	if (err)
		return err;
	check->name = word.text;
	if (!next_is(parser, '['))
		return parser_error(parser, parser->at, "expected a key, as in %.40s[5]",
				    check->name);
	parser->at++;
	parser_at_end(parser);
	at = parser->at;
	err = parse_operand(parser, &check->key);
	if (err)
		return err;
	if (check->key.kind == OPERAND_FIELD)
		return parser_error(parser, at,
				    "expected a key: a number, \"text\", ENUMERATOR or $variable");
	if (!next_is(parser, ']'))
		return parser_error(parser, parser->at, "expected ']' after the key");
	parser->at++;
	if (!parser_at_end(parser) && is_name_start(parser->line[parser->at]) &&
	    !at_operator(parser)) {
		check->condition.column = parser_column(parser, parser->at);
		err = parser_path(parser, &word);
		if (err)
			return err;
		check->condition.field = word.text;
	}
	return read_comparison(parser, check);
}

/* NAME.PATH OP VALUE */
int parse_global(struct parser *parser)
{
	struct state_check *check = add_state_check(parser, STATE_GLOBAL);
	struct word word;
	int err;

	if (!check)
		return -ENOMEM;
	if (parser_at_end(parser))
		return parser_error(parser, parser->at, "expected a global's name");
	err = parser_path(parser, &word);
	check->name = word.text;
	return err ? err : read_comparison(parser, check);
}

/* PROGRAM OP TEXT */
int parse_iter(struct parser *parser)
{
	struct state_check *check = add_state_check(parser, STATE_ITER);
	struct word word;
	int err;

	if (!check)
		return -ENOMEM;
	err = read_name(parser, "an iterator's program", &word);
	check->name = word.text;
	return err ? err : read_comparison(parser, check);
}

bool probe_has_external_lines(const struct probe_part *probe)
{
	return probe->source_count || probe->order_field || probe->state_check_count ||
	       probe->attachment_count;
}
