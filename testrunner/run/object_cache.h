/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The objects of a run, each loaded once for all tests that want it loaded in the same way. */
#ifndef RUN_OBJECT_CACHE_H
#define RUN_OBJECT_CACHE_H

#include "load/object.h"
#include "suite/suite.h"

struct object_cache;
struct routing;

struct cached_object {
	char *name;
	struct object *object; /* NULL: it did not load */
	int err;	       /* why it did not, and in words: */
	char error[512];
	char *order_field;	 /* `order by`; NULL: its events come in order of time */
	bool in_use;		 /* by the test that runs now */
	void *reader;		 /* as given to object_cache_new() */
	struct routing *routing; /* the reader's; freed with the object */
};

/*
 * For the rest of the process's life. `records` and `reader` are borrowed. The callbacks get what
 * an object's buffers hold; their context is its struct cached_object.
 */
struct object_cache *object_cache_new(struct record_writer *records, enum attach attach,
				      stream_fn *on_event, stream_order_fn *on_order, void *reader);

/*
 * The object `name` as `test`, a TEST_PROBE, wants it loaded: from an earlier test, or loaded now.
 * A failure to load is kept as well: the next test gets the same error without another try. Errors:
 * -ENOENT, -ENOMEM, or why it did not load; `error` says so.
 */
int object_cache_take(struct object_cache *cache, const struct suite *suite,
		      const struct suite_test *test, const char *name,
		      struct cached_object **cached, char *error, size_t error_size);
/* The index-th of all objects; NULL past the end. */
struct cached_object *object_cache_at(const struct object_cache *cache, size_t index);
/* The test is over: none is in use, and those that no other test may have are unloaded. */
void object_cache_end_test(struct object_cache *cache);

#endif
