/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Frees a parsed test. */
#include "suite/test.h"

#include <stdlib.h>

#include "suite/parser.h"

void test_free(struct test *test)
{
	struct text_chunk *next;

	if (!test)
		return;
	for (size_t i = 0; i < test->block_count; i++) {
		for (size_t c = 0; c < test->blocks[i].condition_count; c++)
			free(test->blocks[i].conditions[c].operands);
		free(test->blocks[i].conditions);
	}
	free(test->blocks);
	free(test->probes);
	free(test->options);
	free(test->requirements);
	for (size_t i = 0; i < test->source_count; i++)
		free(test->sources[i].structs);
	free(test->sources);
	for (size_t i = 0; i < test->state_check_count; i++)
		free(test->state_checks[i].condition.operands);
	free(test->state_checks);
	free(test->attachments);
	free(test->argv);
	free(test->listening.argv);
	for (struct text_chunk *chunk = test->texts; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(test);
}
