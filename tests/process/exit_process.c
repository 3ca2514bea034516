// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A child ends, and its parent says how wait() has it.
 *
 * exit_process MODE
 *   code           exits with 7
 *   killed         is killed by SIGKILL
 *   aborted        raises SIGABRT
 *   threads_first  has four threads that end before it exits with 5
 *   leader_first   its first thread ends with 3 and is long gone when the last ends with 9
 *   group          its second thread ends all of them with 6
 */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generator.h"

static void start_thread(void *(*run)(void *), pthread_t *thread)
{
	int err = pthread_create(thread, NULL, run, NULL);

	if (err)
		die("pthread_create: error %d", err);
}

/* Only the calling thread, whichever it is; the C library's exits are the process's. */
static __attribute__((noreturn)) void end_thread(int code)
{
	syscall(SYS_exit, code);
	__builtin_unreachable();
}

static void run_code(void)
{
	_exit(7);
}

static void run_killed(void)
{
	kill(getpid(), SIGKILL);
}

static void run_aborted(void)
{
	raise(SIGABRT);
}

static void *return_at_once(void *unused)
{
	return unused;
}

static void run_threads_first(void)
{
	pthread_t threads[4];

	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		start_thread(return_at_once, &threads[i]);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	_exit(5);
}

/* The state that /proc has for the first thread. */
static char leader_state(void)
{
	char path[64], line[256], *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		die("read %s: %m", path);
	fclose(file);
	end = strrchr(line, ')');
	return end && end[1] == ' ' ? end[2] : '?';
}

static void *outlive_leader(void *unused)
{
	(void)unused;
	while (leader_state() != 'Z')
		sched_yield();
	end_thread(9);
}

static void run_leader_first(void)
{
	pthread_t thread;

	start_thread(outlive_leader, &thread);
	end_thread(3);
}

static void *exit_group(void *unused)
{
	(void)unused;
	_exit(6);
}

static void run_group(void)
{
	pthread_t thread;

	start_thread(exit_group, &thread);
	pthread_join(thread, NULL);
}

static const struct mode {
	const char *name;
	void (*run)(void);
} modes[] = {
	{ "code", run_code },
	{ "killed", run_killed },
	{ "aborted", run_aborted },
	{ "threads_first", run_threads_first },
	{ "leader_first", run_leader_first },
	{ "group", run_group },
};

int main(int argc, char **argv)
{
	const struct mode *mode = FIND_MODE(modes, argc > 1 ? argv[1] : "");
	pid_t child = fork_or_die();
	int status;

	if (child == 0) {
		mode->run();
		die("%s did not end the process", mode->name);
	}
	status = wait_for(child);
	truth_number("child_pid", (uint64_t)child);
	truth_number("exit_code", WIFEXITED(status) ? (uint64_t)WEXITSTATUS(status) : 0);
	truth_number("signal", WIFSIGNALED(status) ? (uint64_t)WTERMSIG(status) : 0);
	truth_print();
	return 0;
}
