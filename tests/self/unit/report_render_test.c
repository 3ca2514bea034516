// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The forms of the report, whole: one good kernel, a failed one, a dead one, one that never ran,
 * and a hostile one. */
#include "report_guest.h"

#include <unistd.h>

#include "host/report/render.h"

#define AB PLAN("\"a\",\"b\",\"c/overlay\"")
#define RUN_AS(kernel, wall)                                  \
	"{\"distro\":\"debian\",\"kernel\":\"" kernel         \
	"\",\"spec\":\"debian:6.1\",\"nonce\":\"" NONCE "\"," \
	"\"accel\":\"tcg\",\"wall_ms\":" wall                 \
	",\"qemu_status\":0,\"timed_out\":false,\"infra\":null}"

enum { GOOD, FAILED, DEAD, NEVER, KERNELS };

static const char *const good[] = { "i" HELLO,
				    "p" AB,
				    "p" PROBE("true", "true", "null", "null"),
				    "p" PASS("a"),
				    "p" PASS("b"),
				    "p" SKIP("c/overlay", "filesystem overlay"),
				    "i" EXITED("0", "5"),
				    NULL };
static const char *const failed[] = {
	"i" HELLO,
	"p" AB,
	"p" PROBE("false", "false", "\"load: Permission denied\"",
		  "\"0: R1=ctx()\\n1: bad access\\nprocessed 2 insns\\n\""),
	"p" PASS("a"),
	"p" EVENT("b"),
	"p" TEST("b", "fail", "\"child.ppid == $pid: got 57, want 56\"",
		 "\"child.ppid == $pid: got 57, want 56\",\"nearest of 3 fork events\""),
	"p" SKIP("c/overlay", "filesystem overlay"),
	"i" EXITED("1", "6"),
	NULL
};
static const char *const dead[] = { "i" HELLO, "p" AB, "p" PASS("a"), NULL };

static void kernels_judge(struct kernel_run *runs)
{
	char *records;

	records = guest_records(good);
	guest_judge(&runs[GOOD], "debian/5.10.0-46-cloud-amd64", RUN_AS("5", "2149"), records,
		    QMP_OFF, "fine\n");
	free(records);
	records = guest_records(failed);
	guest_judge(&runs[FAILED], "debian/6.1.0-56-cloud-amd64", RUN_AS("6", "1900"), records,
		    QMP_OFF, "fine\n");
	free(records);
	records = guest_records(dead);
	guest_judge(&runs[DEAD], "debian/7.2.12+deb13-amd64", RUN_AS("7", "12000"), records,
		    QMP_RESET, "[    2.6] Kernel panic - not syncing: Fatal exception\r\n");
	free(records);
	guest_judge(&runs[NEVER], "fedora/6.9", NULL, NULL, NULL, NULL);
}

static void kernels_free(struct kernel_run *runs)
{
	for (size_t i = 0; i < KERNELS; i++)
		kernel_run_free(&runs[i]);
}

static void assert_text(const char *got, const char *want)
{
	size_t i = 0;

	while (got[i] && got[i] == want[i])
		i++;
	if (got[i] != want[i])
		fail_msg("got:\n%s\nwant, from byte %zu on:\n%s", got, i, want + i);
}

static void golden(int (*write)(FILE *out, const struct report *report), const char *want)
{
	struct kernel_run runs[KERNELS];
	char *got;

	kernels_judge(runs);
	got = guest_render(write, runs, KERNELS);
	assert_text(got, want);
	free(got);
	kernels_free(runs);
}

static void summary(void **state)
{
	(void)state;
	golden(summary_write,
	       "bpfcheck  4 kernels  2 jobs  tcg\n"
	       "[PASS] debian/5.10.0-46-cloud-amd64    2 passed   1 skipped   2.1 s\n"
	       "[FAIL] debian/6.1.0-56-cloud-amd64     1 passed   1 failed   1 skipped   1.9 s\n"
	       "       b: child.ppid == $pid: got 57, want 56\n"
	       "           nearest of 3 fork events\n"
	       "       probe process.bpf.o on_fork does not load: load: Permission denied\n"
	       "           0: R1=ctx()\n"
	       "           1: bad access\n"
	       "           processed 2 insns\n"
	       "[PANIC] debian/7.2.12+deb13-amd64      1 passed   2 not run   12.0 s\n"
	       "       after a, during b: Kernel panic - not syncing: Fatal exception\n"
	       "       see results/debian/6.1.0/console.log\n"
	       "[INFRA] fedora/6.9\n"
	       "       run.json: there is none\n"
	       "\n"
	       "Skipped:\n"
	       "  filesystem overlay\n"
	       "      c/overlay\n"
	       "      on debian/5.10.0-46-cloud-amd64\n"
	       "      on debian/6.1.0-56-cloud-amd64\n"
	       "\n"
	       "INFRA: 1 of 4 kernels passed, 1 FAIL, 1 PANIC, 1 INFRA\n");
}

static void summary_of_one(void **state)
{
	struct kernel_run runs[KERNELS];
	char *got;

	(void)state;
	kernels_judge(runs);
	got = guest_render(summary_write, runs, 1);
	assert_text(got, "bpfcheck  1 kernel  2 jobs  tcg\n"
			 "[PASS] debian/5.10.0-46-cloud-amd64    2 passed   1 skipped   2.1 s\n"
			 "\n"
			 "Skipped:\n"
			 "  filesystem overlay\n"
			 "      c/overlay\n"
			 "\n"
			 "PASS: 1 of 1 kernel passed\n");
	free(got);
	kernels_free(runs);
}

static void summary_file(void **state)
{
	(void)state;
	golden(summary_file_write,
	       "BPF check run at Sat Nov 21 03:21:37 UTC 2026\n"
	       "\n"
	       "debian (3 kernel(s) to test)\n"
	       "[PASS] 5.10.0-46-cloud-amd64                    2 passed, 1 skipped, 2.1 s\n"
	       "[FAIL] 6.1.0-56-cloud-amd64                     1 passed, 1 failed, 1 skipped, 1.9 s\n"
	       "       b: child.ppid == $pid: got 57, want 56\n"
	       "[PANIC] 7.2.12+deb13-amd64                      after a, during b: Kernel panic - not syncing: "
	       "Fatal exception\n"
	       "\n"
	       "fedora (1 kernel(s) to test)\n"
	       "[INFRA] 6.9                                     run.json: there is none\n");
}

/* The file is in version order, whatever order the report is in. */
static void summary_file_order(void **state)
{
	struct kernel_run runs[KERNELS], swapped[KERNELS];
	char *one, *other;

	(void)state;
	kernels_judge(runs);
	for (size_t i = 0; i < KERNELS; i++)
		swapped[i] = runs[KERNELS - 1 - i];
	one = guest_render(summary_file_write, runs, KERNELS);
	other = guest_render(summary_file_write, swapped, KERNELS);
	assert_text(other, one);
	free(one);
	free(other);
	kernels_free(runs);
}

static void tap(void **state)
{
	(void)state;
	golden(tap_write,
	       "TAP version 14\n"
	       "1..13\n"
	       "ok 1 - debian/5.10.0-46-cloud-amd64 a\n"
	       "ok 2 - debian/5.10.0-46-cloud-amd64 b\n"
	       "ok 3 - debian/5.10.0-46-cloud-amd64 c/overlay # SKIP filesystem overlay\n"
	       "ok 4 - debian/5.10.0-46-cloud-amd64\n"
	       "ok 5 - debian/6.1.0-56-cloud-amd64 a\n"
	       "not ok 6 - debian/6.1.0-56-cloud-amd64 b\n"
	       "  ---\n"
	       "  outcome: fail\n"
	       "  reason: \"child.ppid == $pid: got 57, want 56\"\n"
	       "  duration_ms: 31\n"
	       "  details:\n"
	       "    - \"child.ppid == $pid: got 57, want 56\"\n"
	       "    - \"nearest of 3 fork events\"\n"
	       "  ...\n"
	       "ok 7 - debian/6.1.0-56-cloud-amd64 c/overlay # SKIP filesystem overlay\n"
	       "not ok 8 - debian/6.1.0-56-cloud-amd64\n"
	       "  ---\n"
	       "  outcome: FAIL\n"
	       "  reason: \"b: child.ppid == $pid: got 57, want 56\"\n"
	       "  ...\n"
	       "ok 9 - debian/7.2.12+deb13-amd64 a\n"
	       "not ok 10 - debian/7.2.12+deb13-amd64 b\n"
	       "  ---\n"
	       "  outcome: PANIC\n"
	       "  reason: \"after a, during b: Kernel panic - not syncing: Fatal exception\"\n"
	       "  ...\n"
	       "not ok 11 - debian/7.2.12+deb13-amd64 c/overlay\n"
	       "  ---\n"
	       "  outcome: not run\n"
	       "  reason: \"not run\"\n"
	       "  ...\n"
	       "not ok 12 - debian/7.2.12+deb13-amd64\n"
	       "  ---\n"
	       "  outcome: PANIC\n"
	       "  reason: \"after a, during b: Kernel panic - not syncing: Fatal exception\"\n"
	       "  ...\n"
	       "not ok 13 - fedora/6.9\n"
	       "  ---\n"
	       "  outcome: INFRA\n"
	       "  reason: \"run.json: there is none\"\n"
	       "  ...\n");
}

static void junit(void **state)
{
	(void)state;
	golden(junit_write,
	       "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	       "<testsuites name=\"bpfcheck\" tests=\"13\" failures=\"1\" errors=\"4\" time=\"16.049\">\n"
	       "\t<testsuite name=\"debian/5.10.0-46-cloud-amd64\" tests=\"4\" failures=\"0\" errors=\"0\" time=\"2.149\""
	       " skipped=\"1\" hostname=\"5.10.0-46-cloud-amd64\">\n"
	       "\t\t<properties>\n"
	       "\t\t\t<property name=\"outcome\" value=\"PASS\"/>\n"
	       "\t\t\t<property name=\"release\" value=\"6.1.0\"/>\n"
	       "\t\t\t<property name=\"machine\" value=\"x86_64\"/>\n"
	       "\t\t\t<property name=\"accel\" value=\"tcg\"/>\n"
	       "\t\t</properties>\n"
	       "\t\t<testcase name=\"a\" classname=\"debian.5_10_0-46-cloud-amd64\" time=\"0.031\"/>\n"
	       "\t\t<testcase name=\"b\" classname=\"debian.5_10_0-46-cloud-amd64\" time=\"0.031\"/>\n"
	       "\t\t<testcase name=\"c/overlay\" classname=\"debian.5_10_0-46-cloud-amd64\" time=\"0.031\">\n"
	       "\t\t\t<skipped message=\"filesystem overlay\"/>\n"
	       "\t\t</testcase>\n"
	       "\t\t<testcase name=\"kernel\" classname=\"debian.5_10_0-46-cloud-amd64\" time=\"0.000\"/>\n"
	       "\t</testsuite>\n"
	       "\t<testsuite name=\"debian/6.1.0-56-cloud-amd64\" tests=\"4\" failures=\"1\" errors=\"0\" time=\"1.900\""
	       " skipped=\"1\" hostname=\"6.1.0-56-cloud-amd64\">\n"
	       "\t\t<properties>\n"
	       "\t\t\t<property name=\"outcome\" value=\"FAIL\"/>\n"
	       "\t\t\t<property name=\"release\" value=\"6.1.0\"/>\n"
	       "\t\t\t<property name=\"machine\" value=\"x86_64\"/>\n"
	       "\t\t\t<property name=\"accel\" value=\"tcg\"/>\n"
	       "\t\t</properties>\n"
	       "\t\t<testcase name=\"a\" classname=\"debian.6_1_0-56-cloud-amd64\" time=\"0.031\"/>\n"
	       "\t\t<testcase name=\"b\" classname=\"debian.6_1_0-56-cloud-amd64\" time=\"0.031\">\n"
	       "\t\t\t<failure message=\"child.ppid == $pid: got 57, want 56\" type=\"FAIL\">"
	       "child.ppid == $pid: got 57, want 56\n"
	       "nearest of 3 fork events\n"
	       "</failure>\n"
	       "\t\t</testcase>\n"
	       "\t\t<testcase name=\"c/overlay\" classname=\"debian.6_1_0-56-cloud-amd64\" time=\"0.031\">\n"
	       "\t\t\t<skipped message=\"filesystem overlay\"/>\n"
	       "\t\t</testcase>\n"
	       "\t\t<testcase name=\"kernel\" classname=\"debian.6_1_0-56-cloud-amd64\" time=\"0.000\"/>\n"
	       "\t\t<system-out>fine\n"
	       "</system-out>\n"
	       "\t</testsuite>\n"
	       "\t<testsuite name=\"debian/7.2.12+deb13-amd64\" tests=\"4\" failures=\"0\" errors=\"3\" time=\"12.000\""
	       " skipped=\"0\" hostname=\"7.2.12+deb13-amd64\">\n"
	       "\t\t<properties>\n"
	       "\t\t\t<property name=\"outcome\" value=\"PANIC\"/>\n"
	       "\t\t\t<property name=\"release\" value=\"6.1.0\"/>\n"
	       "\t\t\t<property name=\"machine\" value=\"x86_64\"/>\n"
	       "\t\t\t<property name=\"accel\" value=\"tcg\"/>\n"
	       "\t\t</properties>\n"
	       "\t\t<testcase name=\"a\" classname=\"debian.7_2_12+deb13-amd64\" time=\"0.031\"/>\n"
	       "\t\t<testcase name=\"b\" classname=\"debian.7_2_12+deb13-amd64\" time=\"0.000\">\n"
	       "\t\t\t<error message=\"after a, during b: Kernel panic - not syncing: Fatal exception\" type=\"PANIC\"/>\n"
	       "\t\t</testcase>\n"
	       "\t\t<testcase name=\"c/overlay\" classname=\"debian.7_2_12+deb13-amd64\" time=\"0.000\">\n"
	       "\t\t\t<error message=\"not run\" type=\"not run\"/>\n"
	       "\t\t</testcase>\n"
	       "\t\t<testcase name=\"kernel\" classname=\"debian.7_2_12+deb13-amd64\" time=\"0.000\">\n"
	       "\t\t\t<error message=\"after a, during b: Kernel panic - not syncing: Fatal exception\" type=\"PANIC\"/>\n"
	       "\t\t</testcase>\n"
	       "\t\t<system-out>[    2.6] Kernel panic - not syncing: Fatal exception\n"
	       "</system-out>\n"
	       "\t</testsuite>\n"
	       "\t<testsuite name=\"fedora/6.9\" tests=\"1\" failures=\"0\" errors=\"1\" time=\"0.000\" skipped=\"0\""
	       " hostname=\"6.9\">\n"
	       "\t\t<properties>\n"
	       "\t\t\t<property name=\"outcome\" value=\"INFRA\"/>\n"
	       "\t\t</properties>\n"
	       "\t\t<testcase name=\"kernel\" classname=\"fedora.6_9\" time=\"0.000\">\n"
	       "\t\t\t<error message=\"run.json: there is none\" type=\"INFRA\"/>\n"
	       "\t\t</testcase>\n"
	       "\t</testsuite>\n"
	       "</testsuites>\n");
}

static void json(void **state)
{
	struct kernel_run runs[KERNELS];
	json_t *document, *kernels, *kernel;
	char *got;

	(void)state;
	kernels_judge(runs);
	got = guest_render(json_write, runs, KERNELS);
	document = json_loads(got, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(document);
	assert_string_equal(json_string_value(json_object_get(document, "outcome")), "INFRA");
	assert_int_equal(json_integer_value(json_object_get(document, "exit_code")), 5);
	assert_string_equal(json_string_value(json_object_get(document, "time")),
			    "2026-11-21T03:21:37Z");
	kernels = json_object_get(document, "kernels");
	assert_int_equal(json_array_size(kernels), KERNELS);
	kernel = json_array_get(kernels, FAILED);
	assert_string_equal(json_string_value(json_object_get(kernel, "name")),
			    "debian/6.1.0-56-cloud-amd64");
	assert_int_equal(json_array_size(json_object_get(kernel, "tests")), 3);
	assert_int_equal(json_array_size(json_object_get(kernel, "events")), 1);
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(json_object_get(kernel, "probes"), 0), "insns")),
			 812);
	kernel = json_array_get(kernels, DEAD);
	assert_string_equal(json_string_value(json_object_get(kernel, "running")), "b");
	assert_string_equal(json_string_value(json_object_get(kernel, "machine_end")),
			    "guest-reset");
	assert_string_equal(json_string_value(json_object_get(
				    json_array_get(json_object_get(kernel, "tests"), 2),
				    "outcome")),
			    "not run");
	assert_int_equal(json_integer_value(
				 json_object_get(json_object_get(kernel, "counts"), "not_run")),
			 2);
	assert_true(json_is_null(json_object_get(json_array_get(kernels, NEVER), "hello")));
	json_decref(document);
	free(got);
	kernels_free(runs);
}

static void html(void **state)
{
	struct kernel_run runs[KERNELS];
	char *got;

	(void)state;
	kernels_judge(runs);
	got = guest_render(html_write, runs, KERNELS);
	assert_has(got, "<title>bpfcheck: INFRA, 1 of 4 kernels passed</title>");
	/* A link of the matrix, and where it leads. */
	assert_has(
		got,
		"<td class=\"fail\"><a href=\"#k1t1\" title=\"debian/6.1.0-56-cloud-amd64: failed: child.ppid == $pid");
	assert_has(got, "id=\"k1t1\"");
	assert_has(got, "1: bad access");
	assert_has(got, "It was running when the records end.");
	assert_has_not(got, "<script");
	assert_has_not(got, "http://");
	assert_has_not(got, "https://");
	free(got);
	kernels_free(runs);
}

/* Everything that a guest can name, at its worst. The kernel's name is the host's own, but costs
 * nothing to check. */
#define EVIL "\\u001b[2J</td>]]>\\\"><script>alert(1)</script>&#x0;\\u202e\\n# SKIP\\nok 99 - x"
static const char *const hostile[] = {
	"i\"type\":\"hello\",\"release\":\"" EVIL "\",\"version\":\"" EVIL "\",\"machine\":\"" EVIL
	"\",\"cpus\":1,\"memory_kb\":1,\"channel\":\"9p\",\"boot_ms\":1,\"taint\":0,\"failed\":[{\"step\":\"" EVIL
	"\",\"name\":\"" EVIL "\",\"error\":\"" EVIL "\"}]",
	"p" PLAN("\"" EVIL "\",\"" EVIL "2\",\"" EVIL "3\",\"4" EVIL "\""),
	"p\"type\":\"probe\",\"object\":\"" EVIL "\",\"program\":\"" EVIL "\",\"section\":\"" EVIL
	"\",\"loaded\":false,\"attached\":false,\"error\":\"" EVIL
	"\",\"class\":\"other\",\"log\":\"" EVIL
	"\",\"insns\":null,\"states\":null,\"peak_states\":null,\"stack\":null,\"verify_us\":null,\"jited\":null,\"load_ms\":null",
	"p\"type\":\"event\",\"test\":\"" EVIL "\",\"object\":\"" EVIL "\",\"event\":\"" EVIL
	"\",\"fields\":{\"" EVIL "\":\"" EVIL "\"}",
	"p" TEST(EVIL, "fail", "\"" EVIL "\"", "\"" EVIL "\",\"" EVIL "\""),
	"p" TEST(EVIL "2", "skip", "\"" EVIL "\"", ""),
	"p" TEST(EVIL "3", "pass", "\"" EVIL "\"", "\"" EVIL "\""),
	"i" KLOG("WARNING:" EVIL, "512"),
	NULL,
};

static char *hostile_render(int (*write)(FILE *out, const struct report *report))
{
	static const char console[] =
		"\x1b[2Jx\r\n<script>]]>\xff\xc3\r\n"
		"Kernel panic - not syncing: \x1b]0;title\x07<script>\xff\r\n";
	char *records = guest_records(hostile), *got;
	struct kernel_run run;

	guest_judge(&run, "de<b>\x1b[1m/6.1\"&<script>", RUN_OK, records, QMP_RESET, console);
	assert_string_equal(run.records.problem, "");
	assert_int_equal(run.verdict.outcome, OUTCOME_PANIC);
	got = guest_render(write, &run, 1);
	kernel_run_free(&run);
	free(records);
	return got;
}

static void assert_no_controls(const char *text)
{
	for (const char *c = text; *c; c++)
		if ((unsigned char)*c < 0x20 && *c != '\n' && *c != '\t')
			fail_msg("byte %02x at \"%.40s\"", (unsigned char)*c, c);
	assert_has_not(text, "\x7f");
	assert_has_not(text, "\xe2\x80\xae");
}

static size_t count_lines(const char *text, const char *start)
{
	size_t count = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		count += !strncmp(line, start, strlen(start));
		if (!*line)
			break;
	}
	return count;
}

static void hostile_terminal(void **state)
{
	char *got = hostile_render(summary_write);

	(void)state;
	assert_no_controls(got);
	assert_int_equal(count_lines(got, "ok 99"), 0);
	free(got);
	got = hostile_render(summary_file_write);
	assert_no_controls(got);
	assert_int_equal(count_lines(got, "ok 99"), 0);
	free(got);
}

/* Five points and no more: none of the names is one, none makes a directive. */
static void hostile_tap(void **state)
{
	char *got = hostile_render(tap_write), *save = NULL;
	size_t directives = 0;

	(void)state;
	assert_no_controls(got);
	assert_has(got, "\n1..5\n");
	assert_int_equal(count_lines(got, "ok "), 2);
	assert_int_equal(count_lines(got, "not ok "), 3);
	for (char *line = strtok_r(got, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strstr(line, "ok ") && line[0] != ' ')
			directives += strstr(line, " # ") != NULL;
	assert_int_equal(directives, 1);
	free(got);
}

static void hostile_markup(void **state)
{
	char *got = hostile_render(html_write);

	(void)state;
	assert_no_controls(got);
	assert_has_not(got, "<script");
	assert_has_not(got, "<b>");
	free(got);
	got = hostile_render(junit_write);
	assert_has_not(got, "<script");
	assert_has_not(got, "]]>");
	assert_has_not(got, "\x1b");
	free(got);
}

static void hostile_json(void **state)
{
	char *got = hostile_render(json_write);
	json_t *document = json_loads(got, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	assert_no_controls(got);
	for (const char *c = got; *c; c++)
		assert_true((unsigned char)*c < 0x80);
	assert_non_null(document);
	json_decref(document);
	free(got);
}

/* Read by another's eyes, where they are there. */
static void junit_is_well_formed(void **state)
{
	struct kernel_run runs[KERNELS];
	char *texts[2];
	FILE *xmllint;

	(void)state;
	/* NOLINTNEXTLINE(cert-env33-c): a fixed command */
	if (system("command -v xmllint >/dev/null 2>&1"))
		skip();
	kernels_judge(runs);
	texts[0] = guest_render(junit_write, runs, KERNELS);
	texts[1] = hostile_render(junit_write);
	for (size_t i = 0; i < 2; i++) {
		/* NOLINTNEXTLINE(cert-env33-c): a fixed command */
		xmllint = popen("xmllint --noout -", "w");
		assert_non_null(xmllint);
		fputs(texts[i], xmllint);
		assert_int_equal(pclose(xmllint), 0);
		free(texts[i]);
	}
	kernels_free(runs);
}

/* One reason on all kernels is said once; another set of kernels is another group. */
static void skips_are_grouped(void **state)
{
	static const char *const all[] = { "i" HELLO,
					   "p" AB,
					   "p" PASS("a"),
					   "p" SKIP("b", "kernel >= 6.1"),
					   "p" SKIP("c/overlay", "kernel >= 6.1"),
					   "i" EXITED("0", "4"),
					   NULL };
	static const char *const most[] = { "i" HELLO,
					    "p" AB,
					    "p" PASS("a"),
					    "p" SKIP("b", "kernel >= 6.1"),
					    "p" SKIP("c/overlay", "path /x"),
					    "i" EXITED("0", "4"),
					    NULL };
	struct kernel_run runs[2];
	char *records, *got;

	(void)state;
	records = guest_records(all);
	guest_judge(&runs[0], "debian/1", RUN_OK, records, QMP_OFF, "");
	guest_judge(&runs[1], "debian/2", RUN_OK, records, QMP_OFF, "");
	free(records);
	got = guest_render(summary_write, runs, 2);
	assert_has(got, "Skipped:\n  kernel >= 6.1, on every kernel\n      b\n      c/overlay\n\n");
	free(got);
	kernel_run_free(&runs[1]);
	records = guest_records(most);
	guest_judge(&runs[1], "debian/2", RUN_OK, records, QMP_OFF, "");
	free(records);
	got = guest_render(summary_write, runs, 2);
	assert_has(
		got,
		"  kernel >= 6.1, on every kernel\n      b\n  kernel >= 6.1\n      c/overlay\n      on debian/1\n"
		"  path /x\n      c/overlay\n      on debian/2\n");
	free(got);
	kernel_run_free(&runs[0]);
	kernel_run_free(&runs[1]);
}

static void long_lists_are_cut(void **state)
{
	static const char *const lines[] = {
		"i" HELLO, "p" PLAN("\"a\""),
		"p" TEST("a", "fail", "\"r\"",
			 "\"r\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\""),
		"i" EXITED("1", "2"), NULL
	};
	char *records = guest_records(lines), *got;
	struct kernel_run run;

	(void)state;
	guest_judge(&run, "debian/1", RUN_OK, records, QMP_OFF, "");
	got = guest_render(summary_write, &run, 1);
	assert_has(got, "       a: r\n           1\n");
	assert_has(got,
		   "           8\n           (2 more lines in results/debian/6.1.0/junit.xml)\n");
	free(got);
	kernel_run_free(&run);
	free(records);
}

/* A guest with very many tests does not fill the terminal. */
static void many_tests_are_cut(void **state)
{
	enum { TESTS = 200 };
	char *lines[TESTS + 4] = { 0 }, *names = NULL, *records, *got;
	struct kernel_run run;
	size_t size, rows = 0;
	FILE *plan = open_memstream(&names, &size);

	(void)state;
	for (int i = 0; i < TESTS; i++)
		fprintf(plan, "%s\"%d\"", i ? "," : "", i);
	fclose(plan);
	lines[0] = strdup("i" HELLO);
	assert_true(asprintf(&lines[1], "p" PLAN("%s"), names) > 0);
	for (int i = 0; i < TESTS; i++)
		assert_true(asprintf(&lines[i + 2],
				     i % 2 ? "p" FAIL("%d", "x") : "p" SKIP("%d", "r"), i) > 0);
	assert_true(asprintf(&lines[TESTS + 2], "i" EXITED("1", "%d"), TESTS + 1) > 0);
	records = guest_records((const char *const *)lines);
	guest_judge(&run, "debian/1", RUN_OK, records, QMP_OFF, "");
	got = guest_render(summary_write, &run, 1);
	assert_has(got, "(60 more failed tests in results/debian/6.1.0/junit.xml)");
	assert_has(got, "      (60 more tests)\n");
	for (char *c = got; *c; c++)
		rows += *c == '\n';
	assert_true(rows < 100);
	free(got);
	kernel_run_free(&run);
	free(records);
	free(names);
	for (int i = 0; i < TESTS + 3; i++)
		free(lines[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(summary),
		cmocka_unit_test(summary_of_one),
		cmocka_unit_test(summary_file),
		cmocka_unit_test(summary_file_order),
		cmocka_unit_test(tap),
		cmocka_unit_test(junit),
		cmocka_unit_test(json),
		cmocka_unit_test(html),
		cmocka_unit_test(hostile_terminal),
		cmocka_unit_test(hostile_tap),
		cmocka_unit_test(hostile_markup),
		cmocka_unit_test(hostile_json),
		cmocka_unit_test(junit_is_well_formed),
		cmocka_unit_test(skips_are_grouped),
		cmocka_unit_test(long_lists_are_cut),
		cmocka_unit_test(many_tests_are_cut),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
