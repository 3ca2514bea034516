/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The interface by which field paths read each kind of event. */
#ifndef EVENT_FIELD_READER_H
#define EVENT_FIELD_READER_H

#include "event/decode.h"

/*
 * How a kind of event is read: the bytes of a BPF record by BTF, or a JSON object, which has none
 * (`btf` is NULL).
 */
struct field_reader {
	/* As field_resolve(). */
	int (*resolve)(const struct btf *btf, const struct event_type *type, const char *path,
		       struct field *field, char *error, size_t error_size);
	/* As field_read(); *value is VALUE_NONE before. */
	void (*read)(const struct btf *btf, const struct field *field, const void *event,
		     size_t len, struct value *value);
};

#endif
