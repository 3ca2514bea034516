/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Symbols and BTF that were read from a vmlinux, kept in files. */
#ifndef HOST_IMAGE_DERIVE_H
#define HOST_IMAGE_DERIVE_H

#include "host/image/find.h"

/*
 * The path of a file with the symbols (NEED_SYMBOLS) or the BTF (NEED_BTF) of the vmlinux `from`, an
 * absolute path without links, as it is now. Errors: -errno, told on stderr; then nothing is kept.
 */
int vmlinux_derive(const char *from, enum vmlinux_need what, char path[PATH_MAX]);

#endif
