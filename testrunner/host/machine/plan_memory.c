// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* How many kernels fit into this host's free memory. */
#include "host/machine/plan_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* QEMU's buffer of translated code grows to 180 MB within the first 10 s of the tests. */
#define QEMU_MB 200

/* As GNU parallel's --limit wants them. */
enum { LIMIT_START = 0, LIMIT_WAIT = 1, LIMIT_END = 2 };

long plan_memory_need(long mb)
{
	return (mb + QEMU_MB) * 1024;
}

long plan_memory_free(void)
{
	const char *path = getenv("BPFCHECK_MEMINFO"), *at;
	long free_kb = 0;
	char *text;
	size_t len;

	if (file_read(path ? path : "/proc/meminfo", 1 << 16, &text, &len))
		return 0;
	at = strstr(text, "MemAvailable:");
	if (at)
		free_kb = atol(at + strlen("MemAvailable:"));
	free(text);
	return free_kb;
}

int plan_memory_limit(long free, long need, size_t running)
{
	if (free >= need || !running)
		return LIMIT_START;
	/* Never the only one. */
	return running > 1 && free < need / 2 ? LIMIT_END : LIMIT_WAIT;
}

/* Children of `pid` other than us, and the shell that parallel may have started us with. */
static size_t count_children(long pid)
{
	char path[64], *text, *at, *end;
	size_t len, count = 0;

	snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", pid, pid);
	/* Without CONFIG_PROC_CHILDREN it is not there, and only the number of jobs is a limit. */
	if (file_read(path, 1 << 16, &text, &len))
		return 0;
	for (at = text;; at = end) {
		long child = strtol(at, &end, 10);

		if (end == at)
			break;
		count += child != getpid() && child != getppid();
	}
	free(text);
	return count;
}

int plan_memory_main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "Usage: bpfcheck memory KB PID\n");
		return LIMIT_WAIT;
	}
	return plan_memory_limit(plan_memory_free(), atol(argv[1]), count_children(atol(argv[2])));
}
