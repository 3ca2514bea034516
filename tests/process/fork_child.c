// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Forks a child and says what /proc knows of both while the child waits.
 *
 * fork_child [--new-namespaces | --terminal | --credentials]
 *   --new-namespaces  the child begins in namespaces of its own (all but user and time)
 *   --terminal        in a session of its own with a controlling terminal
 *   --credentials     after having taken on distinct ids and left two capabilities
 */
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

#define NEW_NAMESPACES \
	(CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP)

/* musl has no clone() that returns twice. */
static pid_t clone_or_die(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0);

	if (pid < 0)
		die("clone with flags %#lx: %m", flags);
	return (pid_t)pid;
}

/* A process that leads its group cannot have a new session, and this one may lead one. */
static void leave_group(void)
{
	pid_t pid = fork_or_die();

	if (pid > 0) {
		expect_exit(pid, 0);
		exit(0);
	}
	if (setsid() < 0)
		die("setsid: %m");
}

static void take_terminal(void)
{
	struct terminal terminal;

	leave_group();
	terminal = terminal_open();
	terminal_control(&terminal);
}

static void take_credentials(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	if (prctl(PR_SET_KEEPCAPS, 1))
		die("keep capabilities: %m");
	/* An id each, so that no two can be mixed up. */
	if (setresgid(2001, 2002, 2003) || setresuid(1001, 1002, 1003))
		die("set ids: %m");
	/* The latter to look into /proc at processes with such ids. */
	data[0].permitted = 1U << CAP_KILL | 1U << CAP_SYS_PTRACE;
	data[0].effective = 1U << CAP_SYS_PTRACE;
	if (syscall(SYS_capset, &header, data))
		die("capset: %m");
}

/* So that group and session are not the same, unless this process leads its session. */
static void lead_group(void)
{
	if (getpgrp() != getpid() && setpgid(0, 0))
		die("setpgid: %m");
}

static const struct mode {
	const char *name;
	void (*prepare)(void);
	unsigned long clone_flags;
} modes[] = {
	{ "", lead_group, 0 },
	{ "--new-namespaces", lead_group, NEW_NAMESPACES },
	{ "--terminal", take_terminal, 0 },
	{ "--credentials", take_credentials, 0 },
};

int main(int argc, char **argv)
{
	const struct mode *mode = FIND_MODE(modes, argc > 1 ? argv[1] : "");
	struct gate gate;
	pid_t child;

	mode->prepare();
	gate = gate_make();
	child = clone_or_die(mode->clone_flags);
	if (child == 0) {
		gate_wait(&gate);
		_exit(0);
	}
	truth_task("parent", getpid(), getpid());
	truth_task("child", child, child);
	truth_cred("cred", getpid());
	truth_namespaces("namespaces", child);
	truth_namespaces("own_namespaces", getpid());
	truth_tty("tty", child);
	gate_open(&gate);
	expect_exit(child, 0);
	truth_print();
	return 0;
}
