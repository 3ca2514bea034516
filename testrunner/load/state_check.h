/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Checks maps, globals and iterators at the end of a test. */
#ifndef LOAD_STATE_CHECK_H
#define LOAD_STATE_CHECK_H

#include <bpf/libbpf.h>
#include <jansson.h>

#include "event/decode.h"
#include "suite/test.h"

/*
 * Can the line be read in one of the opened objects? Errors: -ENOMEM, -EINVAL with *error at the word
 * that is wrong.
 */
int state_check_check(const struct state_check *check, struct bpf_object *const *objects,
		      size_t count, struct parse_error *error);

/*
 * Does the line hold in the loaded objects now? If not, or if it cannot be read, false, and `text`
 * says why: "map counts[57] == 3: got 2, want 3". `variables` may be NULL.
 */
bool state_check_holds(const struct state_check *check, struct bpf_object *const *objects,
		       size_t count, json_t *variables, char *text, size_t size);

#endif
