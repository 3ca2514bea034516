/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events that may still matter: to lines about $variables that are not known yet, or about another
 * block's event, or to order.
 *
 * How many are kept depends on how different they are, not on how many come. Events are alike when
 * the same blocks may need them, and all values are the same that lines of those have yet to look
 * at. Of events that are alike
 *   - blocks that no `then` ties to another need one, and to know how many there were;
 *   - a block in the order of `then` can do with the first few since an event was kept for the
 *     block before it: what a later one could stand for, one of these can as well, and leaves more
 *     room for what is to come after. How few: as many as there are blocks that want one for
 *     themselves, or one more than the block counts. But when the block after it counts, later may
 *     be better: then what is kept for that begins a new epoch, too.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

#define TABLE_MIN 64

int shelf_new(struct route *route)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));

	route->shelf = shelf;
	if (!shelf)
		return -ENOMEM;
	shelf->last = &shelf->first;
	shelf->words = (route->block_count + 63) / 64;
	shelf->marks = calloc(shelf->words + 1, sizeof(*shelf->marks));
	shelf->known_marks = calloc(shelf->words + 1, sizeof(*shelf->known_marks));
	shelf->compared = calloc(route->slot_count + 1, sizeof(bool));
	shelf->stored = calloc(route->slot_count + 1, sizeof(bool));
	shelf->ordered = calloc(route->block_count + 1, sizeof(*shelf->ordered));
	shelf->got = calloc(route->block_count + 1, sizeof(bool));
	shelf->table = calloc(TABLE_MIN, sizeof(*shelf->table));
	shelf->table_size = TABLE_MIN;
	if (!shelf->marks || !shelf->known_marks || !shelf->compared || !shelf->stored ||
	    !shelf->ordered || !shelf->got || !shelf->table)
		return -ENOMEM;
	for (size_t i = 0; i < route->block_count; i++) {
		struct bound_block *block = route->blocks[i];

		if (block_is_ordered(block))
			shelf->ordered[shelf->ordered_count++] = block;
	}
	return 0;
}

void shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	free(shelf->marks);
	free(shelf->known_marks);
	free(shelf->compared);
	free(shelf->stored);
	free(shelf->ordered);
	free(shelf->got);
	free(shelf->table);
	free(shelf);
}

void shelf_mark(struct shelf *shelf, const struct bound_block *block)
{
	shelf->marks[block->bit / 64] |= 1ULL << (block->bit % 64);
	shelf->is_marked = true;
}

/* Most events have the marks of the one before. */
static void read_marks(const struct route *route)
{
	struct shelf *shelf = route->shelf;

	if (memcmp(shelf->marks, shelf->known_marks, shelf->words * sizeof(uint64_t)) == 0)
		return;
	memcpy(shelf->known_marks, shelf->marks, shelf->words * sizeof(uint64_t));
	memset(shelf->compared, false, route->slot_count);
	memset(shelf->stored, false, route->slot_count);
	shelf->any_unordered = false;
	shelf->rivals = 0;
	for (size_t i = 0; i < route->block_count; i++) {
		const struct bound_block *block = route->blocks[i];

		if (!has_bit(shelf->marks, i))
			continue;
		shelf->any_unordered |= !block_is_ordered(block);
		shelf->rivals += block->binds;
		for (size_t slot = 0; slot < route->slot_count; slot++) {
			shelf->compared[slot] |= block->keeps[slot];
			/* Of what is refused all that its lines look at is shown. */
			shelf->stored[slot] |= block->source->kind == BLOCK_REFUSE ?
						       block->uses[slot] :
						       block->keeps[slot];
		}
	}
}

/* Does a block in the order of `then` need one more of these? */
static bool order_asks(const struct shelf *shelf, struct likeness *likeness)
{
	bool asks = false;

	for (size_t i = 0; i < shelf->ordered_count; i++) {
		struct bound_block *block = shelf->ordered[i];
		struct spell *spell = &likeness->spells[i];
		size_t enough = block->enough;

		shelf->got[i] = false;
		if (!has_bit(shelf->marks, block->bit))
			continue;
		if (spell->epoch != block->epoch)
			*spell = (struct spell){ .epoch = block->epoch };
		if (block->binds && enough < shelf->rivals)
			enough = shelf->rivals;
		shelf->got[i] = spell->count < enough;
		block->uncounted |= !shelf->got[i];
		asks |= shelf->got[i];
	}
	return asks;
}

/* They get it, and for their neighbours an epoch begins. */
static void note_order(struct matcher *matcher, const struct shelf *shelf,
		       struct likeness *likeness)
{
	for (size_t i = 0; i < shelf->ordered_count; i++) {
		const struct bound_block *block = shelf->ordered[i];

		if (!shelf->got[i])
			continue;
		likeness->spells[i].count++;
		if (block->before != SIZE_MAX)
			matcher->blocks[block->before].epoch++;
		if (block->source->count > 0 && block->after != SIZE_MAX)
			matcher->blocks[block->after].epoch++;
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
			block->left_out += event_times(event);
			return;
		}
		matcher->kept_bytes +=
			(capacity - block->candidate_capacity) * sizeof(struct event *);
		block->candidates = candidates;
		block->candidate_capacity = capacity;
	}
	block->candidates[block->candidate_count++] = event;
}

/* Every block that the event is kept for has it as a candidate now, unless it waits. */
static void offer(struct matcher *matcher, const struct route *route, const struct event *event,
		  bool ordered)
{
	for (size_t i = 0; i < route->block_count; i++) {
		struct bound_block *block = route->blocks[i];

		if (has_bit(route->shelf->marks, i) && !block->waits &&
		    (ordered || !block_is_ordered(block)))
			add_candidate(matcher, block, event);
	}
}

static int add_event(struct matcher *matcher, const struct route *route, struct likeness *likeness)
{
	struct shelf *shelf = route->shelf;
	struct batch *batch = shelf->last_batch;
	struct event *event;

	if (!batch || batch->count == BATCH_EVENTS) {
		batch = take_room(matcher, sizeof(*batch));
		if (!batch)
			return -ENOMEM;
		batch->next = NULL;
		batch->count = 0;
		*(shelf->last_batch ? &shelf->last_batch->next : &shelf->first_batch) = batch;
		shelf->last_batch = batch;
	}
	event = &batch->events[batch->count++];
	*event = (struct event){ route->now.number, &likeness->look };
	note_order(matcher, shelf, likeness);
	offer(matcher, route, event, true);
	return 0;
}

static void count_event(struct matcher *matcher, const struct route *route, struct look *look)
{
	if (look->count++ > 0)
		return;
	look->counter = (struct event){ route->now.number, look };
	offer(matcher, route, &look->counter, false);
}

/* There is no memory for the event any more, but for blocks that need a few at most. Any others? */
static bool leave_out(const struct route *route)
{
	struct shelf *shelf = route->shelf;
	bool any = false;

	shelf->is_marked = false;
	for (size_t i = 0; i < route->block_count; i++) {
		struct bound_block *block = route->blocks[i];

		if (!has_bit(shelf->marks, i))
			continue;
		if (block->alone && !block->waits) {
			shelf->is_marked = true;
			continue;
		}
		shelf->marks[i / 64] &= ~(1ULL << (i % 64));
		block->left_out++;
		any = true;
	}
	return any;
}

static int keep(struct matcher *matcher, const struct route *route)
{
	const struct shelf *shelf = route->shelf;
	struct likeness *likeness;
	uint64_t hash;
	bool asks;

	read_marks(route);
	hash = likeness_hash(route);
	likeness = likeness_find(route, hash);
	asks = likeness && order_asks(shelf, likeness);
	if (likeness && !asks && (likeness->look.count || !shelf->any_unordered)) {
		likeness->look.count += shelf->any_unordered;
		return 0;
	}
	if (matcher->kept_bytes > KEPT_BYTES_MAX && leave_out(route))
		return shelf->is_marked ? keep(matcher, route) : 0;
	if (!likeness) {
		int err = likeness_add(matcher, route, hash, &likeness);

		if (err)
			return err;
		asks = order_asks(shelf, likeness);
	}
	if (asks)
		return add_event(matcher, route, likeness);
	count_event(matcher, route, &likeness->look);
	return 0;
}

int shelf_keep(struct matcher *matcher, struct route *route)
{
	struct shelf *shelf = route->shelf;
	int err;

	if (!shelf->is_marked)
		return 0;
	err = keep(matcher, route);
	memset(shelf->marks, 0, shelf->words * sizeof(uint64_t));
	shelf->is_marked = false;
	return err;
}

static void sift(struct matcher *matcher, struct bound_block *block, const struct event *event)
{
	/* A look is the first of its likeness. */
	const struct likeness *likeness = (const struct likeness *)event->look;

	if (!has_bit(likeness->blocks, block->bit))
		return;
	if (!block_holds(matcher, block, event)) {
		/* Out of memory costs an explanation here, no verdict. */
		if (block->source->kind == BLOCK_EXPECT)
			(void)miss_consider(matcher, block, event);
		return;
	}
	block->held += event_times(event);
	if (block->room == 0)
		return;
	block->room -= event_times(event) < block->room ? event_times(event) : block->room;
	add_candidate(matcher, block, event);
}

void shelf_sift(struct matcher *matcher, struct bound_block *block)
{
	const struct shelf *shelf = block->route->shelf;

	block->held = 0;
	for (const struct batch *batch = shelf->first_batch; batch; batch = batch->next) {
		for (size_t i = 0; i < batch->count; i++)
			sift(matcher, block, &batch->events[i]);
	}
	if (block_is_ordered(block))
		return;
	for (const struct likeness *likeness = shelf->first; likeness; likeness = likeness->next) {
		if (likeness->look.count > 0)
			sift(matcher, block, &likeness->look.counter);
	}
}
