/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Children of generators: to start them, hold them at a known place, and see them end. */
#include "generator.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t fork_or_die(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %m");
	return pid;
}

int wait_for(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid %d: %m", pid);
	return status;
}

void expect_exit(pid_t pid, int code)
{
	int status = wait_for(pid);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != code)
		die("child %d: wait status %#x, expected exit code %d", pid, status, code);
}

struct gate gate_make(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		die("pipe2: %m");
	return (struct gate){ ends[0], ends[1] };
}

void gate_wait(const struct gate *gate)
{
	char byte;

	close(gate->write_end);
	if (read(gate->read_end, &byte, 1) != 1)
		_exit(1);
}

void gate_open(const struct gate *gate)
{
	if (write(gate->write_end, "", 1) != 1)
		die("write to a pipe: %m");
}

/* In the child: never returns. */
static void exec_program(const struct program *program, int input)
{
	if (program->prepare)
		program->prepare();
	if (dup2(input, STDIN_FILENO) < 0)
		die("dup2: %m");
	execve(program->path, program->argv, program->env);
	die("execve %s: %m", program->path);
}

/* Until the other side of a pipe has read all that there is, or is gone. */
static void wait_until_read(int fd)
{
	struct pollfd write_end = { .fd = fd };
	int unread = 1;

	while (unread && poll(&write_end, 1, 0) == 0) {
		if (ioctl(fd, FIONREAD, &unread))
			die("ask how full a pipe is: %m");
		sched_yield();
	}
}

struct held exec_held(const struct program *program)
{
	struct gate hold = gate_make(), exec_done = gate_make();
	struct held held = { .hold = hold.write_end };
	char byte;

	gate_open(&hold);
	held.pid = fork_or_die();
	if (held.pid == 0) {
		close(hold.write_end);
		exec_program(program, hold.read_end);
	}
	close(hold.read_end);
	/* Exec closes the child's end, and so does death: then /proc, read next, will say so. */
	close(exec_done.write_end);
	if (read(exec_done.read_end, &byte, 1) != 0)
		die("wait for exec: %m");
	close(exec_done.read_end);
	/* The kernel closes it before the arguments are where /proc reads them; when the program runs they are. */
	wait_until_read(held.hold);
	return held;
}

void held_release(const struct held *held)
{
	close(held->hold);
	expect_exit(held->pid, 0);
}
