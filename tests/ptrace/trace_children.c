// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Traces three children, whose tracing begins in each way there is: one asks for it, one is
 * attached to, one is seized. In between it asks for what it cannot have.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generator.h"

/* The system call; the C library's function has other arguments and results. */
static long request(long what, pid_t pid, void *addr, void *data)
{
	return syscall(SYS_ptrace, what, pid, addr, data);
}

static void must(long what, pid_t pid, void *addr, void *data)
{
	if (request(what, pid, addr, data) < 0)
		die("ptrace request %#lx for %d: %m", what, pid);
}

static void must_not(long what, pid_t pid, void *addr, void *data, int error)
{
	if (request(what, pid, addr, data) != -1 || errno != error)
		die("ptrace request %#lx for %d: %m, expected %s", what, pid, strerror(error));
}

static void wait_for_stop(pid_t pid)
{
	int status = wait_for(pid);

	if (!WIFSTOPPED(status))
		die("child %d: wait status %#x, expected a stop", pid, status);
}

/* A child that lives as long as the gate is shut. */
static pid_t fork_waiting(const char *name, const struct gate *gate)
{
	pid_t child = fork_or_die();

	if (child == 0) {
		gate_wait(gate);
		_exit(0);
	}
	truth_task(name, child, child);
	return child;
}

static void trace_me(void)
{
	struct user_regs_struct registers;
	static long word;
	pid_t child = fork_or_die();
	siginfo_t info;
	long seen;

	if (child == 0) {
		must(PTRACE_TRACEME, 0, NULL, NULL);
		must_not(PTRACE_TRACEME, 0, NULL, NULL, EPERM);
		raise(SIGSTOP);
		_exit(0);
	}
	wait_for_stop(child);
	truth_task("willing", child, child);
	must_not(PTRACE_ATTACH, child, NULL, NULL, EPERM);
	must(PTRACE_GETREGS, child, NULL, &registers);
	must(PTRACE_GETSIGINFO, child, NULL, &info);
	must(PTRACE_PEEKDATA, child, &word, &seen);
	must_not(PTRACE_PEEKDATA, child, NULL, &seen, EIO);
	must(PTRACE_CONT, child, NULL, NULL);
	expect_exit(child, 0);
}

static void attach(void)
{
	struct gate gate = gate_make();
	pid_t child = fork_waiting("attached", &gate);

	must_not(PTRACE_CONT, child, NULL, NULL, ESRCH);
	must(PTRACE_ATTACH, child, NULL, NULL);
	wait_for_stop(child);
	must_not(PTRACE_SEIZE, child, NULL, NULL, EPERM);
	must(PTRACE_DETACH, child, NULL, NULL);
	gate_open(&gate);
	expect_exit(child, 0);
}

static void seize(void)
{
	struct gate gate = gate_make();
	pid_t child = fork_waiting("seized", &gate);

	/* Addresses have no meaning there. */
	must_not(PTRACE_SEIZE, child, &gate, NULL, EIO);
	must(PTRACE_SEIZE, child, NULL, NULL);
	must(PTRACE_INTERRUPT, child, NULL, NULL);
	wait_for_stop(child);
	must_not(0x4999, child, NULL, NULL, EIO);
	must(PTRACE_DETACH, child, NULL, NULL);
	gate_open(&gate);
	expect_exit(child, 0);
}

int main(void)
{
	truth_task("tracer", getpid(), getpid());
	must_not(PTRACE_ATTACH, getpid(), NULL, NULL, EPERM);
	trace_me();
	attach();
	seize();
	truth_print();
	return 0;
}
