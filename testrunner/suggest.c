/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The nearest known word, by Levenshtein's distance. */
#include "suggest.h"

#include <string.h>

/* Longer words are not typed, they are pasted: no guess is made for them. */
#define LONGEST 64

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[LONGEST + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

void suggestion_offer(struct suggestion *suggestion, const char *word)
{
	size_t wanted_len = strlen(suggestion->wanted), word_len = strlen(word);
	size_t distance, limit;

	if (wanted_len > LONGEST || word_len > LONGEST)
		return;
	/*
	 * A third of the word, but two letters swapped (two edits) in any word of three and more.
	 */
	limit = wanted_len / 3;
	if (limit < 2)
		limit = wanted_len < 3 ? wanted_len / 2 : 2;
	distance = edit_distance(suggestion->wanted, wanted_len, word, word_len);
	/* All letters replaced is another word, not a slip. */
	if (distance > limit || distance >= word_len)
		return;
	if (!suggestion->nearest || distance < suggestion->distance) {
		suggestion->nearest = word;
		suggestion->distance = distance;
	}
}
