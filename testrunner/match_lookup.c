/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Candidates by value: of the lines that tie blocks together most ask for equal ids, and with ten
 * thousand forks and as many execs not every pair can be tried.
 */
#include <errno.h>
#include <stdlib.h>

#include "matcher.h"

struct entry {
	struct value key;
	size_t place; /* in `events`, before sorting: the order of arrival */
};

struct lookup {
	const struct bound_block
		*other; /* is bound before, and has what is looked for in `field` */
	const struct field *field;
	struct value *keys; /* rising; of the event with the same index */
	const struct event **events;
	size_t count;
};

/* Both sides of an equality, as seen from the block whose candidates are looked up. */
struct sides {
	const struct field *own, *other;
	size_t other_block;
};

static bool is_text(const struct field *field)
{
	return !field->length && (field->kind == FIELD_STRING || field->kind == FIELD_VARLEN ||
				  field->kind == FIELD_VARLEN_ITEM);
}

/*
 * Numbers and text compare in other ways than by order, so a line that mixes them is of no use
 * here.
 */
static bool is_equality(const struct bound_condition *condition)
{
	return condition->op == OP_EQ &&
	       condition->operands[0].source->kind == OPERAND_EVENT_FIELD &&
	       is_text(&condition->field) == is_text(&condition->operands[0].field);
}

/* A line of `owner` that ties the block to `bound`, one of the two being the owner. */
static bool find_line(const struct bound_block *owner, size_t referred, struct sides *sides)
{
	for (size_t c = 0; c < owner->source->condition_count; c++) {
		const struct bound_condition *condition = &owner->conditions[c];

		if (!is_equality(condition) || condition->source->operands[0].block != referred)
			continue;
		sides->own = &condition->field;
		sides->other = &condition->operands[0].field;
		return true;
	}
	return false;
}

static bool find_sides(const struct matcher *matcher, const struct bound_block *block,
		       const size_t *bound, size_t count, struct sides *sides)
{
	for (size_t i = 0; i < count; i++) {
		sides->other_block = bound[i];
		if (find_line(block, bound[i], sides))
			return true;
		if (find_line(&matcher->blocks[bound[i]], block->index, sides)) {
			const struct field *swapped = sides->own;

			sides->own = sides->other;
			sides->other = swapped;
			return true;
		}
	}
	return false;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;
	int order = value_order(&left->key, &right->key);

	return order ? order : (left->place > right->place) - (left->place < right->place);
}

int lookup_new(const struct matcher *matcher, const struct bound_block *block, const size_t *bound,
	       size_t count, struct lookup **out)
{
	struct lookup *lookup = NULL;
	struct entry *entries = NULL;
	struct sides sides;
	int err = 0;

	*out = NULL;
	/* For a handful it is not worth it. */
	if (block->candidate_count < 4 || !find_sides(matcher, block, bound, count, &sides))
		return 0;
	err = -ENOMEM;
	lookup = calloc(1, sizeof(*lookup));
	entries = calloc(block->candidate_count, sizeof(*entries));
	if (!lookup || !entries)
		goto out;
	lookup->keys = calloc(block->candidate_count, sizeof(*lookup->keys));
	lookup->events = calloc(block->candidate_count, sizeof(*lookup->events));
	if (!lookup->keys || !lookup->events)
		goto out;
	lookup->other = &matcher->blocks[sides.other_block];
	lookup->field = sides.other;
	for (size_t i = 0; i < block->candidate_count; i++) {
		const struct event *event = block->candidates[i];
		struct entry *entry = &entries[lookup->count];

		entry->key = field_read(block->schema, sides.own, event->data, event->len);
		entry->place = i;
		/* What cannot be read is equal to nothing. */
		lookup->count += entry->key.kind != VALUE_NONE;
	}
	qsort(entries, lookup->count, sizeof(*entries), compare_entries);
	for (size_t i = 0; i < lookup->count; i++) {
		lookup->keys[i] = entries[i].key;
		lookup->events[i] = block->candidates[entries[i].place];
	}
	*out = lookup;
	lookup = NULL;
	err = 0;
out:
	free(entries);
	lookup_free(lookup);
	return err;
}

void lookup_free(struct lookup *lookup)
{
	if (!lookup)
		return;
	free(lookup->keys);
	free(lookup->events);
	free(lookup);
}

/* The first place whose key is not below `key`, or, with `past`, above it. */
static size_t find_bound(const struct lookup *lookup, const struct value *key, bool past)
{
	size_t low = 0, high = lookup->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (value_order(&lookup->keys[middle], key) < past)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct event *const *lookup_find(const struct lookup *lookup, const struct binding *binding,
				       size_t *count)
{
	const struct event *event = binding->events[lookup->other->index];
	struct value key =
		field_read(lookup->other->schema, lookup->field, event->data, event->len);
	size_t first;

	*count = 0;
	if (key.kind == VALUE_NONE)
		return NULL;
	first = find_bound(lookup, &key, false);
	*count = find_bound(lookup, &key, true) - first;
	return lookup->events + first;
}
