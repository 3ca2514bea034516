// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A child execs ./do_nothing, which exits with CODE: fork_exec_exit --code CODE. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generator.h"

int main(int argc, char **argv)
{
	char *child_argv[] = { "./do_nothing", NULL, NULL };
	pid_t child;
	int status;

	if (argc != 3 || strcmp(argv[1], "--code") != 0)
		die("usage: fork_exec_exit --code CODE");
	child_argv[1] = argv[2];
	child = fork_or_die();
	if (child == 0) {
		execv(child_argv[0], child_argv);
		die("execv %s: %m", child_argv[0]);
	}
	status = wait_for(child);
	if (!WIFEXITED(status))
		die("the child did not exit: wait status %#x", status);
	truth_number("pid", (uint64_t)getpid());
	truth_number("child_pid", (uint64_t)child);
	truth_number("exit_code", (uint64_t)WEXITSTATUS(status));
	truth_print();
	return 0;
}
