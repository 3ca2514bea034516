// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A child begins a session and takes a terminal; its child leads a group in that; and whose child
 * begins a session of its own, which has neither. It is that one who prints the truth.
 */
#include <errno.h>
#include <unistd.h>

#include "generator.h"

static void begin_session(void)
{
	if (setsid() != getpid())
		die("setsid: %m");
}

/* Go on in a child. */
static void descend(void)
{
	pid_t child = fork_or_die();

	if (child > 0) {
		expect_exit(child, 0);
		_exit(0);
	}
}

int main(void)
{
	struct terminal terminal = terminal_open();

	truth_task("generator", getpid(), getpid());
	descend();
	truth_number("first", (uint64_t)getpid());
	begin_session();
	/* Who leads a session can have no other. */
	if (setsid() != -1 || errno != EPERM)
		die("a second setsid: %m, expected EPERM");
	terminal_control(&terminal);
	descend();
	if (setpgid(0, 0))
		die("setpgid: %m");
	/* Nor who leads a group. */
	if (setsid() != -1 || errno != EPERM)
		die("setsid of a group's leader: %m, expected EPERM");
	descend();
	truth_task("before", getpid(), getpid());
	truth_tty("old_tty", getpid());
	begin_session();
	truth_task("after", getpid(), getpid());
	truth_tty("tty", getpid());
	truth_print();
	return 0;
}
