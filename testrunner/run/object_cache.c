// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Shares loaded objects between the tests of a run. */
#include "run/object_cache.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/external.h"

struct entry {
	struct cached_object object; /* the first member: entries are found by it */
	char *key;
	bool isolated;
};

struct object_cache {
	struct record_writer *records;
	enum attach attach;
	stream_fn *on_event;
	stream_order_fn *on_order;
	void *reader;
	struct entry **entries; /* pointers: the callbacks keep them */
	size_t count;
};

struct object_cache *object_cache_new(struct record_writer *records, enum attach attach,
				      stream_fn *on_event, stream_order_fn *on_order, void *reader)
{
	struct object_cache *cache = calloc(1, sizeof(*cache));

	if (cache)
		*cache = (struct object_cache){
			.records = records,
			.attach = attach,
			.on_event = on_event,
			.on_order = on_order,
			.reader = reader,
		};
	return cache;
}

static void entry_free(struct entry *entry)
{
	object_free(entry->object.object);
	free(entry->object.name);
	free(entry->object.order_field);
	free(entry->object.routing);
	free(entry->key);
	free(entry);
}

/* Two loads are the same if the file, its options, and the test's lines about its records are. */
static char *entry_key(const char *path, const struct probe_part *probe)
{
	char *key = NULL;
	size_t size = 0;
	FILE *text = open_memstream(&key, &size);

	if (!text)
		return NULL;
	fprintf(text, "%s", path);
	for (size_t i = 0; i < probe->option_count; i++) {
		char value[512];

		fprintf(text, "\n%s=%s", probe->options[i].name,
			value_format(&probe->options[i].value, value, sizeof(value)));
	}
	external_key(probe, text);
	fclose(text);
	return key;
}

static struct entry *entry_find(const struct object_cache *cache, const char *key)
{
	for (size_t i = 0; i < cache->count; i++) {
		if (!cache->entries[i]->isolated && strcmp(cache->entries[i]->key, key) == 0)
			return cache->entries[i];
	}
	return NULL;
}

/* Takes over `key`. NULL: out of memory. */
static struct entry *entry_add(struct object_cache *cache, const char *name, char *key)
{
	struct entry **entries =
		reallocarray(cache->entries, cache->count + 1, sizeof(struct entry *));
	struct entry *entry = calloc(1, sizeof(*entry));

	if (entries)
		cache->entries = entries;
	if (!entries || !entry) {
		free(entry);
		free(key);
		return NULL;
	}
	entries[cache->count++] = entry;
	entry->key = key;
	entry->object.name = strdup(name);
	entry->object.reader = cache->reader;
	return entry;
}

static void entry_load(const struct object_cache *cache, struct entry *entry, const char *path,
		       const struct suite *suite, const struct suite_test *test)
{
	const struct probe_part *probe = &test->test->event.probe;
	struct cached_object *object = &entry->object;
	const struct object_spec spec = {
		.path = path,
		.name = object->name,
		.probe = probe,
		.attach = cache->attach,
		.suite = suite,
		.test = test,
	};
	const struct stream_reader reader = {
		.fn = cache->on_event,
		.order = probe->order_field ? cache->on_order : NULL,
		.context = object,
	};

	entry->isolated = external_is_isolated(probe);
	object->order_field = probe->order_field ? strdup(probe->order_field) : NULL;
	object->err = object_load(&spec, cache->records, &reader, &object->object, object->error,
				  sizeof(object->error));
}

int object_cache_take(struct object_cache *cache, const struct suite *suite,
		      const struct suite_test *test, const char *name,
		      struct cached_object **cached, char *error, size_t error_size)
{
	const struct probe_part *probe = &test->test->event.probe;
	char *path = suite_find(suite, test, name);
	char *key = path ? entry_key(path, probe) : NULL;
	struct entry *entry = NULL;

	if (!key) {
		snprintf(error, error_size, "%s: no such object in the suite", name);
		free(path);
		return -ENOENT;
	}
	if (!external_is_isolated(probe))
		entry = entry_find(cache, key);
	if (entry) {
		free(key);
	} else {
		entry = entry_add(cache, name, key);
		if (entry)
			entry_load(cache, entry, path, suite, test);
	}
	free(path);
	if (!entry) {
		snprintf(error, error_size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	*cached = &entry->object;
	entry->object.in_use = true;
	if (entry->object.err)
		snprintf(error, error_size, "%s", entry->object.error);
	return entry->object.err;
}

struct cached_object *object_cache_at(const struct object_cache *cache, size_t index)
{
	return index < cache->count ? &cache->entries[index]->object : NULL;
}

void object_cache_end_test(struct object_cache *cache)
{
	size_t left = 0;

	for (size_t i = 0; i < cache->count; i++) {
		struct entry *entry = cache->entries[i];

		entry->object.in_use = false;
		if (entry->isolated)
			entry_free(entry);
		else
			cache->entries[left++] = entry;
	}
	cache->count = left;
}
