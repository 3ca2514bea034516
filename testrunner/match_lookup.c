/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Candidates by value: of the lines that tie blocks together most ask for equal ids, and with ten
 * thousand forks and as many execs not every pair can be tried.
 */
#include <errno.h>
#include <stdlib.h>

#include "matcher.h"

struct lookup {
	const struct bound_block *other; /* is bound before; what is looked for is in its slot */
	size_t other_slot;
	const struct route *route;
	size_t slot;
	const struct event **events; /* rising by their values in `slot` */
	size_t count;
};

/* Both sides of an equality, as seen from the block whose candidates are looked up. */
struct sides {
	size_t own, other; /* slots */
	size_t other_block;
};

static bool is_text(const struct field *field)
{
	return !field->length && (field->kind == FIELD_STRING || field->kind == FIELD_VARLEN ||
				  field->kind == FIELD_VARLEN_ITEM);
}

/*
 * Numbers and text compare in other ways than by order, so a line that mixes them, or may, is of no
 * use here.
 */
static bool is_equality(const struct bound_condition *condition)
{
	return condition->op == OP_EQ &&
	       condition->operands[0].source->kind == OPERAND_EVENT_FIELD &&
	       condition->field.kind != FIELD_JSON &&
	       is_text(&condition->field) == is_text(&condition->operands[0].field);
}

/* A line of `owner` that ties the block to `bound`, one of the two being the owner. */
static bool find_line(const struct bound_block *owner, size_t referred, struct sides *sides)
{
	for (size_t c = 0; c < owner->source->condition_count; c++) {
		const struct bound_condition *condition = &owner->conditions[c];

		if (!is_equality(condition) || condition->source->operands[0].block != referred)
			continue;
		sides->own = condition->slot;
		sides->other = condition->operands[0].slot;
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
			size_t swapped = sides->own;

			sides->own = sides->other;
			sides->other = swapped;
			return true;
		}
	}
	return false;
}

static const struct value *find_key(const struct lookup *lookup, size_t index)
{
	return event_value(lookup->route, lookup->events[index], lookup->slot);
}

static int compare_events(const void *a, const void *b, void *context)
{
	const struct event *const *left = a, *const *right = b;
	const struct lookup *lookup = context;
	int order = value_order(event_value(lookup->route, *left, lookup->slot),
				event_value(lookup->route, *right, lookup->slot));

	/* Else by arrival. */
	return order ? order :
		       ((*left)->number > (*right)->number) - ((*left)->number < (*right)->number);
}

int lookup_new(const struct matcher *matcher, const struct bound_block *block, const size_t *bound,
	       size_t count, struct lookup **out)
{
	struct lookup *lookup;
	struct sides sides;

	*out = NULL;
	/* For a handful it is not worth it. */
	if (block->candidate_count < 4 || !find_sides(matcher, block, bound, count, &sides))
		return 0;
	lookup = calloc(1, sizeof(*lookup));
	if (!lookup)
		return -ENOMEM;
	*lookup = (struct lookup){
		.other = &matcher->blocks[sides.other_block],
		.other_slot = sides.other,
		.route = block->route,
		.slot = sides.own,
		.events = calloc(block->candidate_count, sizeof(struct event *)),
	};
	if (!lookup->events) {
		lookup_free(lookup);
		return -ENOMEM;
	}
	for (size_t i = 0; i < block->candidate_count; i++) {
		lookup->events[lookup->count] = block->candidates[i];
		/* What cannot be read is equal to nothing. */
		lookup->count += find_key(lookup, lookup->count)->kind != VALUE_NONE;
	}
	qsort_r(lookup->events, lookup->count, sizeof(struct event *), compare_events, lookup);
	*out = lookup;
	return 0;
}

void lookup_free(struct lookup *lookup)
{
	if (!lookup)
		return;
	free(lookup->events);
	free(lookup);
}

/* The first place whose key is not below `key`, or, with `past`, above it. */
static size_t find_bound(const struct lookup *lookup, const struct value *key, bool past)
{
	size_t low = 0, high = lookup->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (value_order(find_key(lookup, middle), key) < past)
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
	const struct value *key = event_value(lookup->other->route, event, lookup->other_slot);
	size_t first;

	*count = 0;
	if (key->kind == VALUE_NONE)
		return NULL;
	first = find_bound(lookup, key, false);
	*count = find_bound(lookup, key, true) - first;
	return lookup->events + first;
}
