// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Starts a test program in an environment of its own, reads it to its end, and records its tests.
 */
#include "run/program.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/process_tree.h"
#include "process/program_output.h"

#define FAILURE_SIZE 512
#define GRACE_MS     300

/* The environment of a program: ours, except for these. */
struct environment {
	char folder[64]; /* of its own, empty at first */
	char **values;	 /* NULL-terminated */
	size_t count;
};

__attribute__((format(printf, 2, 3))) static void environment_set(struct environment *environment,
								  const char *format, ...)
{
	char **values = reallocarray(environment->values, environment->count + 2, sizeof(char *));
	va_list args;

	if (!values)
		return;
	environment->values = values;
	va_start(args, format);
	if (vasprintf(&values[environment->count], format, args) >= 0)
		environment->count++;
	va_end(args);
	values[environment->count] = NULL;
}

/* Has the environment a value for the name in "NAME=VALUE"? */
static bool environment_has(const struct environment *environment, const char *entry)
{
	size_t len = strcspn(entry, "=") + 1;

	for (size_t i = 0; i < environment->count; i++)
		if (strncmp(environment->values[i], entry, len) == 0)
			return true;
	return false;
}

static int environment_open(struct environment *environment, const struct run *run,
			    const struct suite_test *test)
{
	*environment = (struct environment){ .folder = "/tmp/bpfcheck-XXXXXX" };
	if (!mkdtemp(environment->folder))
		return -errno;
	environment_set(environment, "HOME=%s", environment->folder);
	environment_set(environment, "TMPDIR=%s", environment->folder);
	environment_set(environment, "BPFCHECK_SUITE=%s", run->suite->root);
	environment_set(environment, "BPFCHECK_TEST=%s", test->name);
	for (char **inherited = environ; *inherited; inherited++)
		if (!environment_has(environment, *inherited))
			environment_set(environment, "%s", *inherited);
	if (!environment_has(environment, "PATH="))
		environment_set(environment, "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)type;
	(void)place;
	/* An entry that cannot be removed, a mount for example, does not stop the removal of the rest. */
	remove(path);
	return 0;
}

static void environment_close(struct environment *environment)
{
	nftw(environment->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	for (size_t i = 0; i < environment->count; i++)
		free(environment->values[i]);
	free(environment->values);
}

/* The interpreter of the script `path`; false: it is not a script. */
static bool interpreter_of(const char *path, char *name, size_t size)
{
	char line[PATH_MAX + 2] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *start;
	size_t len;

	if (fd < 0)
		return false;
	if (read(fd, line, sizeof(line) - 1) < 0)
		line[0] = '\0';
	close(fd);
	if (line[0] != '#' || line[1] != '!')
		return false;
	start = line + 2 + strspn(line + 2, " \t");
	len = strcspn(start, " \t\n");
	snprintf(name, size, "%.*s", (int)len, start);
	return true;
}

/* exec() returns ENOENT also if the interpreter or the dynamic loader is missing. */
static void explain_start(const char *path, const char *name, int err, char *failure)
{
	char interpreter[PATH_MAX], words[FAILURE_SIZE];

	if (err == -ENOENT && access(path, F_OK) == 0) {
		if (interpreter_of(path, interpreter, sizeof(interpreter)))
			snprintf(words, sizeof(words), "the guest has no %.200s, its interpreter",
				 interpreter);
		else
			snprintf(words, sizeof(words),
				 "it is dynamically linked, but the guest has no dynamic loader; "
				 "link it statically");
	} else if (err == -ENOEXEC) {
		snprintf(words, sizeof(words),
			 "it is neither a program nor a script that begins with #!");
	} else {
		snprintf(words, sizeof(words), "%s", strerror(-err));
	}
	snprintf(failure, FAILURE_SIZE, "%.100s cannot be started: %.300s", name, words);
}

static void take_output(void *output, bool is_stderr, const char *data, size_t len)
{
	program_output_take(output, is_stderr, data, len);
}

/*
 * Wait until the whole tree has ended, or `deadline`; with `ended`, until the program itself has
 * ended.
 */
static void await_end(struct run *run, struct process_tree *tree, bool ended, uint64_t deadline)
{
	bool gone = false;
	uint64_t now;

	while (!run->stopped && !gone && !(ended && process_tree_ended(tree)) &&
	       (now = clock_ms()) < deadline) {
		struct pollfd fds[3] = { { .fd = run->signals, .events = POLLIN } };

		process_tree_pollfds(tree, fds + 1);
		poll(fds, 3, (int)(deadline - now));
		run_take_signals(run);
		process_tree_read(tree);
		gone = process_tree_reap(tree);
	}
}

static void follow(struct run *run, struct process_tree *tree, unsigned int timeout_ms,
		   char *failure)
{
	uint64_t deadline = clock_ms() + timeout_ms;

	await_end(run, tree, true, deadline);
	if (run->stopped)
		snprintf(failure, FAILURE_SIZE, "stopped by a signal");
	else if (!process_tree_ended(tree))
		snprintf(failure, FAILURE_SIZE, "timed out after %g s", timeout_ms / 1000.0);
	else
		/* Processes that pass on its output end soon; daemons are not waited for. */
		await_end(run, tree, false, clock_ms() + GRACE_MS);
	if (process_tree_kill(tree))
		snprintf(failure, FAILURE_SIZE, "a process of the program cannot be killed");
	/* All writers have ended: read the rest. */
	while (clock_ms() < deadline + timeout_ms && process_tree_read(tree))
		;
}

/* The folder of an absolute path. */
static char *folder_of(const char *path)
{
	size_t len = (size_t)(strrchr(path, '/') - path);

	return strndup(path, len ? len : 1);
}

/* Run the program to its end. `failure` stays empty when it exits with 0. */
static void run_to_end(struct run *run, const struct suite_test *test, char *const envp[],
		       struct program_output *output, char *failure, bool *is_status)
{
	char *const *argv = test->test->program.argv;
	bool in_guest = argv[0][0] == '/';
	char *path = in_guest ? strdup(argv[0]) : suite_find(run->suite, test, argv[0]);
	/* A program of the guest reads files of the suite. */
	char *folder = path ? folder_of(in_guest ? test->path : path) : NULL;
	struct process_tree *tree = NULL;
	char **own = environ, ignored[FAILURE_SIZE];
	int err = -ENOENT;

	if (folder) {
		/* The child uses this process's memory, and so this environment, until it execs. */
		environ = (char **)envp;
		err = process_tree_start_in(folder, path, argv, &tree, ignored, sizeof(ignored));
		environ = own;
	}
	if (!err) {
		process_tree_listen(tree, take_output, output);
		err = process_tree_release(tree);
	}
	if (err)
		explain_start(path ? path : argv[0], argv[0], err, failure);
	if (tree && !err)
		follow(run, tree, test->test->timeout_ms, failure);
	else if (tree)
		process_tree_kill(tree);
	if (tree && !failure[0])
		*is_status = process_tree_failure(tree, failure, FAILURE_SIZE) &&
			     process_tree_exited(tree);
	process_tree_free(tree);
	free(folder);
	free(path);
}

static void write_subtests(struct run *run, const struct suite_test *test,
			   const struct program_output *output)
{
	static const enum test_outcome outcomes[] = {
		[SUBTEST_RUNNING] = TEST_FAIL,
		[SUBTEST_PASS] = TEST_PASS,
		[SUBTEST_FAIL] = TEST_FAIL,
		[SUBTEST_SKIP] = TEST_SKIP,
	};
	const struct subtests *subtests = program_output_subtests(output);

	for (size_t i = 0; i < subtests->count; i++) {
		const struct subtest *item = &subtests->items[i];
		json_t *details = program_output_details(output, i);

		record_subtest(run->records, &(struct subtest_line){
						     .test = test->name,
						     .name = item->name,
						     .outcome = outcomes[item->outcome],
						     .reason = item->reason,
						     .details = details,
						     .duration_ms = item->duration_ms,
					     });
		json_decref(details);
	}
}

enum test_outcome program_run(struct run *run, const struct suite_test *test, char *reason,
			      size_t reason_size, json_t *details)
{
	struct program_output *output = program_output_new(test->test->program.format);
	char failure[FAILURE_SIZE] = "";
	struct environment environment;
	struct program_verdict verdict;
	struct program_end end = { 0 };
	enum test_outcome outcome = TEST_FAIL;
	int err = output ? environment_open(&environment, run, test) : -ENOMEM;

	if (err) {
		snprintf(reason, reason_size, "make a folder for the program: %s", strerror(-err));
		json_array_append_new(details, json_string(reason));
		program_output_free(output);
		return TEST_FAIL;
	}
	run_to_end(run, test, environment.values, output, failure, &end.is_status);
	environment_close(&environment);
	end.failure = failure[0] ? failure : NULL;
	if (program_output_judge(output, &end, &verdict)) {
		snprintf(reason, reason_size, "out of memory");
	} else {
		outcome = verdict.outcome == SUBTEST_PASS ? TEST_PASS :
			  verdict.outcome == SUBTEST_SKIP ? TEST_SKIP :
							    TEST_FAIL;
		snprintf(reason, reason_size, "%s", verdict.reason);
		json_array_extend(details, verdict.details);
		json_decref(verdict.details);
		write_subtests(run, test, output);
	}
	program_output_free(output);
	return outcome;
}
