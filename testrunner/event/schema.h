/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The event types of one source of events, and how its events are read. */
#ifndef EVENT_SCHEMA_H
#define EVENT_SCHEMA_H

#include "event/field_reader.h"

/* Records that carry their type in the same place. */
struct tag {
	struct field field;
	const struct event_type **types; /* by type_value */
	size_t count;
};

/* A map whose records a test has named the structs of. */
struct source {
	const char *map;     /* borrowed from the test */
	bool tagged;	     /* else all are of the first type */
	struct field number; /* tagged: says which type a record is of */
	struct numbered_type {
		int64_t number;
		const struct event_type *type;
	} * types;
	size_t count;
};

struct schema {
	const struct field_reader *reader;
	const struct btf *btf;
	struct event_type **types; /* pointers: they do not move */
	size_t count;
	struct tag *tags; /* most types first */
	size_t tag_count;
	struct source *sources; /* schema_source.c */
	size_t source_count;
};

/* One more event type, the struct `type_id`; takes over `name`. NULL: out of memory. */
struct event_type *schema_add(struct schema *schema, uint32_t type_id, char *name);

#endif
