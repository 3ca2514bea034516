/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Any bytes as what a test program prints, in the format FORMAT: it gets a verdict, the same in
 * whatever pieces it comes. The first byte is the size of a piece; what follows the first 0x01 is
 * stderr.
 */
#ifndef PROGRAM_FUZZ_H
#define PROGRAM_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/program_output.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void take(struct program_output *output, bool is_stderr, const char *data, size_t len,
		 size_t piece)
{
	for (size_t at = 0; at < len; at += piece) {
		size_t part = len - at < piece ? len - at : piece;
		char *copy = malloc(part);

		memcpy(copy, data + at, part);
		program_output_take(output, is_stderr, copy, part);
		free(copy);
	}
}

static void check_subtests(const struct program_output *output)
{
	const struct subtests *subtests = program_output_subtests(output);
	json_t *names = json_object();

	check(subtests->count <= SUBTESTS_MAX && subtests->running == 0);
	for (size_t i = 0; i < subtests->count; i++) {
		const struct subtest *item = &subtests->items[i];
		json_t *details = program_output_details(output, i), *reason;

		check(item->outcome != SUBTEST_RUNNING && item->name[0]);
		check(strlen(item->name) <= SUBTEST_NAME_MAX + 16);
		check(!json_object_get(names, item->name));
		check(json_object_set_new(names, item->name, json_null()) == 0);
		reason = json_string(item->reason ? item->reason : "");
		check(reason && details);
		json_decref(reason);
		json_decref(details);
	}
	json_decref(names);
}

static void check_verdict(const struct program_output *output,
			  const struct program_verdict *verdict, const struct program_end *end)
{
	const struct subtests *subtests = program_output_subtests(output);
	size_t failed = subtests_count(subtests, SUBTEST_FAIL),
	       passed = subtests_count(subtests, SUBTEST_PASS);

	check((verdict->outcome == SUBTEST_PASS) == !verdict->reason[0]);
	if (verdict->outcome != SUBTEST_FAIL)
		check(failed == 0 && !subtests->problem[0] && !end->failure);
	if (verdict->outcome == SUBTEST_PASS)
		check(passed > 0);
	if (verdict->outcome == SUBTEST_SKIP)
		check(passed == 0);
	/* A failure shows somewhere: in the test's own lines, or as one of its subtests. */
	if (verdict->outcome == SUBTEST_FAIL)
		check(failed > 0 || json_array_size(verdict->details) > 0);
}

/* The result, as text. */
static char *judge(const char *data, size_t size, size_t piece)
{
	const char *mark = memchr(data, 1, size);
	size_t len = mark ? (size_t)(mark - data) : size;
	char words[128];
	const struct program_end end = { size % 3 ? NULL : words, size % 2 };
	struct program_output *output = program_output_new(FORMAT);
	struct program_verdict verdict;
	char *text = NULL;
	size_t text_size;
	FILE *to = open_memstream(&text, &text_size);

	snprintf(words, sizeof(words), "exited with 1: %.*s", size < 99 ? (int)size : 99, data);
	take(output, false, data, len, piece);
	if (mark)
		take(output, true, mark + 1, size - len - 1, piece);
	check(program_output_judge(output, &end, &verdict) == 0);
	check_subtests(output);
	check_verdict(output, &verdict, &end);
	fprintf(to, "%d %s\n", verdict.outcome, verdict.reason);
	json_dumpf(verdict.details, to, 0);
	for (size_t i = 0; i < program_output_subtests(output)->count; i++) {
		json_t *details = program_output_details(output, i);

		json_dumpf(details, to, 0);
		json_decref(details);
	}
	fclose(to);
	json_decref(verdict.details);
	program_output_free(output);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *pieces, *whole;

	if (size < 2)
		return 0;
	pieces = judge((const char *)data + 1, size - 1, data[0] + (size_t)1);
	whole = judge((const char *)data + 1, size - 1, size);
	check(strcmp(pieces, whole) == 0);
	free(pieces);
	free(whole);
	return 0;
}

#endif
