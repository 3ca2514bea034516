// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A hash of texts and of the files in a folder: to notice a change, not to stop a forger. */
#include "host/machine/hash.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FNV_PRIME 0x100000001b3ULL
#define FNV_START 0xcbf29ce484222325ULL

/* nftw has no context. */
static struct {
	struct hash sum;
	enum hash_what what;
	const char *skip;
	size_t root; /* length of the path that is left out */
} walk;

struct hash hash_new(void)
{
	return (struct hash){ .low = FNV_START, .high = ~FNV_START };
}

void hash_text(struct hash *hash, const char *text)
{
	/* With its NUL: two texts are not one. */
	for (size_t i = 0; i <= strlen(text); i++) {
		hash->low = (hash->low ^ (unsigned char)text[i]) * FNV_PRIME;
		hash->high = (hash->high ^ (unsigned char)text[i]) * FNV_PRIME;
	}
}

static void hash_file(struct hash *hash, const char *name, const char *path, const struct stat *st)
{
	char text[200], target[4096] = "";

	if (S_ISLNK(st->st_mode) && readlink(path, target, sizeof(target) - 1) < 0)
		return;
	snprintf(text, sizeof(text), "%jd %lo %jd.%09ld", (intmax_t)st->st_size,
		 (unsigned long)st->st_mode, (intmax_t)st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
	hash_text(hash, name);
	hash_text(hash, target);
	hash_text(hash, text);
	if (walk.what == HASH_TIMES) {
		snprintf(text, sizeof(text), "%jd.%09ld", (intmax_t)st->st_ctim.tv_sec,
			 st->st_ctim.tv_nsec);
		hash_text(hash, text);
	}
}

static int walk_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct hash hash = hash_new();

	(void)ftw;
	if (type == FTW_D || (walk.skip && strstr(path + walk.root, walk.skip)))
		return 0;
	hash_file(&hash, walk.what == HASH_TIMES ? path : path + walk.root, path, st);
	/* A sum does not depend on the order. */
	walk.sum.low += hash.low;
	walk.sum.high += hash.high;
	return 0;
}

void hash_tree(struct hash *hash, const char *path, enum hash_what what, const char *skip)
{
	char *root = realpath(path, NULL), text[33];

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
	const char *path = getenv("PATH");
	struct stat st;
	char file[4096];

	walk.what = HASH_TIMES;
	while (path) {
		const char *end = strchrnul(path, ':');

		snprintf(file, sizeof(file), "%.*s/%s", (int)(end - path), path, name);
		if (!stat(strchr(name, '/') ? name : file, &st)) {
			hash_file(hash, name, name, &st);
			return;
		}
		path = *end ? end + 1 : NULL;
	}
}

void hash_format(const struct hash *hash, char text[33])
{
	snprintf(text, 33, "%016" PRIx64 "%016" PRIx64, hash->high, hash->low);
}
