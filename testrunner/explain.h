/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Why a test that can no longer pass failed: the nearest miss, in words. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <jansson.h>

struct matcher;

/*
 * Everything that speaks against a pass, a line each, the reason first: a JSON array of strings
 * (new reference), empty when nothing does; NULL when out of memory.
 */
json_t *explain(struct matcher *matcher);

#endif
