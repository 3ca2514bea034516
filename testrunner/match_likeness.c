/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which events are alike: a hash table, and the memory of what is kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shelf.h"

#define CHUNK_BYTES (64 * 1024)

/* Kept events, one after the other: they are freed all at once. */
struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(uint64_t) unsigned char bytes[];
};

void chunks_free(struct chunk *chunks)
{
	while (chunks) {
		struct chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
}

void *take_room(struct matcher *matcher, size_t size)
{
	struct chunk *chunk = matcher->chunks;

	size = (size + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1);
	if (!chunk || size > chunk->size - chunk->used) {
		size_t chunk_size = size > CHUNK_BYTES ? size : CHUNK_BYTES;

		chunk = malloc(sizeof(*chunk) + chunk_size);
		if (!chunk)
			return NULL;
		*chunk = (struct chunk){ .next = matcher->chunks, .size = chunk_size };
		matcher->chunks = chunk;
		matcher->kept_bytes += chunk_size;
	}
	chunk->used += size;
	return chunk->bytes + chunk->used - size;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	/* Knuth's multiplicative hash; the product's upper half depends on all of the word. */
	hash = (hash ^ word) * 0x9e3779b97f4a7c15;
	return hash ^ hash >> 32;
}

static uint64_t mix_text(uint64_t hash, const struct value *text)
{
	size_t at = 0;
	uint64_t word;

	for (; text->s.len - at >= sizeof(word); at += sizeof(word)) {
		memcpy(&word, text->s.data + at, sizeof(word));
		hash = mix(hash, word);
	}
	word = text->s.len;
	for (; at < text->s.len; at++)
		word = word << 8 | (unsigned char)text->s.data[at];
	return mix(hash, word);
}

static uint64_t mix_address(uint64_t hash, const struct value *address)
{
	uint64_t words[2];

	memcpy(words, address->address, sizeof(words));
	return mix(mix(hash, words[0]), words[1]);
}

uint64_t likeness_hash(const struct route *route)
{
	const struct shelf *shelf = route->shelf;
	uint64_t hash = 0;

	for (size_t i = 0; i < shelf->words; i++)
		hash = mix(hash, shelf->marks[i]);
	for (size_t slot = 0; slot < route->slot_count; slot++) {
		const struct value *value;

		if (!shelf->compared[slot])
			continue;
		value = event_value(route, &route->now, slot);
		if (value->kind == VALUE_UINT || value->kind == VALUE_INT)
			hash = mix(hash, value->u);
		else if (value_is_address(value))
			hash = mix_address(hash, value);
		else if (value->kind != VALUE_NONE)
			hash = mix_text(hash, value);
	}
	return hash;
}

static bool same_value(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == VALUE_UINT || a->kind == VALUE_INT)
		return a->u == b->u;
	if (value_is_address(a))
		return memcmp(a->address, b->address, sizeof(a->address)) == 0;
	return a->kind == VALUE_NONE ||
	       (a->s.len == b->s.len && memcmp(a->s.data, b->s.data, a->s.len) == 0);
}

static bool is_alike(const struct route *route, const struct likeness *likeness, uint64_t hash)
{
	const struct shelf *shelf = route->shelf;

	if (likeness->hash != hash ||
	    memcmp(likeness->blocks, shelf->marks, shelf->words * sizeof(uint64_t)) != 0)
		return false;
	for (size_t slot = 0; slot < route->slot_count; slot++) {
		if (shelf->compared[slot] && !same_value(event_value(route, &route->now, slot),
							 &likeness->look.values[slot]))
			return false;
	}
	return true;
}

/* Where the likeness is, or else belongs. */
static struct likeness **find_place(const struct route *route, uint64_t hash)
{
	const struct shelf *shelf = route->shelf;
	size_t at = hash & (shelf->table_size - 1);

	while (shelf->table[at] && !is_alike(route, shelf->table[at], hash))
		at = (at + 1) & (shelf->table_size - 1);
	return &shelf->table[at];
}

struct likeness *likeness_find(const struct route *route, uint64_t hash)
{
	return *find_place(route, hash);
}

static int grow_table(struct matcher *matcher, struct shelf *shelf)
{
	size_t size = shelf->table_size * 2;
	struct likeness **table = calloc(size, sizeof(struct likeness *));

	if (!table)
		return -ENOMEM;
	for (size_t i = 0; i < shelf->table_size; i++) {
		struct likeness *likeness = shelf->table[i];
		size_t at = likeness ? likeness->hash & (size - 1) : 0;

		while (likeness && table[at])
			at = (at + 1) & (size - 1);
		if (likeness)
			table[at] = likeness;
	}
	free(shelf->table);
	shelf->table = table;
	shelf->table_size = size;
	matcher->kept_bytes += size / 2 * sizeof(struct likeness *);
	return 0;
}

int likeness_add(struct matcher *matcher, const struct route *route, uint64_t hash,
		 struct likeness **out)
{
	struct shelf *shelf = route->shelf;
	struct likeness *likeness = take_room(matcher, sizeof(*likeness));
	size_t words_size = shelf->words * sizeof(uint64_t);

	if (!likeness)
		return -ENOMEM;
	*likeness = (struct likeness){
		.look = { .values = take_room(matcher,
					      values_size(route, &route->now, shelf->stored)),
			  .kept = true },
		.hash = hash,
		.blocks = take_room(matcher, words_size),
		.spells = take_room(matcher, shelf->ordered_count * sizeof(struct spell)),
	};
	if (!likeness->blocks || !likeness->look.values || !likeness->spells)
		return -ENOMEM;
	memcpy(likeness->blocks, shelf->marks, words_size);
	memset(likeness->spells, 0, shelf->ordered_count * sizeof(struct spell));
	values_copy(route, &route->now, shelf->stored, likeness->look.values);
	*shelf->last = likeness;
	shelf->last = &likeness->next;
	*find_place(route, hash) = likeness;
	*out = likeness;
	return ++shelf->table_used * 2 > shelf->table_size ? grow_table(matcher, shelf) : 0;
}
