/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The generator's $variables. */
#ifndef EVENT_VARIABLE_H
#define EVENT_VARIABLE_H

#include <jansson.h>

#include "base/value.h"

/*
 * The generator's value for `$path`, borrowed from `variables`. Errors, with `error` saying what is
 * wrong: -ENOENT not there, -EINVAL of a kind that cannot be compared.
 */
int variable_find(json_t *variables, const char *path, struct value *value, char *error,
		  size_t error_size);

#endif
