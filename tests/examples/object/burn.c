// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Uses a CPU for MS milliseconds of its time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "generator.h"

int main(int argc, char **argv)
{
	long ms = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	struct timespec used = { 0 };

	if (ms < 1) {
		fprintf(stderr, "Usage: burn MS\n");
		return 2;
	}
	while (used.tv_sec * 1000 + used.tv_nsec / 1000000 < ms) {
		if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used))
			die("clock_gettime: %m");
	}
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
