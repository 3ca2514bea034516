/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records in: JSON that a guest wrote, checked by the schema and read into its structs. */
#ifndef RECORD_RULES_H
#define RECORD_RULES_H

#include "record/schema.h"

/*
 * Take the stamp (nonce, seq, from, type) off `record`, check what is left against the schema, and
 * read it. stamp->nonce stays borrowed from *nonce, a new reference. Errors: -EINVAL with `error`
 * naming the field.
 */
int record_rules_read(json_t *record, struct stamp *stamp, json_t **nonce, enum record_kind *type,
		      union record_line *line, char *error, size_t error_size);

/* Fields that run.json has beyond ours are let be: the host wrote it. Errors: -EINVAL with `error`.
 */
int record_rules_read_run(const json_t *object, struct run_line *run, char *error,
			  size_t error_size);

#endif
