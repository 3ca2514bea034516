/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A guest made of words, for the tests of report/: writes stamped records, and judges them. */
#ifndef REPORT_GUEST_H
#define REPORT_GUEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/kernel_run.h"

#define NONCE "4a1de5c2a9f04b7d8c3e6f5061728394"

/* Bodies of records, as a payload writes them. */
#define HELLO HELLO_TAINTED("0")
#define HELLO_TAINTED(taint)                                                                             \
	"\"type\":\"hello\",\"release\":\"6.1.0\",\"version\":\"#1\",\"machine\":\"x86_64\",\"cpus\":1," \
	"\"memory_kb\":236544,\"channel\":\"virtio\",\"boot_ms\":912,\"taint\":" taint                   \
	",\"failed\":[]"
#define PLAN(names) "\"type\":\"plan\",\"suite\":\"/bpfcheck/suite\",\"tests\":[" names "]"
#define TEST(name, outcome, reason, details)                                                     \
	"\"type\":\"test\",\"name\":\"" name "\",\"outcome\":\"" outcome "\",\"reason\":" reason \
	",\"details\":[" details "],\"duration_ms\":31,\"dropped\":0"
#define PASS(name)	   TEST(name, "pass", "null", "")
#define FAIL(name, reason) TEST(name, "fail", "\"" reason "\"", "\"" reason "\"")
#define SKIP(name, reason) TEST(name, "skip", "\"" reason "\"", "")
#define PROBE(loaded, attached, error, log)                                                                 \
	"\"type\":\"probe\",\"object\":\"process.bpf.o\",\"program\":\"on_fork\",\"section\":\"tp_btf/x\"," \
	"\"loaded\":" loaded ",\"attached\":" attached ",\"error\":" error                                  \
	",\"class\":null,\"log\":" log                                                                      \
	",\"insns\":812,\"states\":40,\"peak_states\":22,\"stack\":96,"                                     \
	"\"verify_us\":910,\"jited\":4096,\"load_ms\":null"
#define EVENT(test)                           \
	"\"type\":\"event\",\"test\":\"" test \
	"\",\"object\":\"p.bpf.o\",\"event\":\"fork\",\"fields\":{\"a\":1}"
#define SUBTEST(test, name, outcome, reason, details)                                             \
	"\"type\":\"subtest\",\"test\":\"" test "\",\"name\":\"" name "\",\"outcome\":\"" outcome \
	"\",\"reason\":" reason ",\"details\":[" details "],\"duration_ms\":null"
#define KLOG(text, taint) \
	"\"type\":\"klog\",\"level\":4,\"text\":\"" text "\",\"ts_us\":1000000,\"taint\":" taint
#define EXIT(reason, status, signal, error, records, dropped, taint)                           \
	"\"type\":\"exit\",\"reason\":\"" reason "\",\"status\":" status ",\"signal\":" signal \
	",\"error\":" error ",\"records\":" records ",\"dropped_lines\":" dropped              \
	",\"taint\":" taint
#define COMMAND "\"type\":\"command\",\"args\":[\"sh\",\"-c\",\"exit 3\"]"
#define OUTPUT(out_bytes, err_bytes) \
	"\"type\":\"output\",\"stdout\":" out_bytes ",\"stderr\":" err_bytes
#define FILE_PART(name, offset, data, last, error)                   \
	"\"type\":\"file\",\"name\":\"" name "\",\"offset\":" offset \
	",\"size\":null,\"data\":\"" data "\",\"last\":" last ",\"error\":" error
#define EXITED(status, records) EXIT("exited", status, "null", "null", records, "0", "0")

#define QMP_OFF	  "{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":true,\"reason\":\"guest-shutdown\"}}\n"
#define QMP_RESET "{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":true,\"reason\":\"guest-reset\"}}\n"
#define QMP_SIGNAL \
	"{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":false,\"reason\":\"host-signal\"}}\n"

#define RUN_JSON(status, timed_out, infra)                                                       \
	"{\"distro\":\"debian\",\"kernel\":\"6.1.0\",\"spec\":\"debian:6.1\",\"nonce\":\"" NONCE \
	"\","                                                                                    \
	"\"accel\":\"tcg\",\"wall_ms\":2100,\"qemu_status\":" status ",\"timed_out\":" timed_out \
	",\"infra\":" infra "}"
#define RUN_OK	      RUN_JSON("0", "false", "null")
#define RUN_TIMED_OUT RUN_JSON("143", "true", "null")
#define RUN_STUCK     RUN_JSON("143", "true,\"function\":\"do_idle\"", "null")

/* "i" init, "p" payload, "r" runner: who wrote the line, first character of each of `lines`. Ends
 * with NULL. */
static inline char *guest_records(const char *const *lines)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t seq = 0; lines[seq]; seq++) {
		const char *from = lines[seq][0] == 'i' ? "init" :
				   lines[seq][0] == 'p' ? "payload" :
							  "runner";

		fprintf(out, "{\"nonce\":\"" NONCE "\",\"seq\":%zu,\"from\":\"%s\",%s}\n", seq,
			from, lines[seq] + 1);
	}
	fclose(out);
	return text;
}

static inline void guest_file(struct kernel_run *run, enum run_file file, const char *text,
			      size_t len)
{
	if (!text) {
		run->files[file].err = -2; /* ENOENT */
		return;
	}
	/* No NUL at the end and nothing to spare, so that ASan sees whoever reads on. */
	run->files[file].data = malloc(len ? len : 1);
	assert_non_null(run->files[file].data);
	memcpy(run->files[file].data, text, len);
	run->files[file].len = len;
}

/* Judge these four files; NULL: there is none. kernel_run_free() it. */
static inline void guest_judge(struct kernel_run *run, const char *name, const char *run_json,
			       const char *records, const char *machine, const char *console)
{
	const char *const texts[] = { [FILE_RUN] = run_json,
				      [FILE_RECORDS] = records,
				      [FILE_MACHINE] = machine,
				      [FILE_CONSOLE] = console };

	memset(run, 0, sizeof(*run));
	run->path = strdup("results/debian/6.1.0");
	assert_non_null(run->path);
	run->exists = true;
	for (enum run_file file = 0; file < FILE_COUNT; file++)
		guest_file(run, file, texts[file], texts[file] ? strlen(texts[file]) : 0);
	assert_int_equal(kernel_run_judge(run, name), 0);
}

/* The output of `write` for these runs. To be freed. */
static inline char *guest_render(int (*write)(FILE *out, const struct report *report),
				 struct kernel_run *runs, size_t count)
{
	struct report report = {
		.runs = runs, .count = count, .jobs = 2, .now = 1795231297, .root = "results"
	};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(write(out, &report), 0);
	fclose(out);
	return text;
}

/* Where it is not, says what is there. */
static inline void assert_has(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("got \"%s\", want \"%s\" in it", text ? text : "(nothing)", part);
}

static inline void assert_has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("got \"%s\", want no \"%s\" in it", text, part);
}

#endif
