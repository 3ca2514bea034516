// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The subcommand, on real folders: which files it reads and writes, and its exit status. */
#include "report_guest.h"
#include "report_root.h"

#include <glob.h>

static const char *const passes[] = { "i" HELLO, "p" PLAN("\"a\""), "p" PASS("a"),
				      "i" EXITED("0", "2"), NULL };
static const char *const fails[] = { "i" HELLO, "p" PLAN("\"a\""), "p" FAIL("a", "x"),
				     "i" EXITED("1", "2"), NULL };
static const char *const alone[] = { "r" HELLO, "r" PLAN("\"a\""), "r" PASS("a"),
				     "r" EXITED("0", "2"), NULL };

static void writes_the_usual_files(void **state)
{
	char *text;

	(void)state;
	put_kernel("debian/6.12", passes);
	put_kernel("debian/6.1", fails);
	assert_int_equal(REPORT("--jobs", "2", root), 1);
	assert_file("debian/6.1/junit.xml", "failures=\"1\"");
	assert_file("debian/6.12/junit.xml", "failures=\"0\"");
	assert_file("bpf-check-summary.txt", "debian (2 kernel(s) to test)\n[FAIL] 6.1  ");
	assert_file(".out", "bpfcheck  2 kernels  2 jobs  tcg\n[FAIL] debian/6.1 ");
	assert_file(".err", "");
	/* One kernel's file is about that kernel alone. */
	text = get("debian/6.12/junit.xml");
	assert_has_not(text, "debian/6.1\"");
	free(text);
}

static void assert_no_file(const char *pattern)
{
	char *full = in_root(pattern);
	glob_t found;

	assert_int_equal(glob(full, 0, NULL, &found), GLOB_NOMATCH);
	globfree(&found);
	free(full);
}

/* Readable by others, and no temporary files left. */
static void files_are_whole(void **state)
{
	char *path = in_root("debian/6.1/junit.xml");
	struct stat st;

	(void)state;
	umask(022);
	put_kernel("debian/6.1", passes);
	assert_int_equal(REPORT(root), 0);
	assert_int_equal(REPORT(root), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_no_file("debian/6.1/junit.xml.*");
	assert_no_file("bpf-check-summary.txt.*");
	free(path);
}

static void one_kernels_folder(void **state)
{
	char *path = in_root("debian/6.1");

	(void)state;
	put_kernel("debian/6.1", passes);
	assert_int_equal(REPORT(path), 0);
	assert_file(".out", "[PASS] debian/6.1.0    1 passed   2.1 s");
	assert_file("debian/6.1/junit.xml", "tests=\"2\"");
	assert_file("bpf-check-summary.txt", NULL);
	assert_file("debian/6.1/bpf-check-summary.txt", NULL);
	free(path);
}

static void a_runner_alone(void **state)
{
	char *records = guest_records(alone);

	(void)state;
	put("records.ndjson", records);
	assert_int_equal(REPORT(root), 0);
	assert_file(".out", "[PASS] local/6.1.0    1 passed\n");
	*strstr(records, "\"type\":\"exit\"") = '\0';
	put("records.ndjson", records);
	assert_int_equal(REPORT(root), 4);
	assert_file(".out", "records end without exit");
	free(records);
}

static void wanted_kernels(void **state)
{
	char *out, *first, *second;

	(void)state;
	put_kernel("debian/5.10", passes);
	put_kernel("debian/6.1", passes);
	put_kernel("debian/6.12", fails);
	/* Those only, in that order, each once. */
	assert_int_equal(REPORT(root, "debian/6.1", "debian/5.10/", "debian/6.1"), 0);
	out = get(".out");
	first = strstr(out, "debian/6.1 ");
	second = strstr(out, "debian/5.10 ");
	assert_true(first && second && first < second);
	assert_has(out, "bpfcheck  2 kernels");
	assert_has_not(out, "6.12");
	free(out);
	/* One that never ran is not left out. */
	assert_int_equal(REPORT(root, "debian/6.1", "debian/7.2"), 5);
	assert_file(".out", "[INFRA] debian/7.2\n       no results\n");
	assert_file("debian/7.2/junit.xml", NULL);
	assert_file("bpf-check-summary.txt", "[INFRA] 7.2 ");
}

static void exit_status_is_the_worst(void **state)
{
	(void)state;
	put_kernel("a/1", passes);
	assert_int_equal(REPORT(root), 0);
	put_kernel("a/2", fails);
	assert_int_equal(REPORT(root), 1);
	put("a/3/run.json", RUN_OK);
	assert_int_equal(REPORT(root), 4);
	put("a/4/console.log", "killed early\n");
	assert_int_equal(REPORT(root), 5);
	assert_file(".out", "INFRA: 1 of 4 kernels passed, 1 FAIL, 1 NOBOOT, 1 INFRA\n");
}

static void formats(void **state)
{
	static const struct {
		const char *name, *part;
	} rows[] = {
		{ "summary", "BPF check run at " },
		{ "junit", "<testsuites" },
		{ "tap", "TAP version 14\n" },
		{ "json", "\"bpfcheck-report\"" },
		{ "html", "<!doctype html>" },
		{ "csv", "kernel,file_name,prog_name,verdict," },
	};
	char *file = in_root("out.file");

	(void)state;
	put_kernel("debian/6.1", fails);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(REPORT("--format", rows[i].name, root), 1);
		assert_file(".out", rows[i].part);
		assert_int_equal(REPORT("--format", rows[i].name, "--output", file, root), 1);
		assert_file("out.file", rows[i].part);
		assert_file(".out", "");
	}
	assert_int_equal(REPORT("--output", file, root), 1);
	assert_file("out.file", "BPF check run at ");
	/* Only what was asked for. */
	assert_file("debian/6.1/junit.xml", NULL);
	assert_file("bpf-check-summary.txt", NULL);
	free(file);
}

static void usage_errors(void **state)
{
	(void)state;
	assert_int_equal(REPORT("--format", "doc", root), 2);
	assert_file(".err", "no format \"doc\"");
	assert_int_equal(REPORT("--jobs", "0", root), 2);
	assert_int_equal(REPORT("--jobs", "2x", root), 2);
	assert_int_equal(REPORT("--what", root), 2);
	assert_int_equal(report((const char *const[]){ NULL }), 2);
	assert_file(".err", "usage: ");
	assert_int_equal(REPORT("/nonexistent/x"), 2);
	assert_file(".err", "/nonexistent/x: No such file or directory");
	assert_int_equal(REPORT(root), 2);
	assert_file(".err", "no kernel has results here");
	assert_int_equal(REPORT("--help"), 0);
	assert_file(".out", "usage: ");
}

/* A report that could not be written is no pass. */
static void unwritable(void **state)
{
	char *target = in_root("missing/x"), *taken = in_root("debian/6.1/junit.xml/x");

	(void)state;
	put_kernel("debian/6.1", passes);
	assert_int_equal(REPORT("--output", target, root), 5);
	assert_file(".err", "write ");
	/* A folder in the place of junit.xml cannot be renamed over; the rest is written
	 * nevertheless. */
	put("debian/6.1/junit.xml/x", "");
	assert_int_equal(REPORT(root), 5);
	assert_file("bpf-check-summary.txt", "[PASS] 6.1");
	assert_int_equal(REPORT("--format", "tap", "--output", "/dev/full/x", root), 5);
	free(target);
	free(taken);
}

/* Files that a guest with a share may leave in place of its own files. */
static void traps(void **state)
{
	char *records = in_root("debian/6.1/records.ndjson"),
	     *console = in_root("debian/6.1/console.log");
	char *secret = in_root("secret"), *machine = in_root("debian/6.1/machine.ndjson");

	(void)state;
	put("secret", "the host's secret\n");
	put_kernel("debian/6.1", passes);
	unlink(console);
	assert_int_equal(symlink(secret, console), 0);
	assert_int_equal(REPORT(root), 5);
	assert_file(".out", "console.log: Too many levels of symbolic links");
	unlink(console);
	unlink(machine);
	assert_int_equal(mkfifo(machine, 0600), 0);
	assert_int_equal(REPORT(root), 5);
	assert_file(".out", "machine.ndjson: Invalid argument");
	unlink(machine);
	unlink(records);
	assert_int_equal(mkdir(records, 0755), 0);
	assert_int_equal(REPORT(root), 5);
	assert_file(".out", "records.ndjson: ");
	free(records);
	free(console);
	free(machine);
	free(secret);
}

/* 3 GB that take no room, with the end that matters. */
static void huge_console(void **state)
{
	char *console = in_root("debian/6.1/console.log");
	FILE *file;

	(void)state;
	put("debian/6.1/run.json", RUN_OK);
	put("debian/6.1/console.log", "");
	file = fopen(console, "r+");
	assert_int_equal(fseeko(file, (off_t)3 << 30, SEEK_SET), 0);
	fputs("\nKernel panic - not syncing: No working init found.\n", file);
	fclose(file);
	assert_int_equal(REPORT(root), 4);
	assert_file(".out", "no hello; Kernel panic - not syncing: No working init found.");
	free(console);
}

static void huge_records(void **state)
{
	char *records = in_root("debian/6.1/records.ndjson");

	(void)state;
	put_kernel("debian/6.1", passes);
	assert_int_equal(truncate(records, (off_t)3 << 30), 0);
	assert_int_equal(REPORT(root), 4);
	assert_file(".out", "records: there are more than 268435456 bytes");
	free(records);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_the_usual_files, root_make, root_remove),
		cmocka_unit_test_setup_teardown(files_are_whole, root_make, root_remove),
		cmocka_unit_test_setup_teardown(one_kernels_folder, root_make, root_remove),
		cmocka_unit_test_setup_teardown(a_runner_alone, root_make, root_remove),
		cmocka_unit_test_setup_teardown(wanted_kernels, root_make, root_remove),
		cmocka_unit_test_setup_teardown(exit_status_is_the_worst, root_make, root_remove),
		cmocka_unit_test_setup_teardown(formats, root_make, root_remove),
		cmocka_unit_test_setup_teardown(usage_errors, root_make, root_remove),
		cmocka_unit_test_setup_teardown(unwritable, root_make, root_remove),
		cmocka_unit_test_setup_teardown(traps, root_make, root_remove),
		cmocka_unit_test_setup_teardown(huge_console, root_make, root_remove),
		cmocka_unit_test_setup_teardown(huge_records, root_make, root_remove),
	};

	return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
