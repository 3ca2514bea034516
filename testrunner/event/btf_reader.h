/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The bytes of BPF records, read by BTF. */
#ifndef EVENT_BTF_READER_H
#define EVENT_BTF_READER_H

#include "event/field_reader.h"

extern const struct field_reader btf_reader;

#endif
