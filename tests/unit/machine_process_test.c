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
#include <unistd.h>

#include "host/machine/child.h"
#include "host/machine/results.h"

static struct loop loop;
static char folder[] = "/tmp/bpfcheck-unit.XXXXXX";

static int start(struct child *child, const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };

	return child_start(child, &loop,
			   &(struct child_start){ .argv = argv, .fds = { -1, -1, -1 } });
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
		assert_int_equal(start(&child, rows[i].script), 0);
		assert_int_equal(child_wait(&child, loop_now() + 10000), 0);
		assert_int_equal(child.status, rows[i].status);
		/* It is reaped, and ending it again does nothing. */
		assert_int_equal(kill(child.pid, 0), -1);
		child_end(&child);
	}
}

static void test_deadline(void **state)
{
	struct child child;
	long long begun = loop_now();

	(void)state;
	assert_int_equal(start(&child, "exec sleep 60"), 0);
	assert_int_equal(child_wait(&child, begun + 50), -ETIME);
	assert_true(loop_now() - begun >= 50);
	child_end(&child);
	assert_int_equal(child.status, 128 + SIGKILL);
}

static void test_signal(void **state)
{
	struct child child;

	(void)state;
	assert_int_equal(start(&child, "kill -TERM $PPID; exec sleep 60"), 0);
	assert_int_equal(child_wait(&child, loop_now() + 10000), -EINTR);
	assert_int_equal(loop.signal, SIGTERM);
	/* Now nothing waits any more. */
	assert_int_equal(child_wait(&child, loop_now() + 10000), -EINTR);
	child_end(&child);
	loop.signal = 0;
}

static void test_terminate(void **state)
{
	struct child child;

	(void)state;
	assert_int_equal(start(&child, "trap 'exit 3' TERM; kill -HUP $PPID; while :; do :; done"),
			 0);
	assert_int_equal(child_wait(&child, loop_now() + 10000), -EINTR);
	loop.signal = 0;
	child_terminate(&child);
	assert_int_equal(child.status, 3);
}

static void test_capture(void **state)
{
	static const char *const argv[] = { "sh", "-c", "echo out; echo err >&2; exit 4", NULL };
	static const char *const none[] = { "/nonexistent", NULL };
	char *output;

	(void)state;
	assert_int_equal(child_capture(&loop, argv, -1, &output), 4);
	assert_string_equal(output, "out\n");
	free(output);
	assert_int_equal(child_capture(&loop, argv, CHILD_SAME, &output), 4);
	assert_string_equal(output, "out\nerr\n");
	free(output);
	assert_int_equal(child_capture(&loop, none, -1, &output), 127);
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
	assert_int_equal(results_open(results, &loop, folder, "debian", "1"), 0);
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
	assert_int_equal(results_open(&results, &loop, folder, "debian", "1"), 0);
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
	assert_int_equal(results_write(&results, &(struct run_facts){ .distro = "debian",
								      .version = "1",
								      .spec = "a \"b\" \\c",
								      .nonce = "n",
								      .accel = "tcg",
								      .start = "cold",
								      .kernel_args = "x\ty",
								      .key = "",
								      .qemu_status = -1 }),
			 0);
	snprintf(path, sizeof(path), "%s/debian/1/run.json", folder);
	run = json_load_file(path, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(run, "spec")), "a \"b\" \\c");
	assert_string_equal(json_string_value(json_object_get(run, "kernel_args")), "x y");
	assert_true(json_is_null(json_object_get(run, "qemu_status")));
	assert_true(json_is_null(json_object_get(run, "infra")));
	assert_true(json_is_false(json_object_get(run, "timed_out")));
	json_decref(run);
	assert_false(is_there("debian/1/.run.json"));
	results_close(&results);
}

static int set_up(void **state)
{
	(void)state;
	return !mkdtemp(folder) || loop_open(&loop);
}

static int tear_down(void **state)
{
	(void)state;
	loop_close(&loop);
	return tree_remove(AT_FDCWD, folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),	      cmocka_unit_test(test_deadline),
		cmocka_unit_test(test_signal),	      cmocka_unit_test(test_terminate),
		cmocka_unit_test(test_capture),	      cmocka_unit_test(test_records_link),
		cmocka_unit_test(test_records_taken), cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_run_json),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
