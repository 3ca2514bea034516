/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events that a program printed: a line of NDJSON, an object, is one. Pure.
 *
 * The members become known when the event arrives, so a path need not exist. Parts of a path are names of
 * members, "[2]" the third element of an array, and last of all "count" the number of an array's
 * elements, "length" the bytes of a text. A member's own name may hold dots: of {"a.b": 1, "a": {}}
 * the path a.b finds 1.
 *
 *   integer of 64 bits   a number, also when it is written 5.0
 *   other numbers        text, as written: no comparison is wrong because it was rounded
 *   string               text
 *   true, false          1 and 0
 *   array                a list, if all that is in it is text and integers
 *   null, object         nothing that compares
 */
#ifndef EVENT_JSON_H
#define EVENT_JSON_H

#include <jansson.h>

#include "event/decode.h"

struct json_event;

/*
 * The object that the line is; any bytes at all. Errors: -EINVAL with `error` saying why it is none,
 * -ENOMEM.
 */
int json_event_parse(const char *line, size_t len, struct json_event **event, char *error,
		     size_t error_size);
/* Takes over the object (NULL: out of memory). NULL: out of memory. */
struct json_event *json_event_new(json_t *object);
void json_event_free(struct json_event *event); /* takes NULL */

/* VALUE_NONE when there is nothing. Text lives as long as the event. */
void json_event_read(const struct json_event *event, const char *path, struct value *value);

/*
 * For a record: the object (new reference), as JSON that every reader takes; else NULL, when it
 * nests too deep, say.
 */
json_t *json_event_record(const struct json_event *event);

/*
 * Record types of these names (equal ones are one), for events that have no BTF. `data` of an event
 * is then its struct json_event. Errors: -ENOMEM.
 */
int json_schema_new(const char *const *names, size_t count, struct schema **schema);

#endif
