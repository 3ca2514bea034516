// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Things that happen to a child. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generator.h"

static void exec_and_exit(void)
{
	execl("/proc/self/exe", "again", (char *)NULL);
	die("exec: %m");
}

static void exit_with_7(void)
{
	_exit(7);
}

static void be_killed(void)
{
	raise(SIGKILL);
}

static void become_somebody(void)
{
	if (setresuid(1234, 5678, 5678) < 0)
		die("setresuid: %m");
	_exit(0);
}

static void change_name(void)
{
	prctl(PR_SET_NAME, "say \"\\\n\"");
	setsid();
	_exit(0);
}

static const struct mode {
	const char *name;
	void (*run)(void); /* in the child */
} modes[] = {
	{ "exec", exec_and_exit },     { "exit", exit_with_7 }, { "kill", be_killed },
	{ "setuid", become_somebody }, { "name", change_name },
};

int main(int argc, char **argv)
{
	const struct mode *mode;
	pid_t child;

	if (strcmp(argv[0], "again") == 0)
		exit_with_7();
	mode = FIND_MODE(modes, argc > 1 ? argv[1] : "");
	child = fork_or_die();
	if (child == 0)
		mode->run();
	truth_number("status", (uint64_t)wait_for(child));
	truth_number("pid", (uint64_t)getpid());
	truth_number("child_pid", (uint64_t)child);
	truth_print();
	return 0;
}
