// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A child fails to run a program that is not there, then runs this one again, which exits at once.
 */
#include <string.h>
#include <unistd.h>

#include "generator.h"

int main(int argc, char **argv)
{
	/* On the stack: a page of a file is not in the child's memory until the child reads there. */
	char name[] = "again", words[] = "two words", last[] = "last";
	char *const again[] = { name, words, last, NULL };
	pid_t child;

	if (argc > 1 && strcmp(argv[0], "again") == 0)
		return 0;
	child = fork();
	if (child < 0)
		die("fork: %m");
	if (child == 0) {
		execv("/nowhere/to/be/found", again);
		execv("/proc/self/exe", again);
		_exit(127);
	}
	expect_exit(child, 0);
	truth_number("pid", (uint64_t)getpid());
	truth_number("child", (uint64_t)child);
	truth_print();
	return 0;
}
