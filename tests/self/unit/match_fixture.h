/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A matcher on the sample events, for the tests of matching: a test's blocks in, events in, verdict
 * out.
 */
#ifndef MATCH_FIXTURE_H
#define MATCH_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* cmocka has a function of that name. */
#undef test_free
#include "match/match.h"
#include "sample_events.h"

struct fixture {
	struct btf *btf;
	struct schema *schema;
	struct test *test;
	struct matcher *matcher;
	json_t *variables;
};

/* `blocks` is a file's third line and on. */
static inline struct fixture *fixture_open(const char *blocks)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct parse_error error;
	char text[4096], problem[256];
	int len = snprintf(text, sizeof(text), "probe p\nrun g\n%s", blocks);

	fixture->btf = sample_btf(NULL);
	if (schema_new(fixture->btf, &fixture->schema, problem, sizeof(problem)))
		fail_msg("%s", problem);
	if (test_parse(text, (size_t)len, &fixture->test, &error) ||
	    matcher_new(&fixture->test->event, (const struct schema *const *)&fixture->schema, 1,
			&fixture->matcher, &error))
		fail_msg("%u:%u: %s\n%s", error.line, error.column, error.message, text);
	return fixture;
}

static inline void fixture_close(struct fixture *fixture)
{
	matcher_free(fixture->matcher);
	json_decref(fixture->variables);
	test_free(fixture->test);
	schema_free(fixture->schema);
	btf__free(fixture->btf);
	free(fixture);
}

/* Out of a buffer of exactly that size, freed at once: what is kept must have been copied. */
static inline void feed(struct fixture *fixture, const void *event, size_t len)
{
	void *copy = malloc(len);

	memcpy(copy, event, len);
	assert_int_equal(matcher_feed(fixture->matcher, fixture->schema,
				      schema_identify(fixture->schema, copy, len), copy, len),
			 0);
	free(copy);
}

static inline void feed_fork(struct fixture *fixture, uint32_t parent, uint32_t child)
{
	struct fork_sample event = fork_sample(parent, child);

	feed(fixture, &event, sizeof(event));
}

static inline void feed_exec(struct fixture *fixture, uint32_t pid, const char *filename)
{
	struct exec_sample event = exec_sample(pid, filename);

	feed(fixture, &event, sizeof(event));
}

static inline void feed_exit(struct fixture *fixture, uint32_t pid, int32_t exit_code)
{
	struct exit_sample event = exit_sample(pid, exit_code);

	feed(fixture, &event, sizeof(event));
}

static inline void set_variables(struct fixture *fixture, const char *json)
{
	fixture->variables = json_loads(json, 0, NULL);
	assert_non_null(fixture->variables);
	matcher_set_variables(fixture->matcher, fixture->variables);
}

/*
 * NULL: it must pass. Else the lines of the failure, each with a newline; and it is the end of the
 * fixture.
 */
static inline void check(struct fixture *fixture, const char *want)
{
	char got[4096] = "";
	json_t *details, *line;
	size_t i;
	bool passes = matcher_finish(fixture->matcher, &details);

	json_array_foreach(details, i, line) {
		strcat(got, json_string_value(line));
		strcat(got, "\n");
	}
	if (passes != !want || (want && strcmp(got, want) != 0))
		fail_msg("got %s\n%swant %s\n%s", passes ? "pass" : "fail", got,
			 want ? "fail" : "pass", want ? want : "");
	json_decref(details);
	fixture_close(fixture);
}

#endif
