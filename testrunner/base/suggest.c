/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The nearest known word: letters added, left out, replaced, or swapped with their neighbour. */
#include "base/suggest.h"

#include <string.h>

/* Longer words are not typed, they are pasted: no guess is made for them. */
#define LONGEST 64

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	/* Of the prefixes of `a` with one and two characters less, and of this one. */
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *oldest = before;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			row[j] = min(min(above[j], row[j - 1]) + 1,
				     above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = oldest;
	}
	return above[b_len];
}

void suggestion_offer(struct suggestion *suggestion, const char *word)
{
	size_t wanted_len = strlen(suggestion->wanted), word_len = strlen(word);
	size_t distance, limit;

	if (wanted_len > LONGEST || word_len > LONGEST)
		return;
	/* A third of the word may be wrong, and two letters of any but the shortest. */
	limit = wanted_len < 4 ? wanted_len / 2 : wanted_len < 9 ? 2 : wanted_len / 3;
	distance = edit_distance(suggestion->wanted, wanted_len, word, word_len);
	if (distance > limit)
		return;
	/*
	 * Of two at the same distance the one of the same length: letters are swapped more than
	 * lost.
	 */
	distance = 2 * distance + (word_len != wanted_len);
	if (!suggestion->nearest || distance < suggestion->distance) {
		suggestion->nearest = word;
		suggestion->distance = distance;
	}
}
