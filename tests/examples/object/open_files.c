// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Opens the file NAME a few times, each time from another CPU where there are several. */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "generator.h"

int main(int argc, char **argv)
{
	long count = argc > 2 ? strtol(argv[2], NULL, 10) : 0;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	char name[64] = "";
	int fd = -1;

	if (argc != 3 || count < 1) {
		fprintf(stderr, "Usage: open_files NAME COUNT\n");
		return 2;
	}
	/* On the stack, where the probe can read it: a page of a file may not be there yet. */
	snprintf(name, sizeof(name), "%s", argv[1]);
	for (long i = 0; i < count; i++) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET((size_t)(i % cpus), &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			die("sched_setaffinity: %m");
		fd = openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			die("open %s: %m", name);
		close(fd);
	}
	truth_number("pid", (uint64_t)getpid());
	truth_number("fd", (uint64_t)fd);
	truth_number("count", (uint64_t)count);
	truth_text("name", name);
	truth_print();
	return 0;
}
