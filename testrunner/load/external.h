/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Resolves a test's statements about an external object against that object. */
#ifndef LOAD_EXTERNAL_H
#define LOAD_EXTERNAL_H

#include <bpf/libbpf.h>
#include <stdio.h>

#include "event/decode.h"
#include "suite/test.h"

/*
 * Add the structs of those `events` lines whose map the opened object has. Errors: as
 * schema_add_source().
 */
int external_bind(struct bpf_object *object, const struct probe_part *probe, struct schema *schema,
		  struct parse_error *error);

/*
 * Is what the test names in the objects, as far as can be known without the kernel? Errors: -ENOMEM,
 * -EINVAL with *error at the word that is wrong.
 */
int external_check(const struct probe_part *probe, struct bpf_object *const *objects, size_t count,
		   struct parse_error *error);

/*
 * Does the test need a load of its own? What an earlier test left in a map, or where it attached a
 * program, is none of this one's.
 */
bool external_is_isolated(const struct probe_part *probe);
/* Append what tells the test's load of an object from another test's. */
void external_key(const struct probe_part *probe, FILE *key);

#endif
