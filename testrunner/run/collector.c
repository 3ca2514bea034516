// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Routes what probes send: to the test that runs now, or nowhere. */
#include "run/collector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/scope.h"
#include "run/object_cache.h"

/* Kept for the event records of a failed test. */
#define KEPT_EVENTS 256
#define KEPT_BYTES  (1024 * 1024)

/* The fields of one event type that decide where an event goes. */
struct type_routing {
	bool resolved, has_task;
	struct field task;
	struct field order; /* FIELD_STRUCT: there is none */
};

struct routing {
	struct losses before;	     /* the test began */
	struct type_routing types[]; /* by event_type.index */
};

struct kept_event {
	const struct cached_object *object;
	const struct event_type *type;
	void *data;
	size_t len;
};

struct collector {
	struct record_writer *records;
	struct object_cache *objects;
	struct matcher *matcher; /* NULL: between tests */
	uint64_t unknown, seen;
	struct kept_event kept[KEPT_EVENTS];
	size_t kept_count, kept_bytes;
};

/*
 * By convention the first of these fields that an event type has names the task. An event of a type
 * that has none of them cannot be attributed, and counts for the test that runs.
 */
static const char *const task_fields[] = { "task.tid", "task.tgid", "tid", "pid", "tgid" };

static const struct type_routing *routing_of(const struct cached_object *object,
					     const struct event_type *type)
{
	const struct schema *schema = object_schema(object->object);
	struct type_routing *routing = &object->routing->types[type->index];
	char ignored[8];

	if (routing->resolved)
		return routing;
	routing->resolved = true;
	routing->order.kind = FIELD_STRUCT;
	for (size_t i = 0; !routing->has_task && i < sizeof(task_fields) / sizeof(task_fields[0]);
	     i++)
		routing->has_task = field_resolve(schema, type, task_fields[i], &routing->task,
						  ignored, sizeof(ignored)) == 0;
	if (object->order_field && field_resolve(schema, type, object->order_field, &routing->order,
						 ignored, sizeof(ignored)))
		routing->order = (struct field){ .kind = FIELD_STRUCT };
	return routing;
}

static int routing_add(struct cached_object *object)
{
	size_t count = 0;

	if (object->routing)
		return 0;
	while (schema_type(object_schema(object->object), count))
		count++;
	object->routing = calloc(1, sizeof(struct routing) + count * sizeof(struct type_routing));
	return object->routing ? 0 : -ENOMEM;
}

static bool in_scope(const struct cached_object *object, const struct event_type *type,
		     const void *data, size_t len)
{
	const struct type_routing *routing = routing_of(object, type);
	struct value tid;

	if (!routing->has_task)
		return true;
	tid = field_read(object_schema(object->object), &routing->task, data, len);
	/* An event that ends before the field cannot be attributed either. */
	return tid.kind == VALUE_NONE || (tid.kind == VALUE_UINT && scope_has(tid.u));
}

static uint64_t on_order(void *context, const char *map, const void *data, size_t len)
{
	const struct cached_object *object = context;
	const struct schema *schema = object_schema(object->object);
	bool known;
	const struct event_type *type = schema_identify_in(schema, map, data, len, &known);

	return type ? field_read(schema, &routing_of(object, type)->order, data, len).u : 0;
}

static void keep(struct collector *collector, const struct cached_object *object,
		 const struct event_type *type, const void *data, size_t len)
{
	struct kept_event *event = &collector->kept[collector->kept_count];

	if (collector->kept_count == KEPT_EVENTS || collector->kept_bytes + len > KEPT_BYTES)
		return;
	event->data = malloc(len);
	if (!event->data)
		return;
	memcpy(event->data, data, len);
	event->len = len;
	event->object = object;
	event->type = type;
	collector->kept_count++;
	collector->kept_bytes += len;
}

static int on_event(void *context, const char *map, const void *data, size_t len)
{
	const struct cached_object *object = context;
	const struct schema *schema = object_schema(object->object);
	struct collector *collector = object->reader;
	const struct event_type *type;
	bool known;

	if (!collector->matcher || !object->in_use)
		return 0;
	type = schema_identify_in(schema, map, data, len, &known);
	if (!type) {
		collector->unknown += known;
		return 0;
	}
	if (!in_scope(object, type, data, len))
		return 0;
	collector->seen++;
	keep(collector, object, type, data, len);
	return matcher_feed(collector->matcher, schema, type, data, len);
}

struct collector *collector_new(struct record_writer *records, enum attach attach)
{
	struct collector *collector = calloc(1, sizeof(*collector));

	if (!collector)
		return NULL;
	collector->records = records;
	collector->objects = object_cache_new(records, attach, on_event, on_order, collector);
	if (!collector->objects) {
		free(collector);
		return NULL;
	}
	return collector;
}

/* The next loaded object from *index on, which then is behind it; NULL: there are no more. */
static struct cached_object *next_loaded(const struct collector *collector, size_t *index)
{
	struct cached_object *object;

	while ((object = object_cache_at(collector->objects, (*index)++))) {
		if (object->object && object->routing)
			return object;
	}
	return NULL;
}

/* The same, of those that the test uses. */
static struct cached_object *next_used(const struct collector *collector, size_t *index)
{
	struct cached_object *object;

	while ((object = next_loaded(collector, index))) {
		if (object->in_use)
			return object;
	}
	return NULL;
}

void collector_leave_attached(struct collector *collector)
{
	const struct cached_object *object;

	for (size_t i = 0; (object = next_loaded(collector, &i));)
		object_leave_attached(object->object);
}

int collector_prepare(struct collector *collector, const struct suite *suite,
		      const struct suite_test *test, char *error, size_t error_size)
{
	const struct probe_part *probe = &test->test->event.probe;
	struct cached_object *object;
	/*
	 * A test without objects needs no tracker, which takes a while to load on an emulated CPU.
	 */
	int err = probe->object_count ? scope_open(error, error_size) : 0;

	for (size_t i = 0; !err && i < probe->object_count; i++) {
		err = object_cache_take(collector->objects, suite, test, probe->objects[i].object,
					&object, error, error_size);
		if (!err && routing_add(object)) {
			snprintf(error, error_size, "%s", strerror(ENOMEM));
			err = -ENOMEM;
		}
	}
	return err;
}

int collector_bind(struct collector *collector, const struct event_test *test,
		   struct matcher **matcher, struct parse_error *error)
{
	const struct schema **schemas =
		calloc(test->probe.object_count + 1, sizeof(struct schema *));
	const struct cached_object *object;
	size_t count = 0;
	int err;

	if (!schemas)
		return -ENOMEM;
	for (size_t i = 0; (object = next_used(collector, &i));)
		schemas[count++] = object_schema(object->object);
	err = matcher_new(test, schemas, count, matcher, error);
	free(schemas);
	return err;
}

int collector_begin(struct collector *collector, struct matcher *matcher, pid_t root)
{
	struct cached_object *object;
	int err = collector_consume(collector, true);

	for (size_t i = 0; (object = next_used(collector, &i));)
		object->routing->before = object_losses(object->object);
	scope_begin(root);
	collector->matcher = matcher;
	return err;
}

int collector_consume(struct collector *collector, bool all)
{
	const struct cached_object *object;
	int err = 0;

	for (size_t i = 0; !err && (object = next_loaded(collector, &i));)
		err = stream_consume(object_stream(object->object), all);
	return err;
}

size_t collector_fds(const struct collector *collector, int *fds, size_t max)
{
	const struct cached_object *object;
	size_t count = 0;

	for (size_t i = 0; (object = next_loaded(collector, &i));)
		count += stream_fds(object_stream(object->object), fds + count, max - count);
	return count;
}

struct losses collector_losses(const struct collector *collector)
{
	const struct cached_object *object;
	struct losses losses = { 0 };

	for (size_t i = 0; (object = next_used(collector, &i));) {
		const struct losses *before = &object->routing->before;
		const struct losses now = object_losses(object->object);

		losses.dropped += now.dropped - before->dropped;
		losses.skipped += now.skipped - before->skipped;
	}
	return losses;
}

uint64_t collector_seen(const struct collector *collector)
{
	return collector->seen;
}

uint64_t collector_unknown(const struct collector *collector)
{
	return collector->unknown;
}

size_t collector_objects(const struct collector *collector, struct bpf_object **objects, size_t max)
{
	const struct cached_object *object;
	size_t count = 0;

	for (size_t i = 0; count < max && (object = next_used(collector, &i));)
		objects[count++] = object_bpf(object->object);
	return count;
}

void collector_write_events(const struct collector *collector, const char *test)
{
	for (size_t i = 0; i < collector->kept_count; i++) {
		const struct kept_event *event = &collector->kept[i];
		const struct schema *schema = object_schema(event->object->object);

		record_event(collector->records, test, event->object->name, event->type->name,
			     event_to_json(schema, event->type, event->data, event->len));
	}
}

void collector_end(struct collector *collector)
{
	for (size_t i = 0; i < collector->kept_count; i++)
		free(collector->kept[i].data);
	collector->kept_count = collector->kept_bytes = 0;
	collector->unknown = collector->seen = 0;
	collector->matcher = NULL;
	object_cache_end_test(collector->objects);
}
