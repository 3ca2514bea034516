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

static void check_block(const struct event_test *test, size_t index)
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

static void check_external(const struct probe_part *probe)
{
	for (size_t i = 0; i < probe->source_count; i++) {
		const struct event_source *source = &probe->sources[i];

		check(source->map && source->struct_count >= 1);
		check(source->field || source->struct_count == 1);
		for (size_t s = 0; s < source->struct_count; s++)
			check(source->structs[s].name && source->structs[s].column >= 1);
	}
	for (size_t i = 0; i < probe->state_check_count; i++) {
		const struct state_check *check_line = &probe->state_checks[i];

		check(check_line->name && check_line->condition.field &&
		      check_line->condition.text);
		check(check_line->condition.operand_count >= 1);
		for (size_t o = 0; o < check_line->condition.operand_count; o++)
			check(check_line->condition.operands[o].kind <= OPERAND_VARIABLE);
	}
	for (size_t i = 0; i < probe->attachment_count; i++)
		check(probe->attachments[i].program && probe->attachments[i].text);
}

static void check_probe(const struct event_test *test)
{
	const struct probe_part *probe = &test->probe;

	check((probe->object_count > 0) ==
	      (test->block_count > 0 || probe->account_line || probe->state_check_count > 0));
	check(probe->object_count > 0 || (probe->option_count == 0 && !probe->isolated));
	check_external(probe);
}

static void check_listen(const struct event_test *test)
{
	const struct listen_part *listen = &test->listen;

	check(test->block_count > 0);
	check(listen->line && listen->argv[0] && listen->stop_signal && listen->settle_ms);
	check(!listen->type_field != !listen->type_name);
}

static void check_kind(const struct test *test)
{
	switch (test->kind) {
	case TEST_PROBE:
	case TEST_LISTEN:
		check(test->event.generator && test->event.generator[0]);
		for (size_t i = 0; i < test->event.block_count; i++)
			check_block(&test->event, i);
		(test->kind == TEST_PROBE ? check_probe : check_listen)(&test->event);
		break;
	case TEST_PROGRAM:
		check(test->program.argv && test->program.argv[0]);
		break;
	case TEST_LOAD:
		check(test->load.pattern);
		break;
	}
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
	check(test->line >= 1 && test->column >= 1);
	check(test->timeout_ms >= 1000 && test->timeout_ms <= 3600000);
	check_kind(test);
	test_free(test);
	return 0;
}
