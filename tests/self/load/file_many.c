// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * file_many COUNT: makes and deletes files until that were COUNT events in all, as fast as it can,
 * a thread on each CPU. $made is how many it were.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "generator.h"

static long each;

static void *make_files(void *number)
{
	char name[32];

	snprintf(name, sizeof(name), "file.%ld", (long)number);
	for (long i = 0; i < each; i++) {
		int fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

		if (fd < 0)
			die("make %s: %m", name);
		close(fd);
		if (unlink(name))
			die("delete %s: %m", name);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t *threads = calloc((size_t)cpus, sizeof(*threads));

	if (count < 2 || !threads)
		die("how many?");
	each = (count / 2 + cpus - 1) / cpus;
	private_tmp();
	for (long i = 0; i < cpus; i++) {
		if (pthread_create(&threads[i], NULL, make_files, (void *)i))
			die("start a thread");
	}
	for (long i = 0; i < cpus; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	truth_number("made", (uint64_t)(2 * each * cpus));
	truth_print();
	return 0;
}
