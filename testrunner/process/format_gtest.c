// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Reads the output of a GoogleTest program (PrettyUnitTestResultPrinter of googletest/src/gtest.cc). Lines
 * between [ RUN ] and its result belong to that test.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/program_output.h"

struct gtest {
	bool has_current;
	size_t current;
	bool started, ended;  /* "[==========] Running 3 tests", "[==========] 3 tests ran." */
	size_t wanted, count; /* tests that were announced, and that have ended */
};

static const struct result {
	const char *text;
	enum subtest_outcome outcome;
} results[] = {
	{ "[       OK ] ", SUBTEST_PASS },
	{ "[  FAILED  ] ", SUBTEST_FAIL },
	{ "[  SKIPPED ] ", SUBTEST_SKIP },
};

/* "[==========] Running 3 tests from 2 test suites.", "[==========] 3 tests from 2 test suites ran. (1 ms total)" */
static bool take_bar(struct gtest *gtest, const char *line, struct subtests *subtests)
{
	static const char bar[] = "[==========] ";
	size_t tests;

	if (!line_starts(line, bar))
		return false;
	line += strlen(bar);
	if (sscanf(line, "Running %zu test", &tests) == 1) {
		if (gtest->started && !gtest->ended)
			subtests_problem(subtests, "it begins anew before its tests have ended");
		gtest->started = true;
		gtest->ended = false;
		gtest->wanted = tests;
		gtest->count = 0;
	} else if (sscanf(line, "%zu test", &tests) == 1 && strstr(line, " ran.")) {
		if (!gtest->started || gtest->ended || tests != gtest->wanted ||
		    tests != gtest->count)
			subtests_problem(
				subtests,
				"it announced %zu tests, %zu ended, and it says that %zu ran",
				gtest->wanted, gtest->count, tests);
		gtest->ended = true;
		gtest->has_current = false;
	} else {
		return false;
	}
	return true;
}

/* "Suite.Test, where GetParam() = 3 (0 ms)": the length of the name, the milliseconds or -1. */
static size_t result_read(const char *text, int64_t *ms)
{
	const char *time = strrchr(text, '('), *parameter = strstr(text, ", where ");
	size_t len = strlen(text);
	long long number;
	int end = 0;

	*ms = -1;
	if (time && time > text && time[-1] == ' ' &&
	    sscanf(time, "(%lld ms)%n", &number, &end) == 1 && end && !time[end] && number >= 0) {
		*ms = number;
		len = (size_t)(time - 1 - text);
	}
	return parameter && (size_t)(parameter - text) < len ? (size_t)(parameter - text) : len;
}

/* Output without a newline stands before the test's result in the same line. */
static const struct result *result_find(const char *line, const char **text)
{
	for (const char *at = line; (at = strchr(at, '[')); at++) {
		for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
			if (line_starts(at, results[i].text)) {
				*text = at + strlen(results[i].text);
				return &results[i];
			}
		}
	}
	return NULL;
}

static bool take_result(struct gtest *gtest, const char *line, struct subtests *subtests)
{
	const struct result *result;
	const char *text;
	size_t len;
	int64_t ms;

	/* Afterwards come lists of those that were skipped and that failed. */
	if (gtest->ended || !(result = result_find(line, &text)))
		return false;
	len = result_read(text, &ms);
	if (gtest->has_current && subtest_find(subtests, text, len) == gtest->current) {
		subtest_decide(subtests, gtest->current, result->outcome);
		subtests->items[gtest->current].duration_ms = ms;
		gtest->has_current = false;
		gtest->count++;
		return true;
	}
	/* The set-up of a suite has no [ RUN ]. */
	if (result->outcome == SUBTEST_FAIL && !gtest->has_current)
		subtest_decide(subtests, subtest_add(subtests, text, len), SUBTEST_FAIL);
	return !gtest->has_current;
}

static bool take_run(struct gtest *gtest, const char *line, struct subtests *subtests)
{
	static const char run[] = "[ RUN      ] ", disabled[] = "[ DISABLED ] ";
	size_t index;

	if (line_starts(line, run)) {
		line += strlen(run);
		gtest->current = subtest_add(subtests, line, strlen(line));
		gtest->has_current = gtest->current != SUBTEST_NONE;
		gtest->count += !gtest->has_current;
		return true;
	}
	if (!line_starts(line, disabled) || gtest->has_current || gtest->ended)
		return false;
	line += strlen(disabled);
	index = subtest_add(subtests, line, result_read(line, &(int64_t){ 0 }));
	subtest_decide(subtests, index, SUBTEST_SKIP);
	subtest_reason(subtests, index, "disabled", strlen("disabled"));
	return true;
}

static void gtest_line(void *state, struct subtests *subtests, const char *line, size_t len)
{
	struct gtest *gtest = state;
	size_t disabled;

	if (take_bar(gtest, line, subtests) || take_run(gtest, line, subtests) ||
	    take_result(gtest, line, subtests))
		return;
	if (gtest->ended && sscanf(line, " YOU HAVE %zu DISABLED TEST", &disabled) == 1)
		subtests_say(subtests->none, sizeof(subtests->none), "%zu are disabled", disabled);
	if (gtest->has_current)
		subtest_note(subtests, gtest->current, line, len);
}

/* "x_test.cc:31: Failure" and the line after it; of a skip only the latter. Else the last line. */
static void find_reason(struct subtests *subtests, size_t index)
{
	struct subtest *item = &subtests->items[index];
	const char *mark = item->outcome == SUBTEST_FAIL ? ": Failure" : ": Skipped";
	struct tail_reader reader = { .tail = &item->output };
	char text[600] = "";
	const char *line;
	size_t len;

	while ((line = tail_line(&reader, &len))) {
		bool found = memmem(line, len, mark, strlen(mark));
		int end = 0;

		if (!len)
			continue;
		if (found && item->outcome == SUBTEST_FAIL)
			end = snprintf(text, sizeof(text), "%.*s: ", len > 200 ? 200 : (int)len,
				       line);
		if (found && !(line = tail_line(&reader, &len)))
			break;
		snprintf(text + end, sizeof(text) - (size_t)end, "%.*s", len > 300 ? 300 : (int)len,
			 line);
		if (found)
			break;
	}
	subtest_reason(subtests, index, text, strlen(text));
}

static void gtest_end(void *state, struct subtests *subtests, const char *failure)
{
	struct gtest *gtest = state;

	if (!failure && !gtest->started)
		subtests_problem(subtests, "it printed nothing of GoogleTest's");
	else if (!failure && !gtest->ended)
		subtests_problem(subtests, "it announced %zu tests, and ended after %zu",
				 gtest->wanted, gtest->count);
	subtests_abandon(subtests, failure ? failure : "did not end");
	for (size_t i = 0; i < subtests->count; i++)
		if (subtests->items[i].outcome != SUBTEST_PASS && !subtests->items[i].reason)
			find_reason(subtests, i);
}

const struct output_format format_gtest = {
	.state_size = sizeof(struct gtest),
	.line = gtest_line,
	.end = gtest_end,
};
