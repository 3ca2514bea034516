/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events as values in slots. A field is read when the first line asks for it, and once an event,
 * however many lines do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "matcher.h"

static bool same_field(const struct field *a, const struct field *b)
{
	if (a->kind == FIELD_JSON && b->kind == FIELD_JSON)
		return strcmp(a->path, b->path) == 0;
	return a->kind == b->kind && a->bit_offset == b->bit_offset && a->bit_size == b->bit_size &&
	       a->type_id == b->type_id && a->index == b->index && a->length == b->length;
}

int slot_add(struct route *route, const struct field *field, size_t *slot)
{
	struct field *fields;

	for (*slot = 0; *slot < route->slot_count; ++*slot) {
		if (same_field(&route->fields[*slot], field))
			return 0;
	}
	fields = reallocarray(route->fields, *slot + 1, sizeof(*fields));
	if (!fields)
		return -ENOMEM;
	route->fields = fields;
	fields[route->slot_count++] = *field;
	return 0;
}

int event_room(struct route *route)
{
	struct look *look = &route->now_look;

	route->now.look = look;
	look->values = calloc(route->slot_count + 1, sizeof(*look->values));
	look->unread = calloc(route->slot_count + 1, sizeof(*look->unread));
	return look->values && look->unread ? 0 : -ENOMEM;
}

void event_begin(struct route *route, uint64_t number, const void *data, size_t len)
{
	route->data = data;
	route->len = len;
	route->now.number = number;
	memset(route->now_look.unread, true, route->slot_count);
}

void event_read(const struct route *route, struct look *look, size_t slot)
{
	look->values[slot] =
		field_read(route->schema, &route->fields[slot], route->data, route->len);
	look->unread[slot] = false;
}

static bool has_text(const struct value *value)
{
	return value->kind == VALUE_STRING || value->kind == VALUE_LIST;
}

size_t values_size(const struct route *route, const struct event *event, const bool *wanted)
{
	size_t size = route->slot_count * sizeof(struct value);

	for (size_t slot = 0; slot < route->slot_count; slot++) {
		if (wanted[slot] && has_text(event_value(route, event, slot)))
			size += event->look->values[slot].s.len;
	}
	return size;
}

void values_copy(const struct route *route, const struct event *event, const bool *wanted,
		 struct value *copy)
{
	char *text = (char *)(copy + route->slot_count);

	for (size_t slot = 0; slot < route->slot_count; slot++) {
		copy[slot] = wanted[slot] ? *event_value(route, event, slot) :
					    (struct value){ .kind = VALUE_NONE };
		if (!has_text(&copy[slot]))
			continue;
		memcpy(text, copy[slot].s.data, copy[slot].s.len);
		copy[slot].s.data = text;
		text += copy[slot].s.len;
	}
}
