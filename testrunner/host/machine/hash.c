// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A hash of texts and of the files in a folder: to notice a change, not to stop a forger. */
#include "host/machine/hash.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/machine/child.h"

#define PRIME 0x9e3779b97f4a7c15ULL
#define START 0xcbf29ce484222325ULL

/* nftw has no context. */
static struct {
	struct hash sum;
	enum hash_what what;
	const char *skip;
	size_t root; /* length of the path that is left out */
} walk;

struct hash hash_new(void)
{
	return (struct hash){ .low = START, .high = ~START };
}

void hash_number(struct hash *hash, uint64_t number)
{
	hash->low = (hash->low ^ number) * PRIME;
	hash->low ^= hash->low >> 29;
	hash->high = (hash->high ^ number) * PRIME;
	hash->high ^= hash->high >> 31;
}

/* Eight at a time. */
void hash_bytes(struct hash *hash, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	uint64_t word;

	for (; len >= sizeof(word); at += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash_number(hash, word);
	}
	word = 0;
	memcpy(&word, at, len);
	/* How many are left, so that zeros at the end count. */
	if (len)
		hash_number(hash, word ^ (uint64_t)len << 56);
}

void hash_text(struct hash *hash, const char *text)
{
	/* With its length: two texts are not one. */
	hash_bytes(hash, text, strlen(text));
	hash_number(hash, strlen(text));
}

static void hash_stat(struct hash *hash, const char *name, const char *path, const struct stat *st,
		      enum hash_what what)
{
	char target[4096] = "";

	if (S_ISLNK(st->st_mode) && readlink(path, target, sizeof(target) - 1) < 0)
		return;
	hash_text(hash, name);
	hash_text(hash, target);
	hash_number(hash, (uint64_t)st->st_size);
	hash_number(hash, st->st_mode);
	hash_bytes(hash, &st->st_mtim, sizeof(st->st_mtim));
	/* This time cannot be set back. */
	if (what != HASH_MODIFIED)
		hash_bytes(hash, &st->st_ctim, sizeof(st->st_ctim));
}

void hash_file(struct hash *hash, const char *path)
{
	struct stat st;

	if (!stat(path, &st))
		hash_stat(hash, path, path, &st, HASH_TIMES);
}

static int walk_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct hash hash = hash_new();

	(void)ftw;
	if ((type == FTW_D && walk.what != HASH_ALL) ||
	    (walk.skip && strstr(path + walk.root, walk.skip)))
		return 0;
	hash_stat(&hash, walk.what == HASH_TIMES ? path : path + walk.root, path, st, walk.what);
	/* A sum does not depend on the order. */
	walk.sum.low += hash.low;
	walk.sum.high += hash.high;
	return 0;
}

void hash_tree(struct hash *hash, const char *path, enum hash_what what, const char *skip)
{
	char *root = realpath(path, NULL), text[HASH_TEXT];

	walk.sum = (struct hash){ 0 };
	walk.what = what;
	walk.skip = skip;
	walk.root = root ? strlen(root) : 0;
	if (root)
		nftw(root, walk_one, 16, FTW_PHYS);
	hash_format(&walk.sum, text);
	hash_text(hash, text);
	free(root);
}

void hash_program(struct hash *hash, const char *name)
{
	char *path = program_find(name);

	hash_file(hash, path ? path : name);
	free(path);
}

void hash_format(const struct hash *hash, char text[HASH_TEXT])
{
	snprintf(text, HASH_TEXT, "%016" PRIx64 "%016" PRIx64, hash->high, hash->low);
}
