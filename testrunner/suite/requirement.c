/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser's requirements: requires KIND WHAT. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "suite/parser.h"

/* X.Y[.Z], each number below 65536. */
static int parse_version(struct parser *parser, struct requirement *requirement)
{
	struct word word;
	size_t parts = 0;
	const char *s;
	int err = parser_need_word(parser, "a kernel version, as in 5.10", &word);

	if (err)
		return err;
	requirement->name = word.text;
	for (s = word.text; parts < 3 && *s >= '0' && *s <= '9'; parts++) {
		unsigned int number = 0;

		for (; *s >= '0' && *s <= '9' && number < 65536; s++)
			number = number * 10 + (unsigned int)(*s - '0');
		if (number >= 65536)
			break;
		requirement->version[parts] = number;
		if (s[0] != '.' || s[1] < '0' || s[1] > '9' || parts == 2) {
			parts++;
			break;
		}
		s++;
	}
	if (*s != '\0' || parts < 2)
		return parser_error(parser, word.at,
				    "'%s' is not a kernel version: expected X.Y or X.Y.Z",
				    parser_shown(parser, word.at));
	return 0;
}

static int parse_kernel(struct parser *parser, struct requirement *requirement)
{
	int err;

	parser_at_end(parser);
	err = parse_operator(parser, true, &requirement->op);
	return err ? err : parse_version(parser, requirement);
}

static int parse_name(struct parser *parser, struct requirement *requirement)
{
	struct word word;
	int err = parser_need_word(parser, "the name of what is required", &word);

	requirement->name = word.text;
	return err;
}

static int parse_config(struct parser *parser, struct requirement *requirement)
{
	static const char prefix[] = "CONFIG_";
	struct word word;
	size_t len = 0;
	int err = parser_need_word(parser, "an option, as in CONFIG_BPF_LSM", &word);

	if (err)
		return err;
	while (is_name(word.text[len]))
		len++;
	if (strncmp(word.text, prefix, strlen(prefix)) != 0 || len == strlen(prefix) ||
	    (word.text[len] != '\0' && word.text[len] != '='))
		return parser_error(parser, word.at, "expected CONFIG_NAME or CONFIG_NAME=VALUE");
	requirement->name = word.text;
	if (word.text[len] == '=') {
		word.text[len] = '\0';
		requirement->value = word.text + len + 1;
	}
	return 0;
}

static int parse_path(struct parser *parser, struct requirement *requirement)
{
	struct word word;
	int err = parser_need_word(parser, "an absolute path", &word);

	if (err)
		return err;
	requirement->name = word.text;
	if (word.text[0] != '/')
		return parser_error(parser, word.at, "'%s' is not an absolute path",
				    parser_shown(parser, word.at));
	return 0;
}

static const struct kind_row {
	const char *text;
	enum requirement_kind kind;
	int (*parse)(struct parser *parser, struct requirement *requirement);
} kinds[] = {
	{ "kernel", REQUIRE_KERNEL, parse_kernel },
	{ "arch", REQUIRE_ARCH, parse_name },
	{ "function", REQUIRE_FUNCTION, parse_name },
	{ "type", REQUIRE_TYPE, parse_name },
	{ "program", REQUIRE_PROGRAM, parse_name },
	{ "map", REQUIRE_MAP, parse_name },
	{ "filesystem", REQUIRE_FILESYSTEM, parse_name },
	{ "lsm", REQUIRE_LSM, parse_name }, /* security modules */
	{ "config", REQUIRE_CONFIG, parse_config },
	{ "path", REQUIRE_PATH, parse_path },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static int unknown_kind(struct parser *parser, const struct word *word)
{
	struct suggestion suggestion = { .wanted = word->text };
	char known[128];
	size_t len = 0;

	for (size_t i = 0; i < KIND_COUNT; i++) {
		suggestion_offer(&suggestion, kinds[i].text);
		len += (size_t)snprintf(known + len, sizeof(known) - len, " %s", kinds[i].text);
	}
	if (suggestion.nearest)
		return parser_error(parser, word->at,
				    "unknown requirement '%s': did you mean '%s'?",
				    parser_shown(parser, word->at), suggestion.nearest);
	return parser_error(parser, word->at, "unknown requirement '%s': one of%s",
			    parser_shown(parser, word->at), known);
}

int parse_requirement(struct parser *parser)
{
	struct test *test = parser->test;
	struct requirement *requirement;
	struct word word;
	int err;

	parser_at_end(parser);
	if (test->requirement_count == WORDS_MAX)
		return parser_error(parser, parser->at, "more than %d requirements", WORDS_MAX);
	requirement = GROW(test->requirements, test->requirement_count);
	if (!requirement)
		return -ENOMEM;
	requirement->line = parser->line_number;
	requirement->text = parser_rest(parser, parser->at);
	if (!requirement->text)
		return -ENOMEM;
	err = parser_need_word(parser, "what is required, as in kernel >= 5.10", &word);
	if (err)
		return err;
	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (strcmp(word.text, kinds[i].text) != 0)
			continue;
		requirement->kind = kinds[i].kind;
		err = kinds[i].parse(parser, requirement);
		return err ? err : parser_expect_end(parser, "the requirement");
	}
	return unknown_kind(parser, &word);
}
