// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Reads the output of `go test -v`, or of a Go test binary with -test.v (the package testing of Go, testing.go).
 * Lines between belong to the test that runs, or has just ended.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/program_output.h"

struct go {
	bool has_current;
	size_t current; /* the test whose output the next line is */
	bool ended;	/* PASS, FAIL or ok has come after the last test */
	bool failed;	/* and it was FAIL */
	char fatal[200];
};

static const struct result {
	const char *text;
	enum subtest_outcome outcome;
} results[] = {
	{ "--- PASS: ", SUBTEST_PASS },
	{ "--- FAIL: ", SUBTEST_FAIL },
	{ "--- SKIP: ", SUBTEST_SKIP },
};

static void set_current(struct go *go, size_t index)
{
	go->has_current = index != SUBTEST_NONE;
	go->current = index;
}

/* "=== RUN   TestX" and its like. */
static bool take_mark(struct go *go, const char *line, struct subtests *subtests)
{
	const char *name;
	size_t len;

	if (!line_starts(line, "=== "))
		return false;
	name = line + 4 + strcspn(line + 4, " ");
	name += strspn(name, " ");
	len = strlen(name);
	if (line_starts(line + 4, "RUN ")) {
		set_current(go, subtest_add(subtests, name, len));
		go->ended = false;
	} else if (line_starts(line + 4, "CONT ") || line_starts(line + 4, "NAME ")) {
		set_current(go, subtest_find(subtests, name, len));
	} else if (line_starts(line + 4, "PAUSE ")) {
		go->has_current = false;
	} else {
		return false;
	}
	return true;
}

/* "TestX (0.01s)": `name_len` is that of the name. */
static bool result_read(const char *text, size_t *name_len, double *seconds)
{
	const char *time = strrchr(text, '(');
	int end = 0;

	if (!time || time == text || time[-1] != ' ' ||
	    sscanf(time, "(%lfs)%n", seconds, &end) != 1 || !end || time[end])
		return false;
	*name_len = (size_t)(time - 1 - text);
	return *name_len > 0;
}

/*
 * "--- PASS: TestX (0.00s)", indented as deep as the test is nested. Output without a newline stands
 * before the result in the same line.
 */
static bool take_result(struct go *go, const char *line, struct subtests *subtests)
{
	const struct result *result = NULL;
	const char *at = line, *name = NULL;
	double seconds = 0;
	size_t len = 0, index;

	while (!name && (at = strstr(at, "--- "))) {
		for (result = results; result < results + 3; result++)
			if (line_starts(at, result->text) &&
			    result_read(at + strlen(result->text), &len, &seconds))
				break;
		if (result < results + 3)
			name = at + strlen(result->text);
		at++;
	}
	if (!name)
		return false;
	index = subtest_find(subtests, name, len);
	if (index == SUBTEST_NONE || subtests->items[index].outcome != SUBTEST_RUNNING) {
		/* Somebody's output, unless it stands where results do. */
		if (at - 1 != line + strspn(line, " "))
			return false;
		index = subtest_add(subtests, name, len);
	}
	subtest_decide(subtests, index, result->outcome);
	if (index != SUBTEST_NONE && seconds >= 0 && seconds < 1e9)
		subtests->items[index].duration_ms = (int64_t)(seconds * 1000 + 0.5);
	set_current(go, index);
	go->ended = false;
	return true;
}

/* PASS or FAIL of all; "ok  	package	0.01s" and "FAIL	package	0.01s", which go test adds. */
static bool take_end(struct go *go, const char *line, const struct subtests *subtests)
{
	bool failed = strcmp(line, "FAIL") == 0 || line_starts(line, "FAIL\t");

	if (!failed && strcmp(line, "PASS") != 0 && !line_starts(line, "ok  \t"))
		return false;
	/* Output of a test does not decide its result. */
	if (subtests->running)
		return false;
	go->ended = true;
	go->failed |= failed;
	go->has_current = false;
	return true;
}

static void note_fatal(struct go *go, const char *line)
{
	if (!go->fatal[0] && (line_starts(line, "panic: ") || line_starts(line, "fatal error: ")))
		subtests_say(go->fatal, sizeof(go->fatal), "%s", line);
}

static void note_none(const char *line, struct subtests *subtests)
{
	if (strcmp(line, "testing: warning: no tests to run") == 0)
		subtests_say(subtests->none, sizeof(subtests->none), "no tests to run");
}

static void go_line(void *state, struct subtests *subtests, const char *line, size_t len)
{
	struct go *go = state;

	/* With -test.v=test2json. */
	if (*line == '\x16') {
		line++;
		len--;
	}
	if (take_mark(go, line, subtests) || take_result(go, line, subtests))
		return;
	if ((*line == 'P' || *line == 'F' || *line == 'o') && take_end(go, line, subtests))
		return;
	note_fatal(go, line);
	note_none(line, subtests);
	if (go->has_current) {
		size_t indent = strspn(line, " ");

		if (indent > 4)
			indent = 4;
		subtest_note(subtests, go->current, line + indent, len - indent);
	}
}

static void go_error_line(void *state, struct subtests *subtests, const char *line, size_t len)
{
	(void)len;
	note_fatal(state, line);
	note_none(line, subtests);
}

/* "x_test.go:31: got 1, want 2" */
static bool is_log(const char *line, size_t len)
{
	const char *place = memmem(line, len, ".go:", 4);

	return place && place + 4 < line + len && isdigit((unsigned char)place[4]);
}

static bool is_better(const char *line, size_t len, const char *best, size_t best_len)
{
	return len && (!best || is_log(line, len) || !is_log(best, best_len));
}

/* The last thing that it logged, else said. */
static void find_reason(struct subtests *subtests, size_t index)
{
	struct tail_reader reader = { .tail = &subtests->items[index].output };
	const char *line, *best = NULL;
	size_t len, best_len = 0;

	while ((line = tail_line(&reader, &len))) {
		if (is_better(line, len, best, best_len)) {
			best = line;
			best_len = len;
		}
	}
	if (best)
		subtest_reason(subtests, index, best, best_len);
}

static void go_end(void *state, struct subtests *subtests, const char *failure)
{
	struct go *go = state;
	bool unfinished = subtests_abandon(subtests, go->fatal[0] ? go->fatal :
						     failure	  ? failure :
								    "did not end") ||
			  !go->ended;

	if (go->fatal[0])
		subtests_problem(subtests, "%s", go->fatal);
	else if (unfinished && !failure)
		subtests_problem(subtests, "its output does not end with PASS or FAIL");
	else if (go->failed && !subtests_count(subtests, SUBTEST_FAIL))
		subtests_problem(subtests, "FAIL at its end, yet no test failed");
	for (size_t i = 0; i < subtests->count; i++)
		if (subtests->items[i].outcome != SUBTEST_PASS)
			find_reason(subtests, i);
}

const struct output_format format_go = {
	.state_size = sizeof(struct go),
	.line = go_line,
	.error_line = go_error_line,
	.end = go_end,
};
