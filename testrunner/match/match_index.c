/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * An index of a block's candidates: most conditions between blocks ask for equal ids, and of ten
 * thousand forks and as many execs not every pair can be tried.
 */
#include <errno.h>
#include <stdlib.h>

#include "match/matcher.h"

struct candidate_index {
	size_t other_block, other_slot; /* of the value that is looked up */
	size_t slot;
	size_t count;
	const struct event *events[]; /* rising by their values in `slot`, then by arrival */
};

static bool is_text(const struct field *field)
{
	return !field->length && (field->kind == FIELD_STRING || field->kind == FIELD_VARLEN ||
				  field->kind == FIELD_VARLEN_ITEM);
}

/*
 * A condition of `owner` that asks for equality with the block `referred`, or NULL. Not one that may
 * compare a number with text: that is not the order of value_order().
 */
static const struct bound_condition *find_equality(const struct bound_block *owner, size_t referred)
{
	for (size_t i = 0; i < owner->source->condition_count; i++) {
		const struct bound_condition *condition = &owner->conditions[i];

		if (condition->op == OP_EQ && condition_refers_to(condition, referred) &&
		    condition->field.kind != FIELD_JSON &&
		    is_text(&condition->field) == is_text(&condition->operands[0].field))
			return condition;
	}
	return NULL;
}

/* Which slots of the block and of a bound one are asked to be equal? False: none. */
static bool find_slots(const struct bound_block *block, const struct bound_block *const *bound,
		       size_t count, struct candidate_index *index)
{
	for (size_t i = 0; i < count; i++) {
		const struct bound_condition *own = find_equality(block, bound[i]->index);
		const struct bound_condition *other = find_equality(bound[i], block->index);

		if (!own && !other)
			continue;
		index->other_block = bound[i]->index;
		index->slot = own ? own->slot : other->operands[0].slot;
		index->other_slot = own ? own->operands[0].slot : other->slot;
		return true;
	}
	return false;
}

static int compare_events(const void *a, const void *b, void *context)
{
	const struct event *const *left = a, *const *right = b;
	const struct candidate_index *index = context;
	int order = value_order(&(*left)->values[index->slot], &(*right)->values[index->slot]);

	return order ? order :
		       ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
}

int candidate_index_new(const struct bound_block *block, const struct bound_block *const *bound,
			size_t count, struct candidate_index **out)
{
	struct candidate_index *index, slots = { 0 };

	*out = NULL;
	/* For a few candidates an index does not pay. */
	if (block->candidate_count < 4 || !find_slots(block, bound, count, &slots))
		return 0;
	index = malloc(sizeof(*index) + block->candidate_count * sizeof(struct event *));
	if (!index)
		return -ENOMEM;
	*index = slots;
	for (size_t i = 0; i < block->candidate_count; i++) {
		/* A value that cannot be read is equal to nothing. */
		if (block->candidates[i]->values[index->slot].kind != VALUE_NONE)
			index->events[index->count++] = block->candidates[i];
	}
	qsort_r(index->events, index->count, sizeof(struct event *), compare_events, index);
	*out = index;
	return 0;
}

/* The first place whose value is not below `key`, or, with `past`, above it. */
static size_t find_bound(const struct candidate_index *index, const struct value *key, bool past)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (value_order(&index->events[middle]->values[index->slot], key) < past)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct event *const *candidate_index_find(const struct candidate_index *index,
						const struct event *const *chosen, size_t *count)
{
	const struct value *key = &chosen[index->other_block]->values[index->other_slot];
	size_t first;

	*count = 0;
	if (key->kind == VALUE_NONE)
		return NULL;
	first = find_bound(index, key, false);
	*count = find_bound(index, key, true) - first;
	return index->events + first;
}
