/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser's lines about a program that prints events. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "suite/parser.h"

#define SETTLE_DEFAULT_MS 1000

static const struct signal_row {
	const char *name;
	int number;
} signals[] = {
	{ "SIGINT", SIGINT },	{ "SIGTERM", SIGTERM }, { "SIGHUP", SIGHUP },
	{ "SIGQUIT", SIGQUIT }, { "SIGUSR1", SIGUSR1 }, { "SIGUSR2", SIGUSR2 },
	{ "SIGKILL", SIGKILL },
};

#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

int parse_listen(struct parser *parser)
{
	struct listen_part *listen = &parser->draft->listen;

	listen->line = parser->line_number;
	return parse_command(parser, "a program that prints events, and its arguments",
			     &listen->argv, &listen->column);
}

/* The fixed second word of a directive. */
static int parse_particle(struct parser *parser, const char *wanted)
{
	struct word word;
	char what[32];
	int err;

	snprintf(what, sizeof(what), "'%s'", wanted);
	err = parser_need_word(parser, what, &word);
	if (err || strcmp(word.text, wanted) == 0)
		return err;
	return parser_error(parser, word.at, "unexpected '%s': expected %s",
			    parser_shown(parser, word.at), what);
}

/* from FIELD, or is NAME. */
int parse_type(struct parser *parser)
{
	struct listen_part *listen = &parser->draft->listen;
	struct word word;
	int err = parser_need_word(parser, "'from FIELD' or 'is NAME'", &word);

	if (err)
		return err;
	if (strcmp(word.text, "from") == 0) {
		err = parser_need_word(parser, "the field that says an event's type", &word);
		listen->type_field = word.text;
	} else if (strcmp(word.text, "is") == 0) {
		err = parser_need_word(parser, "the type of all events", &word);
		listen->type_name = word.text;
	} else {
		return parser_error(parser, word.at,
				    "unexpected '%s': expected 'from FIELD' or 'is NAME'",
				    parser_shown(parser, word.at));
	}
	return err ? err : parser_expect_end(parser, "the type");
}

int parse_ready(struct parser *parser)
{
	struct word word;
	int err = parse_particle(parser, "when");

	if (err)
		return err;
	if (parser_at_end(parser) || parser->line[parser->at] != '"')
		return parser_error(parser, parser->at,
				    "expected a pattern in quotes, as in \"*probes attached*\"");
	err = parser_need_word(parser, "a pattern", &word);
	if (err)
		return err;
	parser->draft->listen.ready = word.text;
	return parser_expect_end(parser, "the pattern");
}

int parse_stop(struct parser *parser)
{
	struct word word;
	char known[96];
	size_t len = 0;
	int err = parse_particle(parser, "with");

	if (!err)
		err = parser_need_word(parser, "a signal, as in SIGTERM", &word);
	if (err)
		return err;
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		if (strcmp(word.text, signals[i].name) == 0) {
			parser->draft->listen.stop_signal = signals[i].number;
			parser->draft->listen.stop_name = signals[i].name;
			return parser_expect_end(parser, "the signal");
		}
		len += (size_t)snprintf(known + len, sizeof(known) - len, " %s", signals[i].name);
	}
	return parser_error(parser, word.at, "unknown signal '%s': one of%s",
			    parser_shown(parser, word.at), known);
}

int parse_settle(struct parser *parser)
{
	return parse_seconds(parser, 1, "time to settle", &parser->draft->listen.settle_ms);
}

int check_listening(struct parser *parser)
{
	const struct draft *draft = parser->draft;
	struct listen_part *listen = &parser->draft->listen;
	bool typed = listen->type_field || listen->type_name;

	if (listen->line == 0) {
		if (!typed && !listen->ready && !listen->stop_signal && !listen->settle_ms)
			return 0;
		return parser_error(parser, 0, "the file has no 'listen' line");
	}
	if (!typed)
		return parser_error(parser, 0,
				    "the file has no 'type' line: 'type from FIELD' names the "
				    "field that says an event's type");
	if (draft->program)
		return parser_error(parser, 0,
				    "'listen' beside 'exec': a test program has its own verdict");
	if (draft->load.pattern)
		return parser_error(parser, 0,
				    "'listen' beside 'load': loading objects makes no events");
	if (draft->probe.object_count)
		return parser_error(parser, 0,
				    "'probe' and 'listen': events come from one or the other");
	if (listen->stop_signal == 0) {
		listen->stop_signal = signals[0].number;
		listen->stop_name = signals[0].name;
	}
	if (listen->settle_ms == 0)
		listen->settle_ms = SETTLE_DEFAULT_MS;
	return 0;
}
