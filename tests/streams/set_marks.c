// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Sets the marks 1 to N, one after the other, each from another CPU than the one before where there
 * are several.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	if (count < 1) {
		fprintf(stderr, "Usage: set_marks COUNT\n");
		return 2;
	}
	for (long mark = 1; mark <= count; mark++) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET((size_t)(mark % cpus), &set);
		if (sched_setaffinity(0, sizeof(set), &set)) {
			perror("set_marks: sched_setaffinity");
			return 1;
		}
		/* There is no such process, which does not matter: the mark is the argument. */
		getpriority(PRIO_PROCESS, (id_t)mark);
	}
	printf("{\"pid\": %d, \"count\": %ld}\n", getpid(), count);
	return 0;
}
