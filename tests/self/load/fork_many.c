// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * fork_many COUNT: forks so many children in all, as fast as it can on each CPU. $made is how many
 * fork and exit events that makes, its own exit counted in.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generator.h"

static void fork_children(long count)
{
	while (count--) {
		pid_t child = fork();

		if (child < 0)
			die("fork: %m");
		if (child == 0)
			_exit(0);
		if (waitpid(child, NULL, 0) != child)
			die("waitpid: %m");
	}
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	long each = (count + cpus - 1) / cpus, made = 1;
	pid_t *workers = calloc((size_t)cpus, sizeof(*workers));

	if (count < 1 || !workers)
		die("how many?");
	for (long cpu = 0; cpu < cpus; cpu++) {
		workers[cpu] = fork();
		if (workers[cpu] < 0)
			die("fork: %m");
		if (workers[cpu] == 0) {
			fork_children(each);
			_exit(0);
		}
		made += 2 + 2 * each;
	}
	for (long cpu = 0; cpu < cpus; cpu++)
		expect_exit(workers[cpu], 0);
	free(workers);
	truth_number("made", (uint64_t)made);
	truth_print();
	return 0;
}
