// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Takes all memory that there is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	const size_t piece = 1024 * 1024;
	void *memory = NULL;

	/* A chain, so that all of it stays in use. */
	for (void **next; (next = malloc(piece)); memory = next) {
		memset(next, 1, piece);
		*next = memory;
	}
	fprintf(stderr, "eat_memory: the kernel said no instead of running out\n");
	return 1;
}
