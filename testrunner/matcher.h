/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the parts of matching share. Nobody else includes it. */
#ifndef MATCHER_H
#define MATCHER_H

#include "match.h"
#include "variable.h"

/* Events that came near, kept for each block to explain a failure with. */
#define MISSES_MAX 8

/* Beyond this the kept events are a danger to a small guest, and the test is not what it seems. */
#define KEPT_BYTES_MAX (32u << 20)

/* Bindings tried before the search gives up; a few seconds on a slow emulated CPU. */
#define STEPS_MAX	2000000
#define STEPS_MAX_EARLY 50000 /* when asked between two polls */

struct event {
	uint64_t number; /* of arrival */
	struct look *look;
};

/* An event as its type's blocks see it. Kept events that are alike share one. */
struct look {
	struct value *values; /* of the fields that lines look at, by slot */
	bool *unread; /* by slot, of the event at hand; NULL: there is nothing to read any more */
	bool kept;    /* lines that need nothing held, and what only they look at was not kept */
	struct event counter; /* stands for events that blocks need no more of than their number */
	uint64_t count;	      /* which is this */
};

/* How many events it stands for, which are all the same to those blocks that have it. */
static inline uint64_t event_times(const struct event *event)
{
	return event == &event->look->counter ? event->look->count : 1;
}

/* What must be known before a condition can be decided. */
enum need { NEED_NOTHING, NEED_VARIABLES, NEED_EVENTS };

struct bound_operand {
	const struct operand *source;
	struct field field; /* OPERAND_FIELD, OPERAND_EVENT_FIELD */
	size_t slot;	    /* of that field */
};

struct bound_condition {
	const struct condition *source;
	struct field field;
	size_t slot;
	enum comparison op;
	enum need need;
	struct bound_operand *operands;
	struct value
		*values; /* of the operands; those that depend on events are read just before use */
};

struct miss {
	struct event event;
	struct look look;
	size_t capacity; /* bytes for its values and text */
	size_t held;	 /* lines that hold, of those that could be decided */
};

struct bound_block {
	const struct block *source;
	size_t index; /* in test.blocks */
	const struct schema *schema;
	const struct record_type *type;
	struct route *route;
	size_t bit; /* of the route's blocks */
	struct bound_condition *conditions;
	bool *uses;	   /* slots that its lines and lines about it look at */
	bool *keeps;	   /* those of lines that cannot be decided as events stream in */
	bool binds;	   /* expects one event, which has a name */
	bool waits;	   /* some line needs $variables, and they are not known */
	bool joined;	   /* some line compares with another block's event */
	bool alone;	   /* nothing ties it to another block's event */
	size_t after;	   /* `then`: the expect block before it; SIZE_MAX: none */
	size_t before;	   /* the block that is `then` after it; SIZE_MAX: none */
	size_t enough;	   /* of events that are the same to it: more change nothing */
	size_t room;	   /* for so many candidates more */
	uint32_t epoch;	   /* see match_shelf.c */
	bool uncounted;	   /* more came than `enough` */
	uint64_t left_out; /* events for which there was no memory */
	const struct event **candidates; /* every line that could be decided holds; by arrival */
	size_t candidate_count, candidate_capacity;
	uint64_t held; /* events for which every line that could be decided holds */
	struct miss misses[MISSES_MAX];
	size_t miss_count;
	size_t miss_floor; /* to be kept, an event that missed must hold more lines than that */
	bool misses_final; /* none can come that would be kept */
	size_t due_count;  /* lines that can be decided while events stream in */
};

/* Does `then` tie it to another? */
static inline bool block_is_ordered(const struct bound_block *block)
{
	return block->after != SIZE_MAX || block->before != SIZE_MAX;
}

/* Events of one record type. */
struct route {
	const struct schema *schema;
	struct bound_block **blocks;
	size_t block_count;
	uint64_t seen;
	struct field *fields; /* by slot: all that lines look at */
	size_t slot_count;
	/* The event at hand, and the record that it is read from. */
	struct event now;
	struct look now_look;
	const void *data;
	size_t len;
	struct shelf *shelf; /* the kept events */
};

struct chunk;

struct matcher {
	const struct test *test;
	const struct schema **schemas;
	size_t schema_count;
	struct route **routes; /* by schema, then record_type.index */
	struct bound_block *blocks;
	size_t block_count;
	json_t *variables; /* borrowed; NULL: not known */
	bool uses_variables;
	enum need due;	      /* lines that need no more can be decided as events stream in */
	struct chunk *chunks; /* kept events */
	size_t kept_bytes;
	uint64_t event_count;
	/* matcher_satisfied: what is already known */
	bool satisfied, changed;
};

/* The events that the blocks stand for, by block; NULL: none yet. */
struct binding {
	const struct event **events;
};

/* False once there are none left. */
static inline bool take_steps(uint64_t *steps_left, uint64_t steps)
{
	*steps_left -= steps < *steps_left ? steps : *steps_left;
	return *steps_left > 0;
}

enum search_result { SEARCH_FOUND, SEARCH_NONE, SEARCH_GAVE_UP };

/*
 * Find an event for each binding block so that every line of every expect block holds, different
 * blocks have different events, and `then` and, if `final`, exact counts are kept to. With
 * `refused` (a refuse block, or NULL): and an event that it refuses; it may be one that is bound.
 * `best` (NULL: not wanted) is the binding that was found, or the one that got furthest.
 */
enum search_result search(struct matcher *matcher, const struct bound_block *refused, bool final,
			  uint64_t *steps_left, struct binding *best);
/*
 * Events for the blocks that stand alone, so that no event stands for two blocks; the others are
 * bound. `taken` has room for a mark for each block. False: there are not enough events.
 */
bool assign_alone(const struct matcher *matcher, struct binding *binding, uint64_t *steps_left);

/* Blocks are bound to routes between these two. Both return 0 or -ENOMEM. */
int routes_new(struct matcher *matcher);
int routes_equip(struct matcher *matcher);
void routes_free(struct matcher *matcher);

/* The slot of a field that a line looks at. Returns 0 or -ENOMEM. */
int slot_add(struct route *route, const struct field *field, size_t *slot);
/* All fields have slots: make room for the event at hand. Returns 0 or -ENOMEM. */
int event_room(struct route *route);
/* There is a new event at hand; `data` is looked at until the next one. */
void event_begin(struct route *route, uint64_t number, const void *data, size_t len);
void event_read(const struct route *route, struct look *look, size_t slot);

/* VALUE_NONE: there is none, or it was not kept. */
static inline const struct value *event_value(const struct route *route, const struct event *event,
					      size_t slot)
{
	if (event->look->unread && event->look->unread[slot])
		event_read(route, event->look, slot);
	return &event->look->values[slot];
}

/* Bytes that a copy of the values takes, of those that are `wanted`, by slot. */
size_t values_size(const struct route *route, const struct event *event, const bool *wanted);
/* ... and the copy. Others are VALUE_NONE there. */
void values_copy(const struct route *route, const struct event *event, const bool *wanted,
		 struct value *copy);

/* All fields have slots. Returns 0 or -ENOMEM. */
int shelf_new(struct route *route);
void shelf_free(struct shelf *shelf); /* takes NULL */
/* The event at hand may matter to the block later. */
void shelf_mark(struct shelf *shelf, const struct bound_block *block);
/* Keep the event at hand for the blocks that were marked, unless it tells them nothing new. */
int shelf_keep(struct matcher *matcher, struct route *route);
/* The variables are known: which of the events that were kept for the block does it take now? */
void shelf_sift(struct matcher *matcher, struct bound_block *block);
void chunks_free(struct chunk *chunks);

/* Candidates of a block, sorted by what a line of equality with another block's field compares. */
struct lookup;

/*
 * *lookup is NULL when no line compares `block` for equality with one of the `count` blocks of
 * `bound`. Errors: -ENOMEM.
 */
int lookup_new(const struct matcher *matcher, const struct bound_block *block, const size_t *bound,
	       size_t count, struct lookup **lookup);
void lookup_free(struct lookup *lookup); /* takes NULL */
/* The candidates, in order of arrival, for which that line can hold under `binding`. */
const struct event *const *lookup_find(const struct lookup *lookup, const struct binding *binding,
				       size_t *count);

/* How many events a counting block stands for under `binding`, which is complete. */
uint64_t search_count(const struct matcher *matcher, const struct bound_block *block,
		      const struct binding *binding);

/* Is the event one that `block` might be near to? Then it is copied. Returns 0 or -ENOMEM. */
int miss_consider(const struct matcher *matcher, struct bound_block *block,
		  const struct event *event);
/* The variables have become known: more lines can be decided. */
void miss_rescore(const struct matcher *matcher, struct bound_block *block);

/*
 * Does the line hold for `event` as the block's? `binding` may be NULL where `need` is not
 * NEED_EVENTS. What cannot be read holds nothing.
 */
bool condition_holds(const struct matcher *matcher, const struct bound_block *block,
		     const struct bound_condition *condition, const struct event *event,
		     const struct binding *binding);

/* Can the line be decided as events stream in, and does not hold? */
static inline bool condition_missed(const struct matcher *matcher, const struct bound_block *block,
				    const struct bound_condition *condition,
				    const struct event *event)
{
	if (condition->need > matcher->due)
		return false;
	return !condition_holds(matcher, block, condition, event, NULL);
}

/* Does no line miss the event, of those that can be decided as events stream in? */
bool block_holds(const struct matcher *matcher, const struct bound_block *block,
		 const struct event *event);
/* Does the line compare with a field of the block `index`? */
bool condition_refers_to(const struct bound_condition *condition, size_t index);
/* Can the line be decided, given the variables and the events bound so far? */
bool condition_decidable(const struct matcher *matcher, const struct bound_condition *condition,
			 const struct binding *binding);

/* Can the line's field be compared at all, by its operator? If not, -EINVAL and *error says why. */
int field_check(const struct bound_condition *condition, struct parse_error *error);
/* Can a value of the operand ever compare with the field? If not, -EINVAL and `error` says why. */
int operand_check(const struct schema *schema, const struct bound_condition *condition,
		  struct value *value, char *error, size_t error_size);

#endif
