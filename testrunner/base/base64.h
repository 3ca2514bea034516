/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Bytes as text, as in RFC 4648, section 4. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>
#include <sys/types.h>

#define BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1) /* of the text, with its NUL */

void base64_encode(const void *data, size_t len, char *text);
/* Into `data`, three quarters of the text's length; NULL: only count. Returns the bytes, or -EINVAL. */
ssize_t base64_decode(const char *text, size_t len, void *data);

#endif
