/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Matching against an oracle: thousands of small random tests and streams of events, each decided
 * by the matcher and by trying every choice of events there is.
 */
#include "match_fixture.h"

#define BLOCKS 4
#define LINES  2
#define EVENTS 9
#define ROUNDS 20000

/* Values are 0..3: small, so that lines hold often enough. $v is 2. */
#define VALUES	 4
#define VARIABLE 2

enum event_kind { FORK, EXEC };

/* Of a fork: parent and child; of an exec: the process, twice. */
struct plain_event {
	enum event_kind kind;
	uint32_t fields[2];
};

enum operand_choice { CONSTANT, OWN_FIELD, DOLLAR, OTHER_BLOCK };

struct plain_line {
	int field, op;
	enum operand_choice choice;
	uint32_t constant;
	int other, other_field;
};

struct plain_block {
	enum event_kind kind;
	bool refuse, then;
	int count; /* -1: at least one */
	struct plain_line lines[LINES];
	int line_count;
};

struct plain_test {
	struct plain_block blocks[BLOCKS];
	int block_count;
	struct plain_event events[EVENTS];
	int event_count;
};

static const char *const kind_names[] = { "fork", "exec" };
static const char *const field_names[][2] = { { "parent.tgid", "child.tgid" },
					      { "pids.tid", "pids.tgid" } };
static const char *const op_names[] = { "==", "!=", "<", ">=" };

static int pick(int count)
{
	return rand() % count;
}

/* ---- the oracle ---- */

/* By block: the event's index, or -1. */
typedef int choice[BLOCKS];

static bool line_holds(const struct plain_test *test, const struct plain_line *line, int event,
		       const choice chosen)
{
	uint32_t got = test->events[event].fields[line->field], want = line->constant;

	if (line->choice == OWN_FIELD)
		want = test->events[event].fields[line->other_field];
	else if (line->choice == DOLLAR)
		want = VARIABLE;
	else if (line->choice == OTHER_BLOCK)
		want = test->events[chosen[line->other]].fields[line->other_field];
	switch (line->op) {
	case 0:
		return got == want;
	case 1:
		return got != want;
	case 2:
		return got < want;
	default:
		return got >= want;
	}
}

static bool block_holds(const struct plain_test *test, int block, int event, const choice chosen)
{
	const struct plain_block *plain = &test->blocks[block];

	if (test->events[event].kind != plain->kind)
		return false;
	for (int i = 0; i < plain->line_count; i++) {
		if (!line_holds(test, &plain->lines[i], event, chosen))
			return false;
	}
	return true;
}

static bool binds(const struct plain_block *block)
{
	return !block->refuse && block->count <= 1;
}

/* The expect block before, or -1. */
static int block_before(const struct plain_test *test, int block)
{
	do {
		block--;
	} while (block >= 0 && test->blocks[block].refuse);
	return block;
}

/* All chosen: do counts and order hold? `last` is each expect block's last event. */
static bool choice_holds(const struct plain_test *test, const choice chosen, bool final)
{
	int last[BLOCKS];

	for (int b = 0; b < test->block_count; b++) {
		const struct plain_block *block = &test->blocks[b];
		int after = block->then ? last[block_before(test, b)] : -1, count = 0;

		last[b] = after;
		if (block->refuse)
			continue;
		for (int e = after + 1; e < test->event_count; e++) {
			if (!block_holds(test, b, e, chosen))
				continue;
			count++;
			last[b] = e;
		}
		if (block->count > 0 && (final ? count != block->count : count < block->count))
			return false;
		if (binds(block)) {
			if (chosen[b] <= after || !block_holds(test, b, chosen[b], chosen))
				return false;
			last[b] = chosen[b];
		}
	}
	return true;
}

static bool is_refused(const struct plain_test *test, const choice chosen)
{
	for (int b = 0; b < test->block_count; b++) {
		for (int e = 0; test->blocks[b].refuse && e < test->event_count; e++) {
			if (block_holds(test, b, e, chosen))
				return true;
		}
	}
	return false;
}

/* Tries every choice for the blocks from `block` on. */
static void try_choices(const struct plain_test *test, int block, choice chosen, bool final,
			bool *found, bool *refused)
{
	if (block == test->block_count) {
		if (choice_holds(test, chosen, final)) {
			*found = true;
			*refused |= is_refused(test, chosen);
		}
		return;
	}
	if (!binds(&test->blocks[block])) {
		try_choices(test, block + 1, chosen, final, found, refused);
		return;
	}
	for (int e = 0; e < test->event_count; e++) {
		bool taken = test->events[e].kind != test->blocks[block].kind;

		for (int b = 0; b < block; b++)
			taken |= binds(&test->blocks[b]) && chosen[b] == e;
		if (taken)
			continue;
		chosen[block] = e;
		try_choices(test, block + 1, chosen, final, found, refused);
	}
}

/* ---- random tests ---- */

static void make_line(const struct plain_test *test, int block, struct plain_line *line)
{
	*line = (struct plain_line){
		.field = pick(2),
		.op = pick(3) ? 0 : pick(4),
		.choice = (enum operand_choice)pick(4),
		.constant = (uint32_t)pick(VALUES),
		.other = block > 0 ? pick(block) : 0,
		.other_field = pick(2),
	};
	if (line->choice == OTHER_BLOCK && (block == 0 || !binds(&test->blocks[line->other])))
		line->choice = CONSTANT;
}

static void make_test(struct plain_test *test)
{
	memset(test, 0, sizeof(*test));
	test->block_count = 1 + pick(BLOCKS);
	for (int b = 0; b < test->block_count; b++) {
		struct plain_block *block = &test->blocks[b];

		block->kind = (enum event_kind)pick(2);
		block->refuse = pick(5) == 0;
		block->count = pick(4) ? -1 : 1 + pick(3);
		block->then = !block->refuse && block_before(test, b) >= 0 && pick(3) == 0;
		block->line_count = pick(LINES + 1);
		for (int l = 0; l < block->line_count; l++)
			make_line(test, b, &block->lines[l]);
	}
	test->event_count = pick(EVENTS + 1);
	for (int e = 0; e < test->event_count; e++) {
		struct plain_event *event = &test->events[e];

		event->kind = (enum event_kind)pick(2);
		event->fields[0] = (uint32_t)pick(VALUES);
		event->fields[1] = event->kind == EXEC ? event->fields[0] : (uint32_t)pick(VALUES);
	}
}

static void write_line(const struct plain_test *test, const struct plain_block *block,
		       const struct plain_line *line, char *text)
{
	const char *const *names = field_names[block->kind];

	text += sprintf(text, "  %s %s ", names[line->field], op_names[line->op]);
	switch (line->choice) {
	case CONSTANT:
		sprintf(text, "%u\n", line->constant);
		break;
	case OWN_FIELD:
		sprintf(text, "%s\n", names[line->other_field]);
		break;
	case DOLLAR:
		strcpy(text, "$v\n");
		break;
	case OTHER_BLOCK:
		sprintf(text, "b%d.%s\n", line->other,
			field_names[test->blocks[line->other].kind][line->other_field]);
		break;
	}
}

static void write_test(const struct plain_test *test, char *text)
{
	*text = '\0';
	for (int b = 0; b < test->block_count; b++) {
		const struct plain_block *block = &test->blocks[b];

		text += strlen(text);
		if (block->refuse)
			sprintf(text, "refuse %s\n", kind_names[block->kind]);
		else if (block->count > 0)
			sprintf(text, "%sexpect %d %s as b%d\n", block->then ? "then " : "",
				block->count, kind_names[block->kind], b);
		else
			sprintf(text, "%sexpect %s as b%d\n", block->then ? "then " : "",
				kind_names[block->kind], b);
		for (int l = 0; l < block->line_count; l++)
			write_line(test, block, &block->lines[l], text + strlen(text));
	}
}

static void check_satisfied(struct fixture *fixture, struct plain_test *test, int fed)
{
	int all = test->event_count;
	bool found = false, refused = false;
	choice chosen = { 0 };

	test->event_count = fed;
	try_choices(test, 0, chosen, false, &found, &refused);
	test->event_count = all;
	/* Once it was satisfied it says so for good. */
	if (found && !matcher_satisfied(fixture->matcher))
		fail_msg("not satisfied after %d events", fed);
	if (!found && matcher_satisfied(fixture->matcher) && fed == 0)
		fail_msg("satisfied by nothing");
}

static void run_round(struct plain_test *test, bool early, bool ask)
{
	bool found = false, refused = false, passes;
	choice chosen = { 0 };
	struct fixture *fixture;
	json_t *details;
	char text[2048];

	write_test(test, text);
	fixture = fixture_open(text);
	if (early)
		set_variables(fixture, "{\"v\":2}");
	for (int e = 0; e < test->event_count; e++) {
		const struct plain_event *event = &test->events[e];

		if (event->kind == FORK)
			feed_fork(fixture, event->fields[0], event->fields[1]);
		else
			feed_exec(fixture, event->fields[0], "x");
		if (ask && early)
			check_satisfied(fixture, test, e + 1);
	}
	if (!early)
		set_variables(fixture, "{\"v\":2}");
	try_choices(test, 0, chosen, true, &found, &refused);
	passes = matcher_finish(fixture->matcher, &details);
	if (passes != (found && !refused)) {
		for (int e = 0; e < test->event_count; e++)
			fprintf(stderr, "%s %u %u\n",
				test->events[e].kind == FORK ? "fork" : "exec",
				test->events[e].fields[0], test->events[e].fields[1]);
		fail_msg("got %s, want %s\n%s", passes ? "pass" : "fail",
			 found && !refused ? "pass" : "fail", text);
	}
	assert_true(passes == !details);
	json_decref(details);
	fixture_close(fixture);
}

static void the_oracle_agrees(void **state)
{
	struct plain_test test = { 0 };

	(void)state;
	srand(7);
	for (int round = 0; round < ROUNDS; round++) {
		make_test(&test);
		run_round(&test, pick(2), pick(4) == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_oracle_agrees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
