/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A test program made of words, for the tests of its formats: what it prints, and what is made of it. */
#ifndef PROGRAM_FIXTURE_H
#define PROGRAM_FIXTURE_H

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
#include "process/program_output.h"

struct program_case {
	const char *about;
	const char *out, *err; /* what it prints */
	const char *failure;   /* how it ends, NULL: with 0 */
	bool is_status;
	const char *want; /* see program_render() */
};

static const char *const outcome_words[] = { "run", "pass", "fail", "skip" };

/*
 * "pass a\nfail b: why\n" for the subtests, "> fail: 1 of 2 ..." for the verdict. The output comes in
 * pieces of `piece` bytes.
 */
static inline char *program_render(enum program_format format, const struct program_case *row,
				   size_t piece)
{
	const struct program_end end = { row->failure, row->is_status };
	struct program_output *output = program_output_new(format);
	const struct subtests *subtests;
	struct program_verdict verdict;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (int stream = 0; stream < 2; stream++) {
		const char *data = stream ? row->err : row->out;
		size_t len = data ? strlen(data) : 0;

		for (size_t at = 0; at < len; at += piece) {
			size_t part = len - at < piece ? len - at : piece;
			/* In a block of its own size, so that ASan sees whoever reads on. */
			char *copy = malloc(part);

			memcpy(copy, data + at, part);
			program_output_take(output, stream, copy, part);
			free(copy);
		}
	}
	assert_int_equal(program_output_judge(output, &end, &verdict), 0);
	subtests = program_output_subtests(output);
	for (size_t i = 0; i < subtests->count; i++) {
		const struct subtest *item = &subtests->items[i];

		fprintf(to, "%s %s%s%s\n", outcome_words[item->outcome], item->name,
			item->reason ? ": " : "", item->reason ? item->reason : "");
	}
	/* The first detail is the fault. */
	if (json_array_size(verdict.details))
		assert_string_equal(json_string_value(json_array_get(verdict.details, 0)),
				    verdict.reason);
	else
		assert_true(verdict.outcome != SUBTEST_FAIL ||
			    subtests_count(subtests, SUBTEST_FAIL));
	fprintf(to, "> %s%s%s", outcome_words[verdict.outcome], verdict.reason[0] ? ": " : "",
		verdict.reason);
	fclose(to);
	json_decref(verdict.details);
	program_output_free(output);
	return text;
}

static inline void check_cases(enum program_format format, const struct program_case *rows,
			       size_t count)
{
	static const size_t pieces[] = { 1, 7, 100000 };

	for (size_t i = 0; i < count; i++) {
		for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++) {
			char *got = program_render(format, &rows[i], pieces[p]);

			if (strcmp(got, rows[i].want) != 0)
				fail_msg("%s, in pieces of %zu: got\n%s\nwant\n%s", rows[i].about,
					 pieces[p], got, rows[i].want);
			free(got);
		}
	}
}

#endif
