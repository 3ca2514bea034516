/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which bytes are UTF-8 (RFC 3629): what may go to people and into JSON as it is. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/* Bytes of the character that `text` begins with; 0 when it begins with none. */
size_t utf8_length(const char *text, size_t len);

#endif
