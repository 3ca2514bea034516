// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Parses and checks the options of run-tests; those of run-kernel are checked before any kernel runs. */
#include "host/machine/plan_options.h"

#include <stdlib.h>
#include <string.h>

#include "host/machine/message.h"
#include "host/machine/option.h"

static const struct row {
	const char *name, *letter;
	enum option_kind kind;
	bool pass;     /* run-kernel is given it, too */
	size_t offset; /* in struct plan_options: a bool, a text, a number or texts; 0: nowhere */
} rows[] = {
#define AT(member) offsetof(struct plan_options, member)
	{ "--tree", "-d", SPECS, false, AT(trees) },
	{ "--mainline", "-m", MAINLINE, false, AT(archives) },
	{ "--jobs", "-j", NUMBER, false, AT(jobs) },
	{ "--hosts", NULL, TEXT, false, AT(hosts) },
	{ "--matrix", NULL, TEXT, false, AT(matrix) },
	{ "--shard", NULL, TEXT, false, AT(shard) },
	{ "--resume", NULL, FLAG, false, AT(resume) },
	{ "--fail-fast", NULL, FLAG, false, AT(fail_fast) },
	{ "--list", NULL, FLAG, false, AT(list) },
	{ "--suite", NULL, TEXT, false, AT(suite) },
	{ "--results", NULL, TEXT, false, AT(results) },
	{ "--baseline", NULL, TEXT, false, AT(baseline) },
	{ "--baseline-percent", NULL, TEXT, false, AT(percent) },
	{ "--fail-on-regression", NULL, FLAG, false, AT(fail_on_regression) },
	{ "--accel", NULL, ACCEL, true, AT(accel) },
	{ "--filter", NULL, TEXT, true, AT(filter) },
	{ "--timeout", NULL, NUMBER, true, AT(timeout) },
	{ "--boot-timeout", NULL, NUMBER, true, AT(boot_timeout) },
	{ "--memory", NULL, NUMBER, true, AT(memory) },
	{ "--cpus", NULL, NUMBER, true, 0 },
	{ "--attach", NULL, ATTACH, true, 0 },
	{ "--kernel-args", NULL, KERNEL_ARGS, true, 0 },
	{ "--env", NULL, ENV, true, 0 },
	{ "--collect", NULL, COLLECT, true, 0 },
	{ "--root", NULL, ROOT, true, AT(root) },
	{ "--events", NULL, FLAG, true, 0 },
	{ "--cold", NULL, FLAG, true, 0 },
	{ "--warm", NULL, FLAG, true, 0 },
};

void plan_options_shard(const char *text, long *index, long *count)
{
	const char *slash = strchr(text, '/');
	char *first;

	if (!slash)
		usage_error("--shard %s: must be I/N, e.g. 1/4", text);
	first = text_new("%.*s", (int)(slash - text), text);
	*count = option_number("--shard", slash + 1, 1);
	*index = option_number("--shard", first, 1);
	free(first);
	if (*index > *count)
		usage_error("--shard %s: there are only %ld", text, *count);
}

/* Returns the value as run-kernel is to have it. */
static const char *check_value(const struct row *row, const char *value)
{
	option_check(row->kind, row->name, value);
	return row->kind == ROOT ? realpath(value, NULL) : value;
}

static void store(struct plan_options *options, const struct row *row, const char *value)
{
	void *at = (char *)options + row->offset;

	value = value ? check_value(row, value) : NULL;
	options->collect |= row->kind == COLLECT;
	if (row->pass && row->kind != ACCEL) {
		texts_add(&options->pass, row->name);
		if (value)
			texts_add(&options->pass, value);
	}
	if (!row->offset)
		return;
	if (row->kind == FLAG)
		*(bool *)at = true;
	else if (row->kind == NUMBER)
		*(long *)at = atol(value);
	else if (row->kind == SPECS || row->kind == MAINLINE)
		texts_add(at, value);
	else
		*(const char **)at = value;
}

/* The row of an option; *value is what stands in the same word, as in -j4. */
static const struct row *find_row(const char *word, const char **value)
{
	*value = NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *letter = rows[i].letter;

		if (!strcmp(word, rows[i].name) || (letter && !strcmp(word, letter)))
			return &rows[i];
		if (letter && rows[i].kind != MAINLINE && !strncmp(word, letter, 2)) {
			*value = word + 2;
			return &rows[i];
		}
	}
	usage_error("%s: unknown option", word);
}

/* The archive after -m may be left out. */
static bool is_archive(const char *word)
{
	const char *name = word && strrchr(word, '/') ? strrchr(word, '/') : word;
	const char *end = name ? strstr(name, ".tar") : NULL;

	return end && (!end[4] || strstr(name, ".tar.")) && *word != '-';
}

void plan_options_parse(struct plan_options *options, char **argv)
{
	while (*++argv) {
		const char *word = *argv, *value;
		const struct row *row;

		if (word[0] != '-') {
			texts_add(&options->specs, word);
			continue;
		}
		row = find_row(word, &value);
		if (row->kind == MAINLINE)
			value = is_archive(argv[1]) ? *++argv : "mainline-kernels.tar";
		else if (row->kind != FLAG && !value && !argv[1])
			usage_error("%s needs a value", word);
		else if (row->kind != FLAG && !value)
			value = *++argv;
		store(options, row, value);
	}
	if (options->shard) {
		long index, count;

		plan_options_shard(options->shard, &index, &count);
	}
	if (!options->baseline && (options->percent || options->fail_on_regression))
		usage_error("--baseline-percent and --fail-on-regression are for --baseline");
	if (options->percent)
		option_number("--baseline-percent", options->percent, 0);
	if (options->hosts && options->root)
		usage_error("--root: not with --hosts; the other hosts do not have it");
}
