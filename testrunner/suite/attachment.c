/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The .test parser's `attach PROGRAM to KIND TARGET...`. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "suite/parser.h"

#define HZ_MAX 10000

static const char *const directions[] = { "ingress", "egress", NULL };

/* The words after a kind's name: one per part of `shape`. */
static const struct target_row {
	const char *name;
	const char *example;
	size_t words;			/* after the kind */
	size_t parts;			/* of the first word, between colons; 0: it is one part */
	const char *const *second_word; /* what it can be */
	bool number;			/* the first word is one */
} rows[] = {
	[TARGET_NOTHING] = { .name = "nothing", .example = "" },
	[TARGET_KPROBE] = { .name = "kprobe", .example = " do_unlinkat", .words = 1 },
	[TARGET_KRETPROBE] = { .name = "kretprobe", .example = " do_unlinkat", .words = 1 },
	[TARGET_TRACEPOINT] = { .name = "tracepoint",
				.example = " sched:sched_process_exec",
				.words = 1,
				.parts = 2 },
	[TARGET_RAW_TRACEPOINT] = { .name = "raw_tracepoint", .example = " sys_enter", .words = 1 },
	[TARGET_UPROBE] = { .name = "uprobe", .example = " PATH:SYMBOL", .words = 1, .parts = 2 },
	[TARGET_URETPROBE] = { .name = "uretprobe",
			       .example = " PATH:SYMBOL",
			       .words = 1,
			       .parts = 2 },
	[TARGET_USDT] = { .name = "usdt",
			  .example = " PATH:PROVIDER:NAME",
			  .words = 1,
			  .parts = 3 },
	[TARGET_CGROUP] = { .name = "cgroup", .example = " /sys/fs/cgroup", .words = 1 },
	[TARGET_TC] = { .name = "tc",
			.example = " lo ingress",
			.words = 2,
			.second_word = directions },
	[TARGET_TCX] = { .name = "tcx",
			 .example = " lo ingress",
			 .words = 2,
			 .second_word = directions },
	[TARGET_XDP] = { .name = "xdp", .example = " lo", .words = 1 },
	[TARGET_PERF_EVENT] = { .name = "perf_event",
				.example = " 99",
				.words = 1,
				.number = true },
	[TARGET_STRUCT_OPS] = { .name = "struct_ops", .example = "" },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static int unknown_kind(struct parser *parser, const struct word *word)
{
	struct suggestion suggestion = { .wanted = word->text };
	char known[200];
	size_t len = 0;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		suggestion_offer(&suggestion, rows[i].name);
		len += (size_t)snprintf(known + len, sizeof(known) - len, " %s", rows[i].name);
	}
	if (suggestion.nearest)
		return parser_error(parser, word->at, "unknown '%s': did you mean '%s'?",
				    parser_shown(parser, word->at), suggestion.nearest);
	return parser_error(parser, word->at, "unknown '%s': one of%s",
			    parser_shown(parser, word->at), known);
}

static int bad_target(struct parser *parser, size_t at, const struct target_row *row)
{
	return parser_error(parser, at, "expected '%s%s'", row->name, row->example);
}

/* Split at the last colons, because a path may contain colons. */
static int split(struct parser *parser, const struct target_row *row, const struct word *word,
		 struct attachment *attachment)
{
	attachment->target[0] = word->text;
	for (size_t part = row->parts; part > 1; part--) {
		char *colon = strrchr(word->text, ':');

		if (!colon || colon == word->text || colon[1] == '\0')
			return bad_target(parser, word->at, row);
		*colon = '\0';
		attachment->target[part - 1] = colon + 1;
	}
	return 0;
}

static int read_first(struct parser *parser, const struct target_row *row,
		      struct attachment *attachment)
{
	struct value number;
	struct word word;
	int err = parser_word(parser, &word);

	if (err)
		return err;
	if (!word.text || word.len == 0 || memchr(word.text, '\0', word.len))
		return bad_target(parser, word.text ? word.at : parser->at, row);
	if (!row->number)
		return split(parser, row, &word, attachment);
	if (value_parse_number(word.text, word.len, &number) || number.kind != VALUE_UINT ||
	    number.u < 1 || number.u > HZ_MAX)
		return parser_error(parser, word.at, "expected times a second, 1 to %d", HZ_MAX);
	attachment->number = number.u;
	return 0;
}

static int read_second(struct parser *parser, const struct target_row *row,
		       struct attachment *attachment)
{
	struct word word;
	int err = parser_word(parser, &word);

	for (size_t i = 0; !err && word.text && row->second_word[i]; i++) {
		if (strcmp(row->second_word[i], word.text) == 0)
			attachment->target[1] = word.text;
	}
	if (!err && !attachment->target[1])
		return bad_target(parser, word.text ? word.at : parser->at, row);
	return err;
}

int parse_attach(struct parser *parser)
{
	struct probe_part *probe = &parser->draft->probe;
	struct attachment *attachment;
	const struct target_row *row = NULL;
	struct word word;
	int err = parser_need_identifier(parser, "a program", &word);

	if (err)
		return err;
	if (probe->attachment_count == WORDS_MAX)
		return parser_error(parser, word.at, "more than %d attachments", WORDS_MAX);
	attachment = GROW(probe->attachments, probe->attachment_count);
	if (!attachment)
		return -ENOMEM;
	attachment->line = parser->line_number;
	attachment->column = parser_column(parser, word.at);
	attachment->program = word.text;
	err = parser_need_word(parser, "'to' and a target, as in 'to kprobe do_unlinkat'", &word);
	if (!err && strcmp(word.text, "to") != 0)
		err = parser_error(parser, word.at, "unexpected '%s': expected 'to'",
				   parser_shown(parser, word.at));
	if (!err)
		err = parser_need_word(parser, "a target, as in 'kprobe do_unlinkat'", &word);
	if (err)
		return err;
	attachment->text = parser_rest(parser, word.at);
	if (!attachment->text)
		return -ENOMEM;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (strcmp(rows[i].name, word.text) == 0)
			row = &rows[i];
	}
	if (!row)
		return unknown_kind(parser, &word);
	attachment->kind = (enum target_kind)(row - rows);
	if (row->words > 0)
		err = read_first(parser, row, attachment);
	if (!err && row->words > 1)
		err = read_second(parser, row, attachment);
	return err ? err : parser_expect_end(parser, "the target");
}
