// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Children, signals and deadlines of the poll loop; and the results folder, in which a guest has set traps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/machine/child.h"
#include "host/machine/files.h"
#include "host/machine/loop.h"
#include "host/machine/results.h"

static char folder[] = "/tmp/bpfcheck-unit.XXXXXX";

static void start(struct child *child, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	child_start(child, &(struct child_setup){ .argv = argv, .out = "/dev/null" });
}

static void test_status(void **state)
{
	static const struct {
		const char *script;
		int status;
	} rows[] = { { "exit 0", 0 }, { "exit 7", 7 }, { "kill -SEGV $$", 128 + SIGSEGV } };
	struct child child;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		start(&child, rows[i].script);
		assert_int_equal(child_wait(&child), rows[i].status);
		/* It is reaped, and ending it again does nothing. */
		assert_int_equal(kill(child.pid, 0), -1);
		child_end(&child, SIGKILL);
		assert_true(child_ended(&child));
	}
}

static void test_deadline(void **state)
{
	struct child child;
	long long begun = loop_now();

	(void)state;
	start(&child, "exec sleep 60");
	assert_false(loop_run(&child.ended, begun + 50));
	assert_true(loop_now() - begun >= 50);
	assert_false(child_ended(&child));
	child_end(&child, SIGKILL);
	assert_int_equal(child.status, 128 + SIGKILL);
}

static void test_end(void **state)
{
	const char *const argv[] = { "sh", "-c",
				     "sleep 60 & trap 'exit 3' TERM; echo $!; while :; do :; done",
				     NULL };
	char text[32] = "";
	struct child child;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child_start(&child, &(struct child_setup){ .argv = argv, .fd = ends[1], .session = true });
	assert_true(loop_readable(ends[0], 10000));
	assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
	child_end(&child, SIGTERM);
	assert_int_equal(child.status, 3);
	/* The rest of its session goes too; init, or who is a subreaper, has to reap it. */
	for (int i = 0; i < 1000 && !kill(-child.pid, 0); i++)
		usleep(10000);
	assert_int_equal(kill(-child.pid, 0), -1);
	close(ends[0]);
	close(ends[1]);
}

/* A signal ends the process, with the status of a shell, and its child gets the signal that it asked for. */
static void test_signal(void **state)
{
	int ends[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		const char *const argv[] = {
			"sh", "-c",
			"trap 'sleep 0.1; echo x; exit' INT; kill -TERM $PPID; while :; do :; done",
			NULL
		};

		child_run(
			&(struct child_setup){ .argv = argv, .fd = ends[1], .end_signal = SIGINT });
		_exit(99);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 128 + SIGTERM);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	close(ends[0]);
	close(ends[1]);
}

static void test_capture(void **state)
{
	static const char *const argv[] = { "sh", "-c", "echo out; echo err >&2; exit 4", NULL };
	static const char *const none[] = { "/nonexistent", NULL };
	char *output;
	size_t len;

	(void)state;
	assert_int_equal(child_capture(argv, 0, &output, &len), 4);
	assert_string_equal(output, "out\n");
	assert_int_equal(len, 4);
	free(output);
	assert_int_equal(child_capture(argv, 1, &output, NULL), 4);
	assert_string_equal(output, "out\nerr\n");
	free(output);
	assert_int_equal(child_capture(none, 0, &output, NULL), 127);
	free(output);
}

static void write_file(const char *name, const char *text)
{
	char path[PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static bool is_there(const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return lstat(path, &st) == 0;
}

static void open_results(struct results *results)
{
	results_open(results, folder, "debian/1");
	assert_int_equal(mkdirat(results->folder, "share", 0777), 0);
}

static void test_records_link(void **state)
{
	struct results results;

	(void)state;
	write_file("secret", "not the guest's\n");
	open_results(&results);
	assert_int_equal(symlinkat("../../../secret", results.folder, "share/records.ndjson"), 0);
	assert_false(results_have_record(results.folder));
	results_take_records(&results);
	assert_false(is_there("debian/1/records.ndjson"));
	results_close(&results);
}

static void test_records_taken(void **state)
{
	struct results results;

	(void)state;
	open_results(&results);
	assert_false(is_there("debian/1/share/records.ndjson"));
	write_file("debian/1/share/records.ndjson", "{}\n");
	write_file("debian/1/serial.ndjson", "");
	assert_true(results_have_record(results.folder));
	results_take_records(&results);
	assert_true(is_there("debian/1/records.ndjson"));
	assert_false(is_there("debian/1/serial.ndjson"));
	assert_false(is_there("debian/1/share"));
	results_close(&results);
}

/* The next run removes links, not their targets, and folders without any rights. */
static void test_leftovers(void **state)
{
	struct results results;
	char outside[PATH_MAX];

	(void)state;
	snprintf(outside, sizeof(outside), "%s/outside", folder);
	assert_int_equal(mkdir(outside, 0777), 0);
	write_file("outside/file", "kept\n");
	open_results(&results);
	assert_int_equal(symlinkat(outside, results.folder, "collected"), 0);
	assert_int_equal(mkdirat(results.folder, "share/a", 0777), 0);
	assert_int_equal(mkdirat(results.folder, "share/a/b", 0777), 0);
	assert_int_equal(symlinkat(outside, results.folder, "share/a/link"), 0);
	assert_int_equal(fchmodat(results.folder, "share/a", 0500, 0), 0);
	write_file("debian/1/run.json", "{}");
	write_file("debian/1/.collected.abc", "");
	results_close(&results);
	results_open(&results, folder, "debian/1");
	assert_false(is_there("debian/1/share") || is_there("debian/1/collected") ||
		     is_there("debian/1/run.json") || is_there("debian/1/.collected.abc"));
	assert_true(is_there("outside/file"));
	assert_true(is_there("debian/1.txt"));
	results_close(&results);
}

static void test_run_json(void **state)
{
	struct results results;
	char path[PATH_MAX];
	json_t *run;

	(void)state;
	open_results(&results);
	assert_true(results_write(results.path,
				  json_pack("{s:o, s:o, s:o}", "spec", results_text("a \"b\" \\c"),
					    "bytes", results_text("x\xff\ty"), "infra",
					    results_text(NULL))));
	snprintf(path, sizeof(path), "%s/debian/1/run.json", folder);
	run = json_load_file(path, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(run, "spec")), "a \"b\" \\c");
	assert_non_null(json_string_value(json_object_get(run, "bytes")));
	assert_true(json_is_null(json_object_get(run, "infra")));
	json_decref(run);
	results_close(&results);
	results_problem(folder, "debian/1", "s", "tcg", "not_run", "\xff no \"more\"");
	run = json_load_file(path, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(run, "distro")), "debian");
	assert_string_equal(json_string_value(json_object_get(run, "kernel")), "1");
	assert_non_null(json_string_value(json_object_get(run, "not_run")));
	json_decref(run);
	/* In a folder that is gone. */
	assert_false(results_write("/nonexistent", json_object()));
}

static int set_up(void **state)
{
	(void)state;
	loop_open();
	return !mkdtemp(folder);
}

static int tear_down(void **state)
{
	(void)state;
	return tree_remove(AT_FDCWD, folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),	      cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_end),	      cmocka_unit_test(test_signal),
		cmocka_unit_test(test_capture),	      cmocka_unit_test(test_records_link),
		cmocka_unit_test(test_records_taken), cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_run_json),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
