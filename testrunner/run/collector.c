// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Shares loaded objects between tests, and sorts their records: this test's, or nobody's. */
#include "run/collector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/external.h"
#include "load/scope.h"

/* Kept for the event records of a failed test. */
#define KEPT_EVENTS 256
#define KEPT_BYTES  (1024 * 1024)

#define ERROR_SIZE 512

/* Where records of one type say whose they are. */
struct owner {
	const struct event_type *type;
	bool known;
	struct field field;
	struct field order; /* of the entry's order */
};

struct entry {
	struct collector *collector;
	char *key, *name;
	struct object *object;	/* NULL: did not load */
	char error[ERROR_SIZE]; /* why it did not */
	int err;
	char *order;	       /* `order by`; NULL: by time */
	bool isolated, in_use; /* in_use: by the test that runs now */
	struct losses before;  /* the test began */
	struct owner *owners;  /* of the types seen so far */
	size_t owner_count;
};

struct kept_event {
	const struct entry *entry;
	const struct event_type *type;
	void *data;
	size_t len;
};

struct collector {
	struct record_writer *records;
	enum attach attach;
	struct entry **entries; /* pointers: the callbacks keep them */
	size_t count;
	struct matcher *matcher; /* NULL: between tests */
	uint64_t unknown, seen;
	struct kept_event kept[KEPT_EVENTS];
	size_t kept_count, kept_bytes;
};

/*
 * Where a record says whose it is, by convention; the first of these that its type has. A record of
 * a type that has none of them cannot be told apart, and counts for the test that runs.
 */
static const char *const task_fields[] = { "task.tid", "task.tgid", "tid", "pid", "tgid" };

static const struct owner *owner_find(struct entry *entry, const struct event_type *type)
{
	struct owner *owner;
	char ignored[8];

	for (size_t i = 0; i < entry->owner_count; i++) {
		if (entry->owners[i].type == type)
			return &entry->owners[i];
	}
	owner = reallocarray(entry->owners, entry->owner_count + 1, sizeof(*owner));
	if (!owner)
		return NULL;
	entry->owners = owner;
	owner += entry->owner_count++;
	*owner = (struct owner){ .type = type };
	for (size_t i = 0; !owner->known && i < sizeof(task_fields) / sizeof(task_fields[0]); i++)
		owner->known = field_resolve(object_schema(entry->object), type, task_fields[i],
					     &owner->field, ignored, sizeof(ignored)) == 0;
	if (entry->order && field_resolve(object_schema(entry->object), type, entry->order,
					  &owner->order, ignored, sizeof(ignored)))
		owner->order = (struct field){ .kind = FIELD_STRUCT };
	return owner;
}

static bool in_scope(struct entry *entry, const struct event_type *type, const void *data,
		     size_t len)
{
	const struct owner *owner = owner_find(entry, type);
	struct value tid;

	if (!owner || !owner->known)
		return true;
	tid = field_read(object_schema(entry->object), &owner->field, data, len);
	/* A record that ends before it cannot be told apart either. */
	return tid.kind == VALUE_NONE || (tid.kind == VALUE_UINT && scope_has(tid.u));
}

static uint64_t event_order(void *context, const char *map, const void *data, size_t len)
{
	struct entry *entry = context;
	const struct schema *schema = object_schema(entry->object);
	bool known;
	const struct event_type *type = schema_identify_in(schema, map, data, len, &known);
	const struct owner *owner = type ? owner_find(entry, type) : NULL;

	return owner ? field_read(schema, &owner->order, data, len).u : 0;
}

static void keep(struct collector *collector, const struct entry *entry,
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
	event->entry = entry;
	event->type = type;
	collector->kept_count++;
	collector->kept_bytes += len;
}

static int on_record(void *context, const char *map, const void *data, size_t len)
{
	struct entry *entry = context;
	struct collector *collector = entry->collector;
	const struct event_type *type;
	bool known;

	if (!collector->matcher || !entry->in_use)
		return 0;
	type = schema_identify_in(object_schema(entry->object), map, data, len, &known);
	if (!type) {
		collector->unknown += known;
		return 0;
	}
	if (!in_scope(entry, type, data, len))
		return 0;
	collector->seen++;
	keep(collector, entry, type, data, len);
	return matcher_feed(collector->matcher, object_schema(entry->object), type, data, len);
}

struct collector *collector_new(struct record_writer *records, enum attach attach)
{
	struct collector *collector = calloc(1, sizeof(*collector));

	if (collector) {
		collector->records = records;
		collector->attach = attach;
	}
	return collector;
}

static void entry_free(struct entry *entry)
{
	object_free(entry->object);
	free(entry->key);
	free(entry->name);
	free(entry->owners);
	free(entry->order);
	free(entry);
}

void collector_leave_attached(struct collector *collector)
{
	for (size_t i = 0; i < collector->count; i++) {
		if (collector->entries[i]->object)
			object_leave_attached(collector->entries[i]->object);
	}
}

/* Two loads are the same if the file, the options and the test's statements about it are. */
static char *entry_key(const char *path, const struct test *test)
{
	char *key = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&key, &size);

	if (!text)
		return NULL;
	fprintf(text, "%s", path);
	for (size_t i = 0; i < test->option_count; i++) {
		char value[512];

		fprintf(text, "\n%s=%s", test->options[i].name,
			value_format(&test->options[i].value, value, sizeof(value)));
	}
	external_key(test, text);
	fclose(text);
	return key;
}

static struct entry *find_entry(const struct collector *collector, const char *key)
{
	for (size_t i = 0; i < collector->count; i++) {
		if (!collector->entries[i]->isolated &&
		    strcmp(collector->entries[i]->key, key) == 0)
			return collector->entries[i];
	}
	return NULL;
}

static struct entry *add_entry(struct collector *collector, const char *path, const char *name,
			       char *key, const struct suite *suite,
			       const struct suite_test *suite_test)
{
	const struct test *test = suite_test->test;
	struct entry **entries =
		reallocarray(collector->entries, collector->count + 1, sizeof(struct entry *));
	struct entry *entry = calloc(1, sizeof(*entry));

	if (entries)
		collector->entries = entries;
	if (!entries || !entry) {
		free(entry);
		free(key);
		return NULL;
	}
	entries[collector->count++] = entry;
	entry->collector = collector;
	entry->key = key;
	entry->name = strdup(name);
	entry->isolated = external_is_isolated(test);
	entry->order = test->order_field ? strdup(test->order_field) : NULL;

	const struct object_spec spec = { path,	 name,	     test, collector->attach,
					  suite, suite_test, false };
	const struct stream_reader reader = { on_record, entry->order ? event_order : NULL, entry };

	entry->err = object_load(&spec, collector->records, &reader, &entry->object, entry->error,
				 sizeof(entry->error));
	return entry;
}

static int prepare_object(struct collector *collector, const struct suite *suite,
			  const struct suite_test *test, const char *name, char *error,
			  size_t error_size)
{
	char *path = suite_find(suite, test, name);
	char *key = path ? entry_key(path, test->test) : NULL;
	struct entry *entry =
		key && !external_is_isolated(test->test) ? find_entry(collector, key) : NULL;

	if (!key) {
		snprintf(error, error_size, "%s: no such object in the suite", name);
		free(path);
		return -ENOENT;
	}
	if (entry)
		free(key);
	else
		entry = add_entry(collector, path, name, key, suite, test);
	free(path);
	if (!entry)
		return -ENOMEM;
	entry->in_use = true;
	if (entry->err)
		snprintf(error, error_size, "%s", entry->error);
	return entry->err;
}

int collector_prepare(struct collector *collector, const struct suite *suite,
		      const struct suite_test *test, char *error, size_t error_size)
{
	/* A test without objects needs no tracker, which takes a while to load on an emulated CPU. */
	int err = test->test->probe_count ? scope_open(error, error_size) : 0;

	for (size_t i = 0; !err && i < test->test->probe_count; i++)
		err = prepare_object(collector, suite, test, test->test->probes[i].object, error,
				     error_size);
	return err;
}

int collector_bind(struct collector *collector, const struct test *test, struct matcher **matcher,
		   struct parse_error *error)
{
	const struct schema **schemas = calloc(collector->count + 1, sizeof(struct schema *));
	size_t count = 0;
	int err;

	if (!schemas)
		return -ENOMEM;
	for (size_t i = 0; i < collector->count; i++) {
		if (collector->entries[i]->in_use)
			schemas[count++] = object_schema(collector->entries[i]->object);
	}
	err = matcher_new(test, schemas, count, matcher, error);
	free(schemas);
	return err;
}

int collector_begin(struct collector *collector, struct matcher *matcher, pid_t root)
{
	int err = collector_consume(collector, true);

	for (size_t i = 0; i < collector->count; i++) {
		struct entry *entry = collector->entries[i];

		if (entry->in_use && entry->object)
			entry->before = object_losses(entry->object);
	}
	scope_begin(root);
	collector->matcher = matcher;
	return err;
}

int collector_consume(struct collector *collector, bool all)
{
	int err = 0;

	for (size_t i = 0; !err && i < collector->count; i++) {
		if (collector->entries[i]->object)
			err = stream_consume(object_stream(collector->entries[i]->object), all);
	}
	return err;
}

size_t collector_fds(const struct collector *collector, int *fds, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < collector->count; i++) {
		if (collector->entries[i]->object)
			count += stream_fds(object_stream(collector->entries[i]->object),
					    fds + count, max - count);
	}
	return count;
}

struct losses collector_losses(const struct collector *collector)
{
	struct losses losses = { 0 };

	for (size_t i = 0; i < collector->count; i++) {
		const struct entry *entry = collector->entries[i];
		struct losses now;

		if (!entry->in_use || !entry->object)
			continue;
		now = object_losses(entry->object);
		losses.dropped += now.dropped - entry->before.dropped;
		losses.skipped += now.skipped - entry->before.skipped;
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
	size_t count = 0;

	for (size_t i = 0; i < collector->count && count < max; i++) {
		const struct entry *entry = collector->entries[i];

		if (entry->in_use && entry->object)
			objects[count++] = object_bpf(entry->object);
	}
	return count;
}

void collector_write_events(const struct collector *collector, const char *test)
{
	for (size_t i = 0; i < collector->kept_count; i++) {
		const struct kept_event *event = &collector->kept[i];
		const struct schema *schema = object_schema(event->entry->object);

		record_event(collector->records, test, event->entry->name, event->type->name,
			     event_to_json(schema, event->type, event->data, event->len));
	}
}

void collector_end(struct collector *collector)
{
	size_t left = 0;

	for (size_t i = 0; i < collector->kept_count; i++)
		free(collector->kept[i].data);
	collector->kept_count = collector->kept_bytes = 0;
	collector->unknown = collector->seen = 0;
	collector->matcher = NULL;
	for (size_t i = 0; i < collector->count; i++) {
		struct entry *entry = collector->entries[i];

		entry->in_use = false;
		if (entry->isolated)
			entry_free(entry);
		else
			collector->entries[left++] = entry;
	}
	collector->count = left;
}
