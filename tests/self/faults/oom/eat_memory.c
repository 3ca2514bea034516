// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Takes all memory that there is. */
#include <stdio.h>
#include <sys/mman.h>

int main(void)
{
	const size_t piece = 1024 * 1024;

	while (mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
		    -1, 0) != MAP_FAILED)
		;
	fprintf(stderr, "eat_memory: the kernel said no instead of running out\n");
	return 1;
}
