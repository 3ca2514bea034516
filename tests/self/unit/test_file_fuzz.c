/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Any bytes as a .test file: parsed, or refused with a place in it and a message. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "suite/test.h"

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_error(const struct parse_error *error)
{
	check(error->line >= 1 && error->column >= 1 && error->message[0] != '\0');
	check(strlen(error->message) < sizeof(error->message));
}

static void check_block(const struct test *test, size_t index)
{
	const struct block *block = &test->blocks[index];

	check(block->name && block->event_type && block->line >= 1 && block->column >= 1);
	for (size_t c = 0; c < block->condition_count; c++) {
		const struct condition *condition = &block->conditions[c];

		check(condition->field && condition->text && condition->operand_count >= 1);
		check((condition->op == OP_IN_RANGE) <= (condition->operand_count == 2));
		for (size_t o = 0; o < condition->operand_count; o++) {
			const struct operand *operand = &condition->operands[o];

			check((operand->kind == OPERAND_LITERAL) == !operand->path);
			if (operand->kind == OPERAND_EVENT_FIELD)
				check(operand->block < index &&
				      test->blocks[operand->block].kind == BLOCK_EXPECT);
		}
	}
}

static void check_external(const struct test *test)
{
	for (size_t i = 0; i < test->source_count; i++) {
		const struct event_source *source = &test->sources[i];

		check(source->map && source->struct_count >= 1);
		check(source->field || source->struct_count == 1);
		for (size_t s = 0; s < source->struct_count; s++)
			check(source->structs[s].name && source->structs[s].column >= 1);
	}
	for (size_t i = 0; i < test->state_check_count; i++) {
		const struct state_check *reading = &test->state_checks[i];

		check(reading->name && reading->condition.field && reading->condition.text);
		check(reading->condition.operand_count >= 1);
		for (size_t o = 0; o < reading->condition.operand_count; o++)
			check(reading->condition.operands[o].kind <= OPERAND_VARIABLE);
	}
	for (size_t i = 0; i < test->attachment_count; i++)
		check(test->attachments[i].program && test->attachments[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parse_error error;
	struct test *test;

	if (test_parse((const char *)data, size, &test, &error) < 0) {
		check(!test);
		check_error(&error);
		return 0;
	}
	check(test->load || (test->argv && test->argv[0]));
	check((test->probe_count > 0 || test->listening.line) ==
	      (test->block_count > 0 || test->account_line || test->state_check_count > 0));
	check(test->listening.line == 0 ||
	      (test->probe_count == 0 && !test->exec && test->listening.argv[0] &&
	       test->listening.stop_signal && test->listening.settle_ms &&
	       !test->listening.type_field != !test->listening.type_name));
	check_external(test);
	check(test->probe_count > 0 || (test->option_count == 0 && !test->isolated));
	check(!test->exec || test->probe_count == 0);
	check(test->timeout_ms >= 1000 && test->timeout_ms <= 3600000);
	for (size_t i = 0; i < test->block_count; i++)
		check_block(test, i);
	test_free(test);
	return 0;
}
