// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * PROCESSES children, one after the other, whose threads all end at the same time: exit_race
 * PROCESSES. Each thread counts itself out, and more than one may then see that none is left.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

#define THREADS 4

static pthread_barrier_t all_run;

static void *end_together(void *unused)
{
	(void)unused;
	pthread_barrier_wait(&all_run);
	/* Only this thread; the C library's exits are the process's. */
	syscall(SYS_exit, 0);
	__builtin_unreachable();
}

static void run_child(void)
{
	pthread_t thread;

	if (pthread_barrier_init(&all_run, NULL, THREADS))
		die("pthread_barrier_init failed");
	for (int i = 1; i < THREADS; i++) {
		if (pthread_create(&thread, NULL, end_together, NULL))
			die("pthread_create failed");
	}
	end_together(NULL);
}

int main(int argc, char **argv)
{
	int count = argc > 1 ? atoi(argv[1]) : 0;

	if (count < 1)
		die("usage: exit_race PROCESSES");
	for (int i = 0; i < count; i++) {
		pid_t child = fork_or_die();

		if (child == 0)
			run_child();
		expect_exit(child, 0);
	}
	truth_number("pid", (uint64_t)getpid());
	truth_number("count", (uint64_t)count);
	truth_print();
	return 0;
}
