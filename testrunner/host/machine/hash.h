/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A hash of texts and of the files in a folder: to notice a change, not to stop a forger. */
#ifndef HASH_H
#define HASH_H

#include <stdint.h>

/* Two FNV-1a hashes of 64 bits, with different beginnings. */
struct hash {
	uint64_t low, high;
};

/* Of a file: its path and size always, and its mode; HASH_TIMES: and both its times, with nanoseconds. */
enum hash_what { HASH_MODIFIED, HASH_TIMES };

struct hash hash_new(void);
void hash_text(struct hash *hash, const char *text);
/*
 * All files in and below `path`, in whatever order they are found. With HASH_MODIFIED paths are
 * relative to it, and no change time counts: a copy has the same hash. `skip`, if not NULL: a
 * folder below lib/modules/RELEASE that does not count.
 */
void hash_tree(struct hash *hash, const char *path, enum hash_what what, const char *skip);
/* A program that PATH has, as HASH_TIMES. */
void hash_program(struct hash *hash, const char *name);
/* 32 hexadecimal digits. */
void hash_format(const struct hash *hash, char text[33]);

#endif
