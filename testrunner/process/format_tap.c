// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * TAP 14 (https://testanything.org/tap-version-14-specification.html), 13, and what came before.
 * Whatever could hide a test that failed or did not run is a problem: no plan, two plans, a plan
 * that does not add up, a number twice, a subtest without a result in its parent.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/program_output.h"

#define DEPTH_MAX    16
#define INDENT	     4
#define VERSION_LAST 14
#define NAME_SIZE    (2 * SUBTEST_NAME_MAX)

/* A document: the whole output, or a subtest's, indented. */
struct level {
	char name[NAME_SIZE]; /* "# Subtest: NAME" */
	bool has_plan;
	size_t plan, plan_at;			     /* points before it */
	size_t count;				     /* points */
	size_t highest;				     /* of their numbers */
	size_t first;				     /* of its points in the list */
	unsigned char numbers[SUBTESTS_MAX / 8 + 1]; /* that were seen, a bit each */
};

struct tap {
	struct level levels[DEPTH_MAX];
	size_t depth; /* of the innermost document that is open */
	unsigned long version;
	bool bailed;
	bool has_last, may_have_yaml;
	size_t last, last_depth; /* the point that came last, in the list */
	size_t yaml;		 /* indentation of the block that is open, or 0 */
	char next_name[NAME_SIZE];
};

static bool is_blank_or_end(char c)
{
	return c == '\0' || c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* The name of a document in messages. */
static const char *where(const struct tap *tap, size_t depth)
{
	static char text[NAME_SIZE + 16];
	const char *name = tap->levels[depth].name;

	if (depth == 0)
		return "";
	snprintf(text, sizeof(text), "subtest %s: ", name[0] ? name : "without a name");
	return text;
}

/* "1..5": returns what follows, NULL: it is no plan. */
static const char *plan_read(const char *text, size_t *plan)
{
	char *end;

	if (!line_starts(text, "1..") || !isdigit((unsigned char)text[3]))
		return NULL;
	*plan = strtoul(text + 3, &end, 10);
	return is_blank_or_end(*end) ? end : NULL;
}

/* "ok", "not ok": returns what follows, NULL: it is no point. */
static const char *point_read(const char *text, bool *ok)
{
	*ok = !line_starts(text, "not ");
	if (!*ok)
		text = skip_blanks(text + strlen("not "));
	return line_starts(text, "ok") && is_blank_or_end(text[2]) ? text + 2 : NULL;
}

/* "# WORD reason": returns the reason; "# SKIPPED" also counts. */
static const char *directive_read(const char *text, const char *word)
{
	text = skip_blanks(text + 1);
	if (strncasecmp(text, word, strlen(word)) != 0)
		return NULL;
	text += strlen(word);
	if (strncasecmp(text, "ped", 3) == 0)
		text += 3;
	if (isalnum((unsigned char)*text) || *text == '_')
		return NULL;
	return text + strspn(text, ": \t-");
}

/*
 * The description without its escapes, up to a directive, whose reason goes to *skip or *todo.
 * Returns its length.
 */
static size_t description_read(const char *text, char name[NAME_SIZE], const char **skip,
			       const char **todo)
{
	const char *start = skip_blanks(text);
	size_t len = 0;

	if (start[0] == '-' && is_blank_or_end(start[1]))
		start = skip_blanks(start + 1);
	for (const char *at = start; *at && !*skip && !*todo; at++) {
		if (*at == '#' && (at == start || is_blank_or_end(at[-1]))) {
			*skip = directive_read(at, "skip");
			*todo = directive_read(at, "todo");
			if (*skip || *todo)
				break;
		}
		if (*at == '\\' && (at[1] == '#' || at[1] == '\\'))
			at++;
		if (len < NAME_SIZE - 1)
			name[len++] = *at;
	}
	while (len && is_blank_or_end(name[len - 1]))
		len--;
	name[len] = '\0';
	return len;
}

/* A document is at its end. */
static void check_level(const struct tap *tap, size_t depth, struct subtests *subtests)
{
	const struct level *level = &tap->levels[depth];

	if (!level->has_plan && depth == 0 && level->count == 0 && !tap->version)
		subtests_problem(subtests, "it printed no TAP");
	else if (!level->has_plan)
		subtests_problem(subtests, "%sno plan", where(tap, depth));
	else if (level->plan != level->count)
		subtests_problem(subtests, "%sthe plan is of %zu tests, but %zu came",
				 where(tap, depth), level->plan, level->count);
	else if (level->highest > level->plan)
		subtests_problem(subtests, "%stest %zu is beyond the plan of %zu",
				 where(tap, depth), level->highest, level->plan);
}

/* Documents deeper than `depth` that nothing can end any more. */
static void drop_levels(struct tap *tap, size_t depth, struct subtests *subtests)
{
	for (; tap->depth > depth; tap->depth--) {
		const struct level *level = &tap->levels[tap->depth];

		check_level(tap, tap->depth, subtests);
		subtests_problem(subtests, "%sits parent has no result for it",
				 where(tap, tap->depth));
		if (level->name[0])
			subtests_prefix(subtests, level->first, level->name);
	}
}

/* The innermost document's point in its parent has come, which names it, and may forgive it. */
static void close_level(struct tap *tap, struct subtests *subtests, const char *name, bool todo)
{
	const struct level *level = &tap->levels[tap->depth];

	check_level(tap, tap->depth, subtests);
	for (size_t i = level->first; todo && i < subtests->count; i++) {
		if (subtests->items[i].outcome == SUBTEST_FAIL) {
			subtest_decide(subtests, i, SUBTEST_SKIP);
			subtest_reason(subtests, i, "TODO", strlen("TODO"));
		}
	}
	subtests_prefix(subtests, level->first, name);
	tap->depth--;
}

static void take_plan(struct tap *tap, size_t plan, const char *rest, struct subtests *subtests)
{
	struct level *level = &tap->levels[tap->depth];
	const char *comment = strchr(rest, '#');
	const char *reason = comment ? directive_read(comment, "skip") : NULL;

	if (level->has_plan)
		subtests_problem(subtests, "%sa second plan", where(tap, tap->depth));
	level->has_plan = true;
	level->plan = plan;
	level->plan_at = level->count;
	if (plan > 0 || tap->depth > 0)
		return;
	subtests_say(subtests->none, sizeof(subtests->none), "its plan is 1..0");
	if (reason)
		subtests_say(subtests->skip_all, sizeof(subtests->skip_all), "%s",
			     *reason ? reason : "its plan is 1..0 # SKIP, without a reason");
}

/* A point's number, if it has one. Returns what follows. */
static const char *take_number(struct tap *tap, size_t depth, const char *text,
			       struct subtests *subtests)
{
	struct level *level = &tap->levels[depth];
	size_t number = level->count;
	char *end = NULL;

	if (isdigit((unsigned char)*skip_blanks(text))) {
		size_t given = strtoul(text, &end, 10);

		if (is_blank_or_end(*end)) {
			number = given;
			text = end;
		}
	}
	if (number == 0)
		subtests_problem(subtests, "%sa test of number 0", where(tap, depth));
	if (number > level->highest)
		level->highest = number;
	if (number > SUBTESTS_MAX)
		return text;
	if (level->numbers[number / 8] & 1 << number % 8)
		subtests_problem(subtests, "%stest %zu comes twice", where(tap, depth), number);
	level->numbers[number / 8] |= (unsigned char)(1 << number % 8);
	return text;
}

static void take_point(struct tap *tap, size_t depth, bool ok, const char *text,
		       struct subtests *subtests)
{
	struct level *level = &tap->levels[depth];
	const char *skip = NULL, *todo = NULL;
	char name[NAME_SIZE];
	size_t len;

	drop_levels(tap, depth + 1, subtests);
	tap->next_name[0] = '\0';
	if (level->has_plan && level->plan_at)
		subtests_problem(subtests, "%sthe plan stands between tests", where(tap, depth));
	level->count++;
	text = take_number(tap, depth, text, subtests);
	len = description_read(text, name, &skip, &todo);
	if (len == 0 && tap->depth > depth)
		len = (size_t)sprintf(name, "%s", tap->levels[depth + 1].name);
	if (len == 0)
		len = (size_t)sprintf(name, "%zu", level->count);
	if (tap->depth > depth)
		close_level(tap, subtests, name, todo);
	tap->last = subtest_add(subtests, name, len);
	tap->last_depth = depth;
	tap->has_last = tap->may_have_yaml = true;
	if (!skip && (!todo || ok)) {
		subtest_decide(subtests, tap->last, ok ? SUBTEST_PASS : SUBTEST_FAIL);
		return;
	}
	subtest_decide(subtests, tap->last, SUBTEST_SKIP);
	len = (size_t)snprintf(name, sizeof(name), "%s%s%s", skip ? "" : "TODO",
			       !skip && *todo ? ": " : "", skip ? skip : todo);
	subtest_reason(subtests, tap->last, name, len < sizeof(name) ? len : sizeof(name) - 1);
}

static void note(const struct tap *tap, const char *text, struct subtests *subtests)
{
	if (tap->has_last && tap->last != SUBTEST_NONE &&
	    subtests->items[tap->last].outcome == SUBTEST_FAIL)
		subtest_note(subtests, tap->last, text, strlen(text));
}

/* Returns true when the line is one of a YAML block. */
static bool take_yaml(struct tap *tap, const char *line, size_t indent, struct subtests *subtests)
{
	const char *text = line + tap->yaml;
	double ms;

	if (indent < tap->yaml && line[indent]) {
		subtests_problem(subtests, "YAML diagnostics without an end");
		tap->yaml = 0;
		return false;
	}
	if (indent < tap->yaml)
		text = "";
	if (indent == tap->yaml && strcmp(text, "...") == 0) {
		tap->yaml = 0;
		return true;
	}
	if (tap->last != SUBTEST_NONE && sscanf(text, "duration_ms: %lf", &ms) == 1 && ms >= 0 &&
	    ms < 1e12)
		subtests->items[tap->last].duration_ms = (int64_t)ms;
	note(tap, text, subtests);
	return true;
}

/* May a line of TAP, that is indented once more than the innermost document, begin another? */
static bool open_level(struct tap *tap, bool is_point, struct subtests *subtests)
{
	struct level *level = &tap->levels[tap->depth + 1];

	/* Before version 14 output of any kind may be indented. */
	if (is_point && !tap->next_name[0] && tap->version < VERSION_LAST)
		return false;
	if (tap->depth + 1 == DEPTH_MAX) {
		subtests_problem(subtests, "subtests are nested deeper than %d", DEPTH_MAX - 1);
		return false;
	}
	*level = (struct level){ .first = subtests->count };
	strcpy(level->name, tap->next_name);
	tap->next_name[0] = '\0';
	tap->depth++;
	return true;
}

/* "# Subtest: NAME" stands before its document, or is the first line of it. */
static void take_comment(struct tap *tap, size_t depth, const char *text, struct subtests *subtests)
{
	const char *name = skip_blanks(text + 1);

	if (!line_starts(name, "Subtest:")) {
		note(tap, text, subtests);
		return;
	}
	subtests_say(tap->next_name, sizeof(tap->next_name), "%s",
		     skip_blanks(name + strlen("Subtest:")));
	if (depth == tap->depth + 1)
		open_level(tap, false, subtests);
}

static void take_version(struct tap *tap, const char *text, struct subtests *subtests)
{
	unsigned long version = strtoul(text, NULL, 10);

	if (version < 12 || version > VERSION_LAST)
		subtests_problem(subtests, "TAP version %s is not known: up to %d is", text,
				 VERSION_LAST);
	tap->version = version;
}

/* A line of TAP, without its indentation. */
static void take_line(struct tap *tap, size_t depth, const char *text, struct subtests *subtests)
{
	static const char version[] = "TAP version ";
	const char *rest;
	size_t plan;
	bool ok;

	if (*text == '#') {
		take_comment(tap, depth, text, subtests);
	} else if (line_starts(text, "Bail out!")) {
		rest = skip_blanks(text + strlen("Bail out!"));
		subtests_problem(subtests, "Bail out!%s%s", *rest ? " " : "", rest);
		tap->bailed = true;
	} else if (line_starts(text, version)) {
		if (depth == 0)
			take_version(tap, text + strlen(version), subtests);
		else if (depth == tap->depth + 1)
			open_level(tap, false, subtests);
	} else if ((rest = plan_read(text, &plan))) {
		if (depth == tap->depth ||
		    (depth == tap->depth + 1 && open_level(tap, false, subtests)))
			take_plan(tap, plan, rest, subtests);
		else if (depth < tap->depth) {
			drop_levels(tap, depth, subtests);
			take_plan(tap, plan, rest, subtests);
		}
	} else if ((rest = point_read(text, &ok))) {
		if (depth <= tap->depth ||
		    (depth == tap->depth + 1 && open_level(tap, true, subtests)))
			take_point(tap, depth, ok, rest, subtests);
	}
}

static void tap_line(void *state, struct subtests *subtests, const char *line, size_t len)
{
	struct tap *tap = state;
	size_t indent = strspn(line, " ");
	bool may_have_yaml = tap->may_have_yaml;

	(void)len;
	tap->may_have_yaml = false;
	if (tap->bailed || (tap->yaml && take_yaml(tap, line, indent, subtests)))
		return;
	if (may_have_yaml && strcmp(line + indent, "---") == 0 &&
	    indent > tap->last_depth * INDENT && indent < (tap->last_depth + 1) * INDENT)
		tap->yaml = indent;
	else if (indent % INDENT == 0)
		take_line(tap, indent / INDENT, line + indent, subtests);
}

/* The first of its diagnostics. */
static void find_reason(struct subtests *subtests, size_t index)
{
	struct tail_reader reader = { .tail = &subtests->items[index].output };
	const char *line = "";
	size_t len = 0, mark = 0;

	while (len == mark && (line = tail_line(&reader, &len)))
		for (mark = 0; mark < len && (line[mark] == '#' || line[mark] == ' ');)
			mark++;
	if (line)
		subtest_reason(subtests, index, line + mark, len - mark);
}

static void tap_end(void *state, struct subtests *subtests, const char *failure)
{
	struct tap *tap = state;

	(void)failure;
	if (tap->yaml)
		subtests_problem(subtests, "YAML diagnostics without an end");
	drop_levels(tap, 0, subtests);
	check_level(tap, 0, subtests);
	for (size_t i = 0; i < subtests->count; i++)
		if (subtests->items[i].outcome == SUBTEST_FAIL)
			find_reason(subtests, i);
}

const struct output_format format_tap = {
	.state_size = sizeof(struct tap),
	.line = tap_line,
	.end = tap_end,
};
