// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Starts COUNT threads, all alive at once, and then forks one child: threads COUNT. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

#define COUNT_MAX 64

static struct thread {
	pthread_t thread;
	pid_t tid;
} threads[COUNT_MAX];

static pthread_barrier_t all_run, all_seen;

static void *run(void *data)
{
	struct thread *thread = data;

	thread->tid = (pid_t)syscall(SYS_gettid);
	pthread_barrier_wait(&all_run);
	pthread_barrier_wait(&all_seen);
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned int count = argc > 1 ? (unsigned int)atoi(argv[1]) : 0;
	char name[16];
	pid_t child;
	int err = 0;

	if (count < 1 || count > COUNT_MAX)
		die("usage: threads COUNT, 1 to %d", COUNT_MAX);
	if (pthread_barrier_init(&all_run, NULL, count + 1) ||
	    pthread_barrier_init(&all_seen, NULL, count + 1))
		die("pthread_barrier_init failed");
	for (unsigned int i = 0; i < count && !err; i++)
		err = pthread_create(&threads[i].thread, NULL, run, &threads[i]);
	if (err)
		die("pthread_create: error %d", err);
	pthread_barrier_wait(&all_run);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "thread%u", i);
		truth_task(name, getpid(), threads[i].tid);
	}
	pthread_barrier_wait(&all_seen);
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i].thread, NULL);
	child = fork_or_die();
	if (child == 0)
		_exit(0);
	expect_exit(child, 0);
	truth_number("pid", (uint64_t)getpid());
	truth_number("child_pid", (uint64_t)child);
	truth_print();
	return 0;
}
