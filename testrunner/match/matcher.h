/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The structures and functions that the matcher's files share. */
#ifndef MATCH_MATCHER_H
#define MATCH_MATCHER_H

#include <jansson.h>

#include "event/decode.h"
#include "event/variable.h"
#include "suite/test.h"

/* Near misses kept per block, to explain a failure with. */
#define NEAR_MISSES_MAX 8

/* Kept events beyond this endanger a small guest. */
#define KEPT_BYTES_MAX (32u << 20)

/* Candidates tried before a search gives up: a few seconds on a slow emulated CPU. */
#define STEPS_MAX	2000000
#define STEPS_MAX_EARLY 50000 /* when asked between two polls */

struct event_group;
struct explanation;

struct event {
	struct event *next;   /* of the kept events, by arrival */
	uint64_t number;      /* of arrival, from 1 */
	uint64_t count;	      /* equal events that this one stands for */
	struct value *values; /* by slot; VALUE_NONE: unreadable, or nothing looks at the slot */
	const struct event_group *group; /* NULL: the event is not kept */
};

/* Slots as a set of bits. Slots from 63 on share one: then more are compared and kept than need be. */
static inline uint64_t slot_bit(size_t slot)
{
	return 1ULL << (slot < 63 ? slot : 63);
}

/* Inputs that must be known before a condition can be decided. */
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
	uint64_t slots; /* a set: in the block's own event, see slot_bit() */
	enum comparison op;
	enum need need;
	struct bound_operand *operands;
	struct value *values; /* of the operands; those that are fields were read last for
				 condition_holds() */
};

struct near_miss {
	struct event event;
	size_t held; /* conditions that hold, of those that could be decided */
};

struct bound_block {
	const struct block *source;
	size_t index; /* in event_test.blocks */
	struct route *route;
	struct bound_block *next; /* of the route */
	struct bound_condition *conditions;
	size_t decided_count; /* conditions that are decided when an event arrives */
	uint64_t used_slots;  /* those that conditions read in the block's event */
	uint64_t open_slots;  /* those that are read later than on arrival */
	bool binds;	      /* expects a single event, which other blocks can refer to */
	bool waits;	      /* a condition needs $variables, which are unknown */
	bool joined;	      /* a condition refers to another block's event */
	bool referred;	      /* another block's condition refers to the block's event */
	bool alone;	      /* neither a condition nor `then` ties it to another block */
	size_t predecessor;   /* `then`: the expect block before this one, or SIZE_MAX */
	size_t successor;     /* the block that is `then` after this one, or SIZE_MAX */
	size_t enough;	      /* equal events after which more change nothing */
	uint32_t epoch;	      /* see match_store.c */
	bool asks;	      /* for the event at hand, which is in its order */
	bool is_cut;	      /* more equal events came than were kept */
	uint64_t held;	      /* events for which every decided condition holds */
	uint64_t left_out;    /* such events for which there was no memory */
	const struct event **candidates; /* those that were kept; by arrival */
	size_t candidate_count, candidate_capacity;
	struct near_miss near_misses[NEAR_MISSES_MAX];
	size_t near_miss_count;
	size_t near_miss_bar; /* conditions that an event must hold to matter to the block */
};

/* Does `then` tie the block to another? */
static inline bool block_is_ordered(const struct bound_block *block)
{
	return block->predecessor != SIZE_MAX || block->successor != SIZE_MAX;
}

/* From one event type to the blocks about that type. */
struct route {
	const struct schema *schema;
	const struct event_type *type;
	uint64_t seen;		    /* events */
	struct bound_block *blocks; /* a list */
	size_t binding_count;	    /* of those that bind */
	struct field *fields;	    /* by slot: every field that a condition reads */
	size_t slot_count;
	struct event event; /* at hand; text in its values is the caller's */
	/* Kept events, see match_store.c. */
	struct event *first, **last;
	void *groups;			 /* a tree, see tsearch(3) */
	uint64_t open_slots, used_slots; /* of all selected blocks */
	bool any_unordered;		 /* block is selected */
	size_t rivals;			 /* selected blocks that each want an event of their own */
};

struct matcher {
	const struct event_test *test;
	struct route *routes; /* of all event types, by schema */
	size_t route_count;
	struct bound_block *blocks;
	size_t block_count;
	json_t *variables; /* borrowed; NULL: unknown */
	bool uses_variables, uses_order;
	bool *selected;	 /* by block: may need the event at hand */
	enum need known; /* conditions that need no more are decided when an event arrives */
	size_t kept_bytes;
	uint64_t event_count;
	bool satisfied, changed; /* matcher_satisfied(): its last answer, and events since then */
};

/*
 * `chosen` below: by block, the event that the block stands for, or NULL. Only binding blocks have
 * one, and the refuse block of a search.
 */

/*
 * match.c: read the values of $variables. A wrong one's is VALUE_NONE, and `explanation` (or NULL)
 * gets a line.
 */
void variables_read(const struct matcher *matcher, struct explanation *explanation);

/* match_condition.c */

/* Can the condition's field be compared by its operator? If not: -EINVAL, and *error says why. */
int field_check(const struct bound_condition *condition, struct parse_error *error);
/*
 * Can the operand's value compare with the condition's field? Text becomes the number or address
 * that the field calls for. If not: -EINVAL, and `error` says why.
 */
int operand_check(const struct schema *schema, const struct bound_condition *condition,
		  struct value *value, char *error, size_t error_size);
/* Does the condition refer to the event of the block `index`? */
bool condition_refers_to(const struct bound_condition *condition, size_t index);
/*
 * Does the condition hold for the event? A value that cannot be read holds nothing. `chosen` may be
 * NULL unless the condition needs events.
 */
bool condition_holds(const struct bound_condition *condition, const struct event *event,
		     const struct event *const *chosen);
/*
 * The number of decided conditions that the event holds; too low where it is below
 * block.near_miss_bar.
 */
size_t block_count_held(const struct matcher *matcher, const struct bound_block *block,
			const struct event *event);
/* Are the variables known, and the events chosen, that the condition needs? */
bool condition_is_decidable(const struct matcher *matcher, const struct bound_condition *condition,
			    const struct event *const *chosen);

/* A condition, and the block that has it. Begins as { .block = index }. */
struct tie {
	size_t block, next;
	const struct bound_condition *condition;
};

/*
 * The next condition that the event chosen for the block `index` decides, given the other events
 * that are chosen: a condition of that block, or one of another chosen block that refers to it.
 * False: there are no more.
 */
bool tie_next(const struct matcher *matcher, size_t index, const struct event *const *chosen,
	      struct tie *tie);

/* match_store.c */

void event_store_free(struct route *route);
/* Keep the event at hand for the selected blocks as far as they need it. Errors: -ENOMEM. */
int event_store_keep(struct matcher *matcher, struct route *route);
/* The variables became known: choose the block's candidates among the events kept for it. */
void event_store_review(struct matcher *matcher, struct bound_block *block);
/* The event holds `held` conditions and misses others: keep it if none was nearer. */
int near_miss_offer(struct bound_block *block, const struct event *event, size_t held);
/* The conditions that are decided when an event arrives have changed. */
void block_rescore(const struct matcher *matcher, struct bound_block *block);

/* match_index.c */

/* A block's candidates, sorted by a field that a condition compares with another block's. */
struct candidate_index;

/*
 * *index is NULL unless a condition compares `block` for equality with one of the `count` blocks of
 * `bound`, whose events are chosen before; else it is to be freed with free(). Errors: -ENOMEM.
 */
int candidate_index_new(const struct bound_block *block, const struct bound_block *const *bound,
			size_t count, struct candidate_index **index);
/* The candidates, by arrival, for which that condition can hold. */
const struct event *const *candidate_index_find(const struct candidate_index *index,
						const struct event *const *chosen, size_t *count);

/* match_search.c */

enum search_result { SEARCH_FOUND, SEARCH_NONE, SEARCH_GAVE_UP };

/*
 * Choose an event per binding block so that every condition of every expect block holds, different
 * blocks have different events, and `then` and, if `final`, exact counts are kept to. With
 * `refused` (a refuse block, or NULL): choose an event for that block too; another block may have
 * the same one. `best` (or NULL) receives the choice that was found, or the one that got furthest.
 */
enum search_result search(struct matcher *matcher, const struct bound_block *refused, bool final,
			  uint64_t *steps_left, const struct event **best);
/*
 * How many events a counting block has, and the number of the last, if `then` ties the block to
 * others; all binding blocks' events are chosen.
 */
uint64_t search_count(const struct matcher *matcher, const struct bound_block *block,
		      const struct event *const *chosen, uint64_t *last);
/* Is the block's chosen event left over by all other blocks? */
bool choice_is_free(const struct matcher *matcher, const struct bound_block *block,
		    const struct event *const *chosen);

#endif
