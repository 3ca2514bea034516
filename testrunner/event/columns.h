/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Events in columns, as bcc's tools print them: the words of a header are the fields, the words of
 * each line below it their values, all text. The last column has the rest of the line. Pure.
 */
#ifndef EVENT_COLUMNS_H
#define EVENT_COLUMNS_H

#include "event/json.h"

struct columns {
	char **names;
	size_t count; /* 0: no header yet */
};

/*
 * The header, in place of any before. Characters that a field's name cannot contain become `_`: T(s) is T_s_.
 * Errors: -ENOMEM.
 */
int columns_set(struct columns *columns, const char *line, size_t len);
/* As json_event_parse(); -EINVAL also when words are missing for other than the last column. */
int columns_parse(const struct columns *columns, const char *line, size_t len,
		  struct json_event **event, char *error, size_t error_size);
void columns_free(struct columns *columns); /* what it holds, not itself */

#endif
