/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Makes a test out of all that its lines say, and frees both. */
#include <stdlib.h>

#include "suite/parser.h"

static void blocks_free(struct block *blocks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t c = 0; c < blocks[i].condition_count; c++)
			free(blocks[i].conditions[c].operands);
		free(blocks[i].conditions);
	}
	free(blocks);
}

static void probe_part_free(struct probe_part *probe)
{
	free(probe->objects);
	free(probe->options);
	for (size_t i = 0; i < probe->source_count; i++)
		free(probe->sources[i].structs);
	free(probe->sources);
	for (size_t i = 0; i < probe->state_check_count; i++)
		free(probe->state_checks[i].condition.operands);
	free(probe->state_checks);
	free(probe->attachments);
}

static void kind_free(struct test *test)
{
	switch (test->kind) {
	case TEST_PROBE:
	case TEST_LISTEN:
		free(test->event.generator);
		blocks_free(test->event.blocks, test->event.block_count);
		if (test->kind == TEST_PROBE)
			probe_part_free(&test->event.probe);
		else
			free(test->event.listen.argv);
		break;
	case TEST_PROGRAM:
		free(test->program.argv);
		break;
	case TEST_LOAD:
		break;
	}
}

void test_free(struct test *test)
{
	struct text_chunk *next;

	if (!test)
		return;
	kind_free(test);
	free(test->requirements);
	for (struct text_chunk *chunk = test->texts; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(test);
}

void draft_finish(struct draft *draft, struct test *test)
{
	if (draft->load.pattern) {
		test->kind = TEST_LOAD;
		test->load = draft->load;
		return;
	}
	if (draft->program) {
		test->kind = TEST_PROGRAM;
		test->program.argv = draft->argv;
		test->program.format = draft->format;
		return;
	}
	test->event.generator = draft->argv;
	test->event.blocks = draft->blocks;
	test->event.block_count = draft->block_count;
	if (draft->listen.line) {
		test->kind = TEST_LISTEN;
		test->event.listen = draft->listen;
		test->event.listen.columns = draft->columns;
	} else {
		test->kind = TEST_PROBE;
		test->event.probe = draft->probe;
	}
}

void draft_free(struct draft *draft)
{
	free(draft->argv);
	free(draft->listen.argv);
	blocks_free(draft->blocks, draft->block_count);
	probe_part_free(&draft->probe);
}
