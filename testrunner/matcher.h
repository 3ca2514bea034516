/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the parts of matching share. Nobody else includes it. */
#ifndef MATCHER_H
#define MATCHER_H

#include "match.h"

/* Events that came near, kept for each block to explain a failure with. */
#define MISSES_MAX 8

/* Beyond this the kept events are a danger to a small guest, and the test is not what it seems. */
#define KEPT_BYTES_MAX (32u << 20)

/* Bindings tried before the search gives up; a few seconds on a slow emulated CPU. */
#define STEPS_MAX	2000000
#define STEPS_MAX_EARLY 50000 /* when asked between two polls */

struct event {
	uint64_t number; /* of arrival */
	size_t len;
	unsigned char data[];
};

/* What must be known before a condition can be decided. */
enum need { NEED_NOTHING, NEED_VARIABLES, NEED_EVENTS };

struct bound_operand {
	const struct operand *source;
	struct field field; /* OPERAND_FIELD, OPERAND_EVENT_FIELD */
};

/* A line about a number and constants, see match_quick.c. */
struct quick {
	uint32_t offset;
	uint8_t bytes; /* 0: not such a line */
	bool is_signed, negated;
	uint64_t low, span; /* of the interval */
	uint64_t bits;	    /* OP_HAS */
};

struct bound_condition {
	const struct condition *source;
	struct field field;
	enum comparison op;
	enum need need;
	struct quick quick;
	struct bound_operand *operands;
	struct value
		*values; /* of the operands; those that depend on events are read just before use */
};

struct miss {
	struct event *event;
	size_t capacity; /* of event->data */
	size_t held;	 /* lines that hold, of those that could be decided */
};

struct bound_block {
	const struct block *source;
	size_t index; /* in test.blocks */
	const struct schema *schema;
	const struct record_type *type;
	struct bound_condition *conditions;
	bool binds;			 /* expects one event, which has a name */
	bool waits;			 /* some line needs $variables */
	bool joined;			 /* some line compares with another block's event */
	bool alone;			 /* nothing ties it to another block's event */
	size_t after;			 /* `then`: the expect block before it; SIZE_MAX: none */
	size_t keep_max;		 /* more candidates than this change nothing */
	const struct event **candidates; /* every line that could be decided holds; by arrival */
	size_t candidate_count, candidate_capacity;
	uint64_t held; /* events for which every line that could be decided holds */
	struct miss misses[MISSES_MAX];
	size_t miss_count;
	size_t likely_miss; /* line that an event missed last */
	size_t miss_floor;  /* to be kept, an event that missed must hold more lines than that */
	size_t due_count;   /* lines that can be decided while events stream in */
};

/* Events of one record type. */
struct route {
	size_t *blocks;
	size_t block_count;
	uint64_t seen;
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
	struct chunk *chunks; /* kept events */
	size_t kept_bytes;
	bool kept_too_much;
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

/* The line's operands have (other) values: is it a quick one now? */
void quick_set(struct bound_condition *condition);
bool quick_holds(const struct quick *quick, enum comparison op, const void *data, size_t len);

/*
 * Is the event at `data` one that `block` might be near to? Then it is copied. Returns 0 or
 * -ENOMEM.
 */
int miss_consider(const struct matcher *matcher, struct bound_block *block, const void *data,
		  size_t len);
/* The variables have become known: more lines can be decided. */
void miss_rescore(const struct matcher *matcher, struct bound_block *block);

/*
 * Does the line hold for `event` as the block's? `binding` may be NULL where `need` is not
 * NEED_EVENTS. What cannot be read holds nothing.
 */
bool condition_holds(const struct matcher *matcher, const struct bound_block *block,
		     const struct bound_condition *condition, const void *data, size_t len,
		     const struct binding *binding);
/* Does the line compare with a field of the block `index`? */
bool condition_refers_to(const struct bound_condition *condition, size_t index);
/* Can the line be decided, given the variables and the events bound so far? */
bool condition_decidable(const struct matcher *matcher, const struct bound_condition *condition,
			 const struct binding *binding);

/*
 * The generator's value for `$path`. Errors, with `error` saying what is wrong: -ENOENT not there,
 * -EINVAL of a kind that cannot be compared.
 */
int variable_find(json_t *variables, const char *path, struct value *value, char *error,
		  size_t error_size);
/* Can a value of the operand ever compare with the field? If not, -EINVAL and `error` says why. */
int operand_check(const struct schema *schema, const struct bound_condition *condition,
		  struct value *value, char *error, size_t error_size);

#endif
