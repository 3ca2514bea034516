// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Builds lists of strings. */
#include "host/machine/words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void words_add(struct words *words, const char *fmt, ...)
{
	char **items = realloc(words->items, (words->count + 2) * sizeof(*items));
	va_list args;
	int len;

	if (items)
		words->items = items;
	if (!items || words->err) {
		words->err = -ENOMEM;
		return;
	}
	va_start(args, fmt);
	len = vasprintf(&items[words->count], fmt, args);
	va_end(args);
	if (len < 0)
		words->err = -ENOMEM;
	else
		words->count++;
	items[words->count] = NULL;
}

void words_add_all(struct words *words, const char *const *items)
{
	for (; *items; items++)
		words_add(words, "%s", *items);
}

void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct words){ 0 };
}
