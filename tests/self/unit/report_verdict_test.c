// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Every outcome, and every way to look like a better one, from files written by hand. */
#include "report_guest.h"

#define AB		   PLAN("\"a\",\"b\"")
#define LINES(...)	   ((const char *const[]){ __VA_ARGS__, NULL })
#define FULL(a, b, status) LINES("i" HELLO, "p" AB, "p" a, "p" b, "i" EXITED(status, "3"))

/* The files of the command's output have nothing in them. */
#define RAN(exit) LINES("i" HELLO, "i" COMMAND, "i" OUTPUT("0", "0"), "i" exit)

#define PANIC_AT_NULL                                                                    \
	"[    1.10] BUG: kernel NULL pointer dereference, address: 0000000000000008\r\n" \
	"[    1.20] Kernel panic - not syncing: Fatal exception\r\n"                     \
	"[    1.30] ---[ end Kernel panic - not syncing: Fatal exception ]---\r\n"
#define PANIC_WITH(why) "[    1.20] Kernel panic - not syncing: " why "\r\n"

static const struct verdict_case {
	const char *about;
	const char *run_json, *machine, *console;
	const char *const *lines;
	enum outcome outcome;
	const char *reason; /* in the verdict's */
} cases[] = {
	/* PASS, and only so */
	{ "all passed", RUN_OK, QMP_OFF, "ok\n", FULL(PASS("a"), PASS("b"), "0"), OUTCOME_PASS,
	  "" },
	{ "one passed, one skipped", RUN_OK, QMP_OFF, "",
	  FULL(PASS("a"), SKIP("b", "kernel >= 6.1"), "0"), OUTCOME_PASS, "" },
	{ "neither QMP nor console", RUN_OK, NULL, NULL, FULL(PASS("a"), PASS("b"), "0"),
	  OUTCOME_PASS, "" },
	{ "a runner of its own", NULL, NULL, NULL,
	  LINES("r" HELLO, "r" AB, "r" PASS("a"), "r" PASS("b"), "r" EXITED("0", "4")),
	  OUTCOME_PASS, "" },
	{ "harmless kernel lines and taints", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "i" KLOG("loading out-of-tree module taints kernel.", "4096"),
		"i" KLOG("Spectre V2 : WARNING: Unprivileged eBPF is enabled", "null"),
		"p" PASS("a"), "p" PASS("b"),
		"i" EXIT("exited", "0", "null", "null", "3", "0", "12288")),
	  OUTCOME_PASS, "" },
	{ "a reset as the way to end", RUN_OK, QMP_RESET, "bye\n", FULL(PASS("a"), PASS("b"), "0"),
	  OUTCOME_PASS, "" },
	{ "kernel lines before hello", RUN_OK, QMP_OFF, "",
	  LINES("i" KLOG("something old", "null"), "i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b"),
		"i" EXITED("0", "3")),
	  OUTCOME_PASS, "" },

	{ "tainted before", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO_TAINTED("512"), "p" PLAN("\"a\""), "i" KLOG("taint changed", "4608"),
		"p" PASS("a"), "i" EXIT("exited", "0", "null", "null", "2", "0", "4608")),
	  OUTCOME_PASS, "" },
	{ "a probe that is not meant to attach", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""), "p" PROBE("true", "false", "null", "null"),
		"p" PASS("a"), "i" EXITED("0", "3")),
	  OUTCOME_PASS, "" },

	/* FAIL */
	{ "a test failed", RUN_OK, QMP_OFF, "", FULL(PASS("a"), FAIL("b", "got 1, want 2"), "1"),
	  OUTCOME_FAIL, "b: got 1, want 2" },
	{ "two tests failed", RUN_OK, QMP_OFF, "", FULL(FAIL("a", "x"), FAIL("b", "y"), "1"),
	  OUTCOME_FAIL, "2 tests failed, first a: x" },
	{ "a test failed, yet status 0", RUN_OK, QMP_OFF, "", FULL(PASS("a"), FAIL("b", "x"), "0"),
	  OUTCOME_FAIL, "yet the runner's status was 0" },
	{ "no test failed, yet status 1", RUN_OK, QMP_OFF, "", FULL(PASS("a"), PASS("b"), "1"),
	  OUTCOME_FAIL, "no test failed, yet the runner's status was 1" },
	{ "no test failed, yet status 2", RUN_OK, QMP_OFF, "", FULL(PASS("a"), PASS("b"), "2"),
	  OUTCOME_FAIL, "status was 2" },
	{ "all skipped", RUN_OK, QMP_OFF, "", FULL(SKIP("a", "x"), SKIP("b", "x"), "0"),
	  OUTCOME_FAIL, "tested nothing: all 2 tests were skipped" },
	{ "empty plan", RUN_OK, QMP_OFF, "", LINES("i" HELLO, "p" PLAN(""), "i" EXITED("0", "1")),
	  OUTCOME_FAIL, "tested nothing: the plan is empty" },
	{ "a probe failed, no test did", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""),
		"p" PROBE("false", "false", "\"Permission denied\"", "null"), "p" PASS("a"),
		"i" EXITED("0", "3")),
	  OUTCOME_FAIL, "probe process.bpf.o on_fork: Permission denied" },

	{ "a probe that does not attach", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""),
		"p" PROBE("true", "false", "\"No such process\"", "null"), "p" PASS("a"),
		"i" EXITED("0", "3")),
	  OUTCOME_FAIL, "No such process" },

	/* A command instead of tests */
	{ "a command", RUN_OK, QMP_OFF, "", RAN(EXITED("0", "0")), OUTCOME_PASS, "" },
	{ "a command that fails", RUN_OK, QMP_OFF, "", RAN(EXITED("3", "0")), OUTCOME_FAIL,
	  "command exited with 3" },
	{ "a command that is killed", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("signaled", "null", "11", "null", "0", "0", "0")), OUTCOME_FAIL,
	  "command was killed by SIGSEGV" },
	{ "by a signal without a name", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("signaled", "null", "64", "null", "0", "0", "0")), OUTCOME_FAIL,
	  "command was killed by signal 64" },
	{ "by none", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("signaled", "null", "null", "null", "0", "0", "0")), OUTCOME_FAIL,
	  "command was killed by signal -1" },
	{ "a command that there is not", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("failed", "null", "null", "\"x: No such file or directory\"", "0", "0", "0")),
	  OUTCOME_FAIL, "command: x: No such file or directory" },
	{ "a command without a status", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("exited", "null", "null", "null", "0", "0", "0")), OUTCOME_FAIL,
	  "command exited with -1" },
	{ "a command, and the kernel warned", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("exited", "3", "null", "null", "0", "0", "512")), OUTCOME_SPLAT, "taint W" },
	{ "a command without end", RUN_OK, QMP_OFF, "",
	  RAN(EXIT("deadline", "null", "null", "null", "0", "0", "0")), OUTCOME_TIMEOUT,
	  "deadline passed while the command ran" },
	{ "a command that kills the kernel", RUN_OK, QMP_RESET, PANIC_AT_NULL,
	  LINES("i" HELLO, "i" COMMAND), OUTCOME_PANIC, "while the command ran: Kernel panic" },
	{ "a kernel that dies after it", RUN_OK, QMP_RESET, PANIC_AT_NULL,
	  LINES("i" HELLO, "i" COMMAND, "i" OUTPUT("0", "0")), OUTCOME_PANIC, "after the command" },
	{ "half of the output", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "i" COMMAND, "i" OUTPUT("1", "0"), "i" EXITED("0", "0")), OUTCOME_LOST,
	  "of what the command printed only 0 and 0 bytes came" },
	{ "half of the other", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "i" COMMAND, "i" OUTPUT("0", "1"), "i" EXITED("0", "0")), OUTCOME_LOST,
	  "only 0 and 0" },
	{ "output unheard of", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "i" COMMAND, "i" EXITED("0", "0")), OUTCOME_LOST, "only 0 and 0" },
	{ "output without a command", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "i" OUTPUT("0", "0"), "p" AB, "p" PASS("a"), "p" PASS("b"),
		"i" EXITED("0", "3")),
	  OUTCOME_LOST, "output of no command" },
	{ "a command and tests", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "i" COMMAND, "p" PLAN("\"a\""), "p" PASS("a"), "i" OUTPUT("0", "0"),
		"i" EXITED("0", "2")),
	  OUTCOME_LOST, "a command, and a plan" },
	{ "tests and a command", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""), "p" PASS("a"), "i" COMMAND, "i" OUTPUT("0", "0"),
		"i" EXITED("0", "2")),
	  OUTCOME_LOST, "a command, and a plan" },
	{ "two commands", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "i" COMMAND, "i" COMMAND, "i" OUTPUT("0", "0"), "i" EXITED("0", "0")),
	  OUTCOME_LOST, "a second command" },
	{ "a command that a test made up", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" COMMAND, "p" OUTPUT("0", "0"), "i" EXITED("0", "2")), OUTCOME_LOST,
	  "command: may not come from payload" },

	/* SPLAT */
	{ "WARN by taint alone", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""), "p" PASS("a"),
		"i" EXIT("exited", "0", "null", "null", "2", "0", "512")),
	  OUTCOME_SPLAT, "new taint W" },
	{ "taint seen on the way", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""), "i" KLOG("taint changed", "16384"), "p" PASS("a"),
		"i" EXITED("0", "2")),
	  OUTCOME_SPLAT, "new taint L" },
	{ "by a line", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""), "i" KLOG("WARNING: CPU: 0 PID: 1 at x.c:1", "null"),
		"p" PASS("a"), "i" EXITED("0", "2")),
	  OUTCOME_SPLAT, "WARNING: CPU: 0" },
	{ "a stall, said by RCU", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""),
		"i" KLOG("rcu: INFO: rcu_preempt self-detected stall", "null"), "p" PASS("a"),
		"i" EXITED("0", "2")),
	  OUTCOME_SPLAT, "rcu_preempt" },
	{ "more than a failed test", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" PLAN("\"a\""), "p" FAIL("a", "x"),
		"i" EXIT("exited", "1", "null", "null", "2", "0", "128")),
	  OUTCOME_SPLAT, "new taint D" },

	/* The kernel died */
	{ "panic", RUN_OK, QMP_RESET, PANIC_AT_NULL, LINES("i" HELLO, "p" AB, "p" PASS("a")),
	  OUTCOME_PANIC,
	  "after a, during b: Kernel panic - not syncing: Fatal exception (BUG: kernel NULL pointer dereference, "
	  "address: 0000000000000008)" },
	{ "panic in the first test", RUN_OK, QMP_RESET, PANIC_AT_NULL, LINES("i" HELLO, "p" AB),
	  OUTCOME_PANIC, "during a: Kernel panic" },
	{ "panic before the plan", RUN_OK, QMP_RESET, PANIC_AT_NULL, LINES("i" HELLO),
	  OUTCOME_PANIC, "before the plan: Kernel panic" },
	{ "panic after the last test", RUN_OK, QMP_RESET, PANIC_AT_NULL,
	  LINES("i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b")), OUTCOME_PANIC,
	  "after b, the last test: " },
	{ "reset without a word", RUN_OK, QMP_RESET, "", LINES("i" HELLO, "p" AB), OUTCOME_PANIC,
	  "during a: guest-reset, and no panic on the console" },
	{ "panic device", RUN_OK,
	  "{\"event\":\"GUEST_PANICKED\",\"data\":{\"action\":\"poweroff\"}}\n" QMP_OFF, "",
	  LINES("i" HELLO, "p" AB), OUTCOME_PANIC, "guest-panic" },
	{ "panic on the way off", RUN_OK, QMP_RESET, PANIC_AT_NULL, FULL(PASS("a"), PASS("b"), "0"),
	  OUTCOME_PANIC, "while powering off: Kernel panic" },
	{ "soft lockup", RUN_OK, QMP_RESET, PANIC_WITH("softlockup: hung tasks"),
	  LINES("i" HELLO, "p" AB), OUTCOME_HANG, "softlockup" },
	{ "hung task", RUN_OK, QMP_RESET, PANIC_WITH("hung_task: blocked tasks"),
	  LINES("i" HELLO, "p" AB), OUTCOME_HANG, "hung_task" },
	{ "out of memory", RUN_OK, QMP_RESET,
	  PANIC_WITH("Out of memory: system-wide panic_on_oom is enabled"),
	  LINES("i" HELLO, "p" AB), OUTCOME_OOM, "system-wide" },
	{ "deadlocked on memory", RUN_OK, QMP_RESET, PANIC_WITH("System is deadlocked on memory"),
	  LINES("i" HELLO, "p" AB), OUTCOME_OOM, "deadlocked" },
	{ "init died", RUN_OK, QMP_RESET, PANIC_WITH("Attempted to kill init! exitcode=0x0000000b"),
	  LINES("i" HELLO, "p" AB), OUTCOME_LOST, "Attempted to kill init! exitcode=0x0000000b" },
	{ "hung for good", RUN_TIMED_OUT, QMP_SIGNAL, "", LINES("i" HELLO, "p" AB, "p" PASS("a")),
	  OUTCOME_HANG, "after a, during b: no sign of life" },
	{ "hung in a function", RUN_STUCK, QMP_SIGNAL, "", LINES("i" HELLO, "p" AB), OUTCOME_HANG,
	  "until the host's deadline, the processor was in do_idle" },
	{ "never off", RUN_TIMED_OUT, QMP_SIGNAL, "", FULL(PASS("a"), PASS("b"), "0"), OUTCOME_HANG,
	  "did not power off" },

	/* NOBOOT */
	{ "nothing at all", RUN_OK, QMP_OFF, "", LINES(NULL), OUTCOME_NOBOOT,
	  "no hello; nothing on the console" },
	{ "no record file", RUN_OK, QMP_RESET, PANIC_WITH("VFS: Unable to mount root fs"), NULL,
	  OUTCOME_NOBOOT, "no hello; Kernel panic - not syncing: VFS: Unable to mount root fs" },
	{ "stuck on the way up", RUN_TIMED_OUT, QMP_SIGNAL,
	  "\x1b[2JSeaBIOS\r\n\x1b[1mBooting...\x1b[0m\r\n \r\n", LINES(NULL), OUTCOME_NOBOOT,
	  "no hello before the deadline; the console ends: Booting..." },
	{ "stuck in a function", RUN_STUCK, QMP_SIGNAL, "", LINES(NULL), OUTCOME_NOBOOT,
	  "no hello before the deadline, the processor was in do_idle; nothing on the console" },
	{ "init could not", RUN_OK, QMP_OFF, "",
	  LINES("i" EXIT("failed", "null", "null", "\"mount proc on /proc: No such device\"", "0",
			 "0", "0")),
	  OUTCOME_NOBOOT, "init: mount proc on /proc: No such device" },
	{ "an invalid hello", RUN_OK, QMP_OFF, "", LINES("i" HELLO ",\"extra\":1"), OUTCOME_NOBOOT,
	  "no hello; records: line 1: hello: unknown field \"extra\"" },

	/* TIMEOUT */
	{ "deadline", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("a"),
		"i" EXIT("deadline", "null", "9", "null", "2", "0", "0")),
	  OUTCOME_TIMEOUT, "deadline passed after a, during b" },
	{ "deadline with a splat", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "i" KLOG("BUG: scheduling while atomic", "null"),
		"i" EXIT("deadline", "null", "9", "null", "1", "0", "0")),
	  OUTCOME_TIMEOUT, "during a; the kernel said: BUG: scheduling" },

	{ "deadline, and never off", RUN_TIMED_OUT, QMP_SIGNAL, "",
	  LINES("i" HELLO, "p" AB, "i" EXIT("deadline", "null", "9", "null", "1", "0", "0")),
	  OUTCOME_TIMEOUT, "deadline passed during a" },

	/* LOST */
	{ "no exit", RUN_OK, QMP_OFF, "", LINES("i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b")),
	  OUTCOME_LOST, "records end without exit after b, the last test; the guest powered off" },
	{ "no exit, no QMP", RUN_OK, NULL, NULL, LINES("i" HELLO, "p" AB, "p" PASS("a")),
	  OUTCOME_LOST, "records end without exit after a, during b" },
	{ "a runner of its own, without exit", NULL, NULL, NULL,
	  LINES("r" HELLO, "r" AB, "r" PASS("a"), "r" PASS("b")), OUTCOME_LOST,
	  "records end without exit" },
	{ "the runner crashed", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b"),
		"i" EXIT("signaled", "null", "11", "null", "3", "0", "0")),
	  OUTCOME_LOST, "the runner died of signal 11 after b, the last test" },
	{ "init failed later", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB,
		"i" EXIT("failed", "null", "null", "\"read /dev/kmsg: Broken pipe\"", "1", "0",
			 "0")),
	  OUTCOME_LOST, "init: read /dev/kmsg: Broken pipe, during a" },
	{ "exited without a status", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b"), "i" EXITED("null", "3")),
	  OUTCOME_LOST, "init: " },
	{ "a test without a record", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("a"), "i" EXITED("0", "2")), OUTCOME_LOST,
	  "1 of 2 tests have no record, the first is b" },
	{ "the first test without a record", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("b"), "i" EXITED("0", "2")), OUTCOME_LOST,
	  "1 of 2 tests have no record" },
	{ "no plan", RUN_OK, QMP_OFF, "", LINES("i" HELLO, "i" EXITED("2", "0")), OUTCOME_LOST,
	  "the runner exited with status 2 and without a plan" },
	{ "dropped lines", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b"),
		"i" EXIT("exited", "0", "null", "null", "3", "2", "0")),
	  OUTCOME_LOST, "init dropped 2 lines" },
	{ "another number of records", RUN_OK, QMP_OFF, "",
	  LINES("i" HELLO, "p" AB, "p" PASS("a"), "p" PASS("b"), "i" EXITED("0", "4")),
	  OUTCOME_LOST, "3 records of the runner's came, init relayed 4" },

	/* NOTRUN */
	{ "never started", "{\"nonce\":\"\",\"not_run\":\"another failed\"}", NULL, NULL,
	  LINES(NULL), OUTCOME_NOTRUN, "another failed" },
	{ "not even after a pass", "{\"nonce\":\"" NONCE "\",\"qemu_status\":0,\"not_run\":\"x\"}",
	  QMP_OFF, "", FULL(PASS("a"), PASS("b"), "0"), OUTCOME_NOTRUN, "x" },

	/* INFRA */
	{ "the host says so", RUN_JSON("0", "false", "\"download: 404\""), NULL, NULL, LINES(NULL),
	  OUTCOME_INFRA, "download: 404" },
	{ "even after a pass", RUN_JSON("0", "false", "\"disk full\""), QMP_OFF, "",
	  FULL(PASS("a"), PASS("b"), "0"), OUTCOME_INFRA, "disk full" },
	{ "QEMU failed", RUN_JSON("1", "false", "null"), NULL, "", LINES(NULL), OUTCOME_INFRA,
	  "QEMU exited with status 1" },
	{ "QEMU failed after a pass", RUN_JSON("139", "false", "null"), QMP_OFF, "",
	  FULL(PASS("a"), PASS("b"), "0"), OUTCOME_INFRA, "status 139" },
	{ "a reason of several lines", RUN_JSON("1", "false", "\"QEMU: one\\ntwo\\n\""), NULL, "",
	  LINES(NULL), OUTCOME_INFRA, "QEMU: one two" },
	{ "no status", RUN_JSON("null", "false", "null"), QMP_OFF, "",
	  FULL(PASS("a"), PASS("b"), "0"), OUTCOME_INFRA, "does not say how QEMU ended" },
	{ "stopped from outside", RUN_OK, QMP_SIGNAL, "", LINES("i" HELLO, "p" AB), OUTCOME_INFRA,
	  "QEMU was stopped from outside (host-signal)" },
	{ "no run.json", NULL, QMP_OFF, "", FULL(PASS("a"), PASS("b"), "0"), OUTCOME_INFRA,
	  "run.json: there is none" },
	{ "half a run.json", "{\"nonce\":", QMP_OFF, "", FULL(PASS("a"), PASS("b"), "0"),
	  OUTCOME_INFRA, "run.json: " },
	{ "a run.json of another form", "{\"wall_ms\":\"2\"}", QMP_OFF, "",
	  FULL(PASS("a"), PASS("b"), "0"), OUTCOME_INFRA,
	  "run.json: field \"wall_ms\" is not an integer" },
	{ "no nonce", "{\"qemu_status\":0,\"timed_out\":false}", QMP_OFF, "",
	  FULL(PASS("a"), PASS("b"), "0"), OUTCOME_INFRA, "no nonce" },
};

/* That a case is judged as its row says. */
static void judges(void **state)
{
	const struct verdict_case *row = *state;
	char *records = row->lines ? guest_records(row->lines) : NULL;
	struct kernel_run run;

	guest_judge(&run, "debian/6.1.0", row->run_json, records, row->machine, row->console);
	if (run.verdict.outcome != row->outcome || !strstr(run.verdict.reason, row->reason) ||
	    (row->outcome == OUTCOME_PASS && run.verdict.reason[0]))
		fail_msg("%s: got %s \"%s\", want %s \"%s\"", row->about,
			 outcome_name(run.verdict.outcome), run.verdict.reason,
			 outcome_name(row->outcome), row->reason);
	kernel_run_free(&run);
	free(records);
}

/* The words that we print ourselves, and a panic that is none: the console decides nothing. */
static void console_never_passes(void **state)
{
	static const char *const lines[] = { "i" HELLO, "p" AB, "p" PASS("a"), NULL };
	char *records = guest_records(lines);
	struct kernel_run run;

	(void)state;
	guest_judge(&run, "debian/6.1.0", RUN_OK, records, QMP_OFF,
		    "[PASS] debian/6.1.0\r\nok 1 - a\r\nok 2 - b\r\nPASS\r\nexit status 0\r\n"
		    "{\"nonce\":\"" NONCE
		    "\",\"seq\":3,\"from\":\"init\"," EXITED("0", "3") "}\r\n");
	assert_int_equal(run.verdict.outcome, OUTCOME_LOST);
	kernel_run_free(&run);
	free(records);
}

static void console_never_fails(void **state)
{
	static const char *const lines[] = { "i" HELLO, "p" PLAN("\"a\""), "p" PASS("a"),
					     "i" EXITED("0", "2"), NULL };
	char *records = guest_records(lines);
	struct kernel_run run;

	(void)state;
	guest_judge(&run, "debian/6.1.0", RUN_OK, records, QMP_OFF, "FAIL\n" PANIC_AT_NULL);
	assert_int_equal(run.verdict.outcome, OUTCOME_PASS);
	kernel_run_free(&run);
	free(records);
}

static void unreadable_file_is_infra(void **state)
{
	static const char *const lines[] = { "i" HELLO, "p" PLAN("\"a\""), "p" PASS("a"),
					     "i" EXITED("0", "2"), NULL };
	char *records = guest_records(lines);
	struct kernel_run run = { .exists = true };

	(void)state;
	guest_file(&run, FILE_RUN, RUN_OK, strlen(RUN_OK));
	guest_file(&run, FILE_RECORDS, records, strlen(records));
	run.files[FILE_MACHINE].err = -13; /* EACCES */
	run.files[FILE_CONSOLE].err = -2;
	assert_int_equal(kernel_run_judge(&run, "debian/6.1.0"), 0);
	assert_int_equal(run.verdict.outcome, OUTCOME_INFRA);
	assert_string_equal(run.verdict.reason, "machine.ndjson: Permission denied");
	kernel_run_free(&run);
	free(records);
}

/* A reason longer than there is room is cut between characters. */
static void long_reason_is_cut(void **state)
{
	char *records, *line = NULL;
	struct kernel_run run;
	size_t len;

	(void)state;
	assert_true(asprintf(&line, "p" TEST("a", "fail", "\"%01000d\"", ""), 7) > 0);
	for (char *zero = strstr(line, "000000000"); zero[0] == '0'; zero += 2)
		memcpy(zero, "\xc3\xa9", 2);
	records = guest_records(LINES("i" HELLO, "p" PLAN("\"a\""), line, "i" EXITED("1", "2")));
	guest_judge(&run, "debian/6.1.0", RUN_OK, records, QMP_OFF, "");
	assert_int_equal(run.verdict.outcome, OUTCOME_FAIL);
	len = strlen(run.verdict.reason);
	assert_true(len < sizeof(run.verdict.reason) && len > sizeof(run.verdict.reason) - 8);
	assert_string_equal(run.verdict.reason + len - 3, "...");
	assert_int_equal((unsigned char)run.verdict.reason[len - 4], 0xa9);
	kernel_run_free(&run);
	free(records);
	free(line);
}

static void exit_codes(void **state)
{
	static const struct {
		enum outcome outcome;
		int code;
	} codes[] = {
		{ OUTCOME_PASS, 0 },   { OUTCOME_FAIL, 1 },    { OUTCOME_SPLAT, 3 },
		{ OUTCOME_PANIC, 3 },  { OUTCOME_OOM, 3 },     { OUTCOME_HANG, 3 },
		{ OUTCOME_NOBOOT, 4 }, { OUTCOME_TIMEOUT, 4 }, { OUTCOME_LOST, 4 },
		{ OUTCOME_INFRA, 5 },  { OUTCOME_NOTRUN, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		assert_int_equal(outcome_exit_code(codes[i].outcome), codes[i].code);
}

int main(void)
{
	enum { ROWS = sizeof(cases) / sizeof(cases[0]) };
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(console_never_passes),
		cmocka_unit_test(console_never_fails),
		cmocka_unit_test(unreadable_file_is_infra),
		cmocka_unit_test(long_reason_is_cut),
		cmocka_unit_test(exit_codes),
	};
	struct CMUnitTest tests[ROWS + sizeof(others) / sizeof(others[0])];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ .name = cases[i].about,
						.test_func = judges,
						.initial_state = (void *)&cases[i] };
	memcpy(tests + ROWS, others, sizeof(others));
	return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
