/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A hash of texts and of the files in a folder: to notice a change, not to stop a forger. */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

/* Two hashes of 64 bits, with different beginnings. */
struct hash {
	uint64_t low, high;
};

#define HASH_TEXT 33 /* 32 digits, and their end */

/*
 * Of a file: its path, size, mode and modification time; HASH_TIMES: and its change time. HASH_ALL: that too, of
 * folders as well, whose paths are relative.
 */
enum hash_what { HASH_MODIFIED, HASH_TIMES, HASH_ALL };

struct hash hash_new(void);
void hash_number(struct hash *hash, uint64_t number);
void hash_bytes(struct hash *hash, const void *bytes, size_t len);
void hash_text(struct hash *hash, const char *text);
/* As HASH_TIMES; nothing for a file that is not there. */
void hash_file(struct hash *hash, const char *path);
/*
 * All files in and below `path`, in whatever order they are found. With HASH_MODIFIED paths are
 * relative to it, and no change time counts: a copy has the same hash. `skip`, if not NULL: a
 * folder below lib/modules/RELEASE that does not count.
 */
void hash_tree(struct hash *hash, const char *path, enum hash_what what, const char *skip);
/* A program that PATH has, as HASH_TIMES. */
void hash_program(struct hash *hash, const char *name);
/* 32 hexadecimal digits. */
void hash_format(const struct hash *hash, char text[HASH_TEXT]);

#endif
