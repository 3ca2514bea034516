/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The events that are kept: near misses, and events that may still matter to conditions on unknown
 * $variables, to conditions on another block's event, or to order.
 *
 * Memory depends on how different events are, not on how many come. Two events are equal if the
 * same blocks may need them and if they have the same values in all fields that those blocks' open
 * conditions read. Equal events are a group. Of each group
 *   - blocks outside of any `then` need one event, and the number of events;
 *   - a block in a chain of `then` needs the first few since its predecessor was given an event: a
 *     later event could replace one of these only at the cost of the blocks after it. A few means as
 *     many as there are blocks that each want their own event, or one more than the block counts.
 *     If the successor counts, a later event may be better, so that an event for the successor
 *     begins a new epoch, too.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "match/matcher.h"

/* Memory that tsearch() and malloc() take per group. */
#define OVERHEAD_BYTES 96

/* How many events of a group an ordered block was given in its epoch. */
struct quota {
	uint32_t epoch, count;
};

struct event_group {
	const struct matcher *matcher;
	const struct route *route;
	struct event rest;    /* stands for the events that are not kept one by one */
	struct quota *quotas; /* by block; empty unless the test has a `then` */
	bool *selected;	      /* by block: may need the events */
};

static void group_free(void *data)
{
	struct event_group *group = data;

	free(group->rest.values);
	free(group);
}

void event_store_free(struct route *route)
{
	for (struct event *event = route->first, *next; event; event = next) {
		next = event->next;
		if (event != &event->group->rest)
			free(event);
	}
	tdestroy(route->groups, group_free);
}

static size_t text_size(const struct value *value)
{
	return value->kind == VALUE_STRING || value->kind == VALUE_LIST ? value->s.len : 0;
}

/* The values in those slots, to be freed; others are VALUE_NONE. NULL: out of memory. */
static struct value *values_copy(const struct route *route, const struct event *event,
				 uint64_t slots, size_t *size)
{
	struct value *copy;
	char *text;

	*size = route->slot_count * sizeof(*copy);
	for (size_t slot = 0; slot < route->slot_count; slot++)
		*size += (slots & slot_bit(slot)) ? text_size(&event->values[slot]) : 0;
	copy = calloc(1, *size + 1);
	if (!copy)
		return NULL;
	text = (char *)(copy + route->slot_count);
	for (size_t slot = 0; slot < route->slot_count; slot++) {
		if (!(slots & slot_bit(slot)))
			continue;
		copy[slot] = event->values[slot];
		if (text_size(&copy[slot]) == 0)
			continue;
		copy[slot].s.data = text;
		text = mempcpy(text, event->values[slot].s.data, copy[slot].s.len);
	}
	return copy;
}

/* The first of those that hold fewest conditions. */
static struct near_miss *find_worst(struct bound_block *block)
{
	struct near_miss *worst = block->near_misses;

	for (size_t i = 1; i < block->near_miss_count; i++) {
		if (block->near_misses[i].held < worst->held)
			worst = &block->near_misses[i];
	}
	return worst;
}

static void set_bar(struct bound_block *block)
{
	/* A refuse block whose event does not come needs no explanation. */
	if (block->source->kind == BLOCK_REFUSE)
		block->near_miss_bar = block->decided_count;
	else if (block->near_miss_count < NEAR_MISSES_MAX)
		block->near_miss_bar = 0;
	else
		block->near_miss_bar = find_worst(block)->held + 1;
}

int near_miss_offer(struct bound_block *block, const struct event *event, size_t held)
{
	struct near_miss *place;
	struct value *values;
	size_t size;

	if (held < block->near_miss_bar)
		return 0;
	values = values_copy(block->route, event, block->used_slots, &size);
	if (!values)
		return -ENOMEM;
	if (block->near_miss_count < NEAR_MISSES_MAX)
		place = &block->near_misses[block->near_miss_count++];
	else
		place = find_worst(block);
	free(place->event.values);
	*place = (struct near_miss){
		.event = { .number = event->number, .count = 1, .values = values },
		.held = held,
	};
	set_bar(block);
	return 0;
}

void block_rescore(const struct matcher *matcher, struct bound_block *block)
{
	block->decided_count = block->near_miss_bar = 0;
	for (size_t i = 0; i < block->source->condition_count; i++)
		block->decided_count += block->conditions[i].need <= matcher->known;
	for (size_t i = 0; i < block->near_miss_count; i++)
		block->near_misses[i].held =
			block_count_held(matcher, block, &block->near_misses[i].event);
	set_bar(block);
}

/* Collect the fields that the selected blocks read in this event, and whether order or rivals matter. */
static void survey(const struct matcher *matcher, struct route *route)
{
	route->open_slots = route->used_slots = 0;
	route->any_unordered = false;
	route->rivals = 0;
	for (const struct bound_block *block = route->blocks; block; block = block->next) {
		if (!matcher->selected[block->index])
			continue;
		route->any_unordered |= !block_is_ordered(block);
		route->rivals += block->binds;
		route->open_slots |= block->open_slots;
		route->used_slots |= block->used_slots;
	}
}

/* For tsearch(): one of the two groups is that of the event at hand. */
static int compare_groups(const void *a, const void *b)
{
	const struct event_group *left = a, *right = b;
	const struct route *route = left->route;
	int order = memcmp(left->selected, right->selected, left->matcher->block_count);

	for (size_t slot = 0; slot < route->slot_count && order == 0; slot++) {
		const struct value *value = &left->rest.values[slot];
		const struct value *other = &right->rest.values[slot];

		if (!(route->open_slots & slot_bit(slot)))
			continue;
		order = (int)value->kind - (int)other->kind;
		if (order == 0)
			order = value_order(value, other);
	}
	return order;
}

/* The group of the event at hand, or NULL. */
static struct event_group *find_group(const struct matcher *matcher, const struct route *route)
{
	const struct event_group sought = {
		.matcher = matcher,
		.route = route,
		.rest.values = route->event.values,
		.selected = matcher->selected,
	};
	struct event_group *const *found = tfind(&sought, &route->groups, compare_groups);

	return found ? *found : NULL;
}

static struct event_group *add_group(struct matcher *matcher, struct route *route)
{
	size_t quotas_size = matcher->uses_order ? matcher->block_count * sizeof(struct quota) : 0;
	size_t size = sizeof(struct event_group) + quotas_size + matcher->block_count, values_size;
	struct event_group *group = calloc(1, size);

	if (!group)
		return NULL;
	group->matcher = matcher;
	group->route = route;
	group->quotas = (struct quota *)(group + 1);
	group->selected = (bool *)group->quotas + quotas_size;
	memcpy(group->selected, matcher->selected, matcher->block_count);
	group->rest.group = group;
	group->rest.values = values_copy(route, &route->event, route->used_slots, &values_size);
	if (!group->rest.values || !tsearch(group, &route->groups, compare_groups)) {
		group_free(group);
		return NULL;
	}
	matcher->kept_bytes += size + values_size + OVERHEAD_BYTES;
	return group;
}

/* Which ordered blocks ask for one more event of the group? False: none. */
static bool find_asking(const struct matcher *matcher, const struct event_group *group)
{
	const struct route *route = group->route;
	bool any = false;

	for (struct bound_block *block = route->blocks; block; block = block->next) {
		size_t enough = block->enough;
		struct quota *quota;

		block->asks = false;
		if (!matcher->selected[block->index] || !block_is_ordered(block))
			continue;
		quota = &group->quotas[block->index];
		if (quota->epoch != block->epoch)
			*quota = (struct quota){ .epoch = block->epoch };
		if (block->binds && enough < route->rivals)
			enough = route->rivals;
		block->asks = quota->count < enough;
		block->is_cut |= !block->asks;
		any |= block->asks;
	}
	return any;
}

/* The blocks that ask are given an event: an epoch begins for their neighbours. */
static void give(struct matcher *matcher, const struct event_group *group)
{
	for (const struct bound_block *block = group->route->blocks; block; block = block->next) {
		if (!block->asks)
			continue;
		group->quotas[block->index].count++;
		if (block->successor != SIZE_MAX)
			matcher->blocks[block->successor].epoch++;
		if (block->source->count > 0 && block->predecessor != SIZE_MAX)
			matcher->blocks[block->predecessor].epoch++;
	}
}

static void add_candidate(struct matcher *matcher, struct bound_block *block,
			  const struct event *event)
{
	if (block->candidate_count == block->candidate_capacity) {
		size_t capacity = block->candidate_capacity + block->candidate_capacity / 4 + 16;
		const struct event **candidates = NULL;

		if (matcher->kept_bytes <= KEPT_BYTES_MAX || block->alone)
			candidates =
				reallocarray(block->candidates, capacity, sizeof(struct event *));
		if (!candidates) {
			block->left_out += event->count;
			return;
		}
		matcher->kept_bytes +=
			(capacity - block->candidate_capacity) * sizeof(struct event *);
		block->candidates = candidates;
		block->candidate_capacity = capacity;
	}
	block->candidates[block->candidate_count++] = event;
}

/* Is the block among those that the event was kept for? */
static bool is_kept_for(const struct event *event, const struct bound_block *block)
{
	bool one_by_one = event != &event->group->rest;

	return event->group->selected[block->index] && (one_by_one || !block_is_ordered(block));
}

static void append(struct matcher *matcher, struct route *route, struct event *event)
{
	event->number = route->event.number;
	event->count = 1;
	*route->last = event;
	route->last = &event->next;
	for (struct bound_block *block = route->blocks; block; block = block->next) {
		if (!block->waits && is_kept_for(event, block))
			add_candidate(matcher, block, event);
	}
}

static int add_event(struct matcher *matcher, struct route *route, const struct event_group *group)
{
	struct event *event = calloc(1, sizeof(*event));

	if (!event)
		return -ENOMEM;
	matcher->kept_bytes += sizeof(*event);
	event->group = group;
	event->values = group->rest.values;
	give(matcher, group);
	append(matcher, route, event);
	return 0;
}

/* The memory is full: deselects the blocks that need any number of events. False: none does. */
static bool leave_out(const struct matcher *matcher, const struct route *route)
{
	bool any = false;

	for (struct bound_block *block = route->blocks; block; block = block->next) {
		bool *selected = &matcher->selected[block->index];

		if (!*selected || (block->alone && !block->waits))
			continue;
		*selected = false;
		block->left_out++;
		any = true;
	}
	return any;
}

int event_store_keep(struct matcher *matcher, struct route *route)
{
	struct event_group *group;

	if (!memchr(matcher->selected, 1, matcher->block_count))
		return 0;
	survey(matcher, route);
	group = find_group(matcher, route);
	if (group && (group->rest.count > 0 || !route->any_unordered) &&
	    !find_asking(matcher, group)) {
		group->rest.count += route->any_unordered;
		return 0;
	}
	if (matcher->kept_bytes > KEPT_BYTES_MAX && leave_out(matcher, route))
		return event_store_keep(matcher, route);
	if (!group)
		group = add_group(matcher, route);
	if (!group)
		return -ENOMEM;
	if (find_asking(matcher, group))
		return add_event(matcher, route, group);
	append(matcher, route, &group->rest);
	return 0;
}

void event_store_review(struct matcher *matcher, struct bound_block *block)
{
	block->held = 0;
	for (const struct event *event = block->route->first; event; event = event->next) {
		size_t held;

		if (!is_kept_for(event, block))
			continue;
		held = block_count_held(matcher, block, event);
		if (held < block->decided_count) {
			/* Out of memory costs an explanation here, no verdict. */
			(void)near_miss_offer(block, event, held);
			continue;
		}
		if (!block->alone || block->held < block->enough)
			add_candidate(matcher, block, event);
		block->held += event->count;
	}
}
