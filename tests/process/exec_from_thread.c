// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * In a child, a thread that is not the first execs ./do_nothing: the process lives on with the
 * first thread's id, although all its other threads end.
 */
#include <pthread.h>
#include <unistd.h>

#include "generator.h"

static void *exec_it(void *unused)
{
	char *argv[] = { "./do_nothing", "5", NULL };

	(void)unused;
	execv(argv[0], argv);
	die("execv %s: %m", argv[0]);
}

int main(void)
{
	pid_t child = fork_or_die();
	pthread_t thread;

	if (child == 0) {
		if (pthread_create(&thread, NULL, exec_it, NULL))
			die("pthread_create failed");
		pthread_join(thread, NULL);
		_exit(1);
	}
	expect_exit(child, 5);
	truth_number("child_pid", (uint64_t)child);
	truth_print();
	return 0;
}
