// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The verdict: an ordered list of rules; the first that applies decides. The last one always does.
 */
#include "host/report/verdict.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "host/report/splat.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	int exit_code;
} outcomes[] = {
	[OUTCOME_PASS] = { "PASS", 0 },	      [OUTCOME_NOTRUN] = { "NOTRUN", 1 },
	[OUTCOME_FAIL] = { "FAIL", 1 },	      [OUTCOME_SPLAT] = { "SPLAT", 3 },
	[OUTCOME_PANIC] = { "PANIC", 3 },     [OUTCOME_OOM] = { "OOM", 3 },
	[OUTCOME_HANG] = { "HANG", 3 },	      [OUTCOME_NOBOOT] = { "NOBOOT", 4 },
	[OUTCOME_TIMEOUT] = { "TIMEOUT", 4 }, [OUTCOME_LOST] = { "LOST", 4 },
	[OUTCOME_INFRA] = { "INFRA", 5 },
};

const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

int outcome_exit_code(enum outcome outcome)
{
	return outcomes[outcome].exit_code;
}

/* Adds to the reason. */
static void say(struct verdict *verdict, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void say(struct verdict *verdict, const char *fmt, ...)
{
	size_t used = strlen(verdict->reason), room = sizeof(verdict->reason) - used;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(verdict->reason + used, room, fmt, args);
	va_end(args);
	if (len < 0)
		return;
	text_fit(verdict->reason, used + (size_t)len, sizeof(verdict->reason));
	/* QEMU's words, and a runner's, come with newlines. */
	for (char *newline; (newline = strchr(verdict->reason + used, '\n'));)
		*newline = newline[1] ? ' ' : '\0';
}

/* Always true, so that a rule can end with it. */
static bool decide(struct verdict *verdict, enum outcome outcome)
{
	verdict->outcome = outcome;
	return true;
}

/* Where in the plan the records end. */
static void say_where(struct verdict *verdict, const struct records *records)
{
	const char *running = records_running(records);
	const char *last = records->test_count ? records->tests[records->test_count - 1].name :
						 NULL;

	if (records->has_command)
		say(verdict, records->has_output && !records->has_exit ? "after the command" :
									 "while the command ran");
	else if (!records->has_plan)
		say(verdict, "before the plan");
	else if (last && running)
		say(verdict, "after %s, during %s", last, running);
	else if (running)
		say(verdict, "during %s", running);
	else if (last)
		say(verdict, "after %s, the last test", last);
	else
		say(verdict, "after an empty plan");
}

/* The console's panic, with the oops that led to it where it does not say that itself. */
static void say_panic(struct verdict *verdict, const struct console *console)
{
	say(verdict, "%s", console->panic);
	if (console->oops[0])
		say(verdict, " (%s)", console->oops);
}

static void say_kernel(struct verdict *verdict, const struct verdict_input *input)
{
	const char *splat = splat_find(input->records);

	if (input->console->panic[0]) {
		say(verdict, "; ");
		say_panic(verdict, input->console);
	} else if (splat) {
		say(verdict, "; the kernel said: %s", splat);
	}
}

/* Where the processor was when the host's deadline had passed. */
static void say_function(struct verdict *verdict, const struct run_line *run)
{
	if (run->function && run->function[0])
		say(verdict, ", the processor was in %s", run->function);
}

static bool rule_no_run(const struct verdict_input *input, struct verdict *verdict)
{
	/* No QEMU and no run.json: the runner worked on its own, under virtme-ng or on a real
	 * machine. */
	if (input->run || (input->records->has_hello && input->records->from_runner))
		return false;
	say(verdict, "%s", input->run_problem ? input->run_problem : "no results");
	return decide(verdict, OUTCOME_INFRA);
}

static bool rule_not_run(const struct verdict_input *input, struct verdict *verdict)
{
	if (!input->run || !input->run->not_run)
		return false;
	say(verdict, "%s", input->run->not_run);
	return decide(verdict, OUTCOME_NOTRUN);
}

static bool rule_infra(const struct verdict_input *input, struct verdict *verdict)
{
	const struct run_line *run = input->run;

	if (!run)
		return false;
	if (run->infra)
		say(verdict, "%s", run->infra);
	else if (!run->nonce || !run->nonce[0])
		say(verdict, "run.json has no nonce");
	else if (run->timed_out)
		return false;
	else if (run->qemu_status < 0)
		say(verdict, "run.json does not say how QEMU ended");
	else if (run->qemu_status > 0)
		say(verdict, "QEMU exited with status %lld", (long long)run->qemu_status);
	else if (!input->records->has_exit && (input->machine->end == MACHINE_STOPPED ||
					       input->machine->end == MACHINE_HOST_ERROR))
		say(verdict, "QEMU was stopped from outside (%s)", input->machine->reason);
	else
		return false;
	return decide(verdict, OUTCOME_INFRA);
}

static bool rule_noboot(const struct verdict_input *input, struct verdict *verdict)
{
	const struct records *records = input->records;

	if (records->has_hello)
		return false;
	if (records->has_exit && records->exit.error) {
		say(verdict, "init: %s", records->exit.error);
	} else if (input->run && input->run->timed_out) {
		say(verdict, "no hello before the deadline");
		say_function(verdict, input->run);
	} else {
		say(verdict, "no hello");
	}
	if (records->problem[0])
		say(verdict, "; records: %s", records->problem);
	if (input->console->panic[0])
		say_kernel(verdict, input);
	else if (input->console->last_line[0])
		say(verdict, "; the console ends: %s", input->console->last_line);
	else
		say(verdict, "; nothing on the console");
	return decide(verdict, OUTCOME_NOBOOT);
}

static bool rule_timeout(const struct verdict_input *input, struct verdict *verdict)
{
	if (!input->records->has_exit || input->records->exit.reason != REASON_DEADLINE)
		return false;
	say(verdict, "deadline passed ");
	say_where(verdict, input->records);
	say_kernel(verdict, input);
	return decide(verdict, OUTCOME_TIMEOUT);
}

static bool rule_hang(const struct verdict_input *input, struct verdict *verdict)
{
	if (!input->run || !input->run->timed_out)
		return false;
	if (input->records->has_exit) {
		say(verdict, "did not power off");
	} else {
		say_where(verdict, input->records);
		say(verdict, ": no sign of life until the host's deadline");
	}
	say_function(verdict, input->run);
	say_kernel(verdict, input);
	return decide(verdict, OUTCOME_HANG);
}

/* The text of the panic may give a more exact outcome. */
static const struct {
	const char *text;
	enum outcome outcome;
} panics[] = {
	{ "softlockup", OUTCOME_HANG },
	{ "hung_task", OUTCOME_HANG },
	{ "hard lockup", OUTCOME_HANG },
	{ "rcu stall", OUTCOME_HANG },
	{ "out of memory", OUTCOME_OOM },
	{ "system is deadlocked on memory", OUTCOME_OOM },
	{ "attempted to kill init", OUTCOME_LOST },
};

static bool rule_panic(const struct verdict_input *input, struct verdict *verdict)
{
	enum machine_end end = input->machine->end;
	const char *panic = input->console->panic;
	enum outcome outcome = OUTCOME_PANIC;

	if (end != MACHINE_RESET && end != MACHINE_PANIC)
		return false;
	/* After the exit record a reset may be all that a machine without power control can do. */
	if (input->records->has_exit && end == MACHINE_RESET && !panic[0])
		return false;
	if (input->records->has_exit)
		say(verdict, "while powering off");
	else
		say_where(verdict, input->records);
	say(verdict, ": ");
	if (panic[0])
		say_panic(verdict, input->console);
	else
		say(verdict, "%s, and no panic on the console", input->machine->reason);
	for (size_t i = 0; i < sizeof(panics) / sizeof(panics[0]); i++)
		if (strcasestr(panic, panics[i].text))
			outcome = panics[i].outcome;
	return decide(verdict, outcome);
}

static bool rule_records(const struct verdict_input *input, struct verdict *verdict)
{
	const struct records *records = input->records;

	if (records->problem[0]) {
		say(verdict, "records: %s", records->problem);
	} else if (!records->has_exit) {
		say(verdict, "records end without exit ");
		say_where(verdict, records);
		if (input->machine->end == MACHINE_OFF)
			say(verdict, "; the guest powered off");
	} else {
		return false;
	}
	say_kernel(verdict, input);
	return decide(verdict, OUTCOME_LOST);
}

static bool rule_runner_died(const struct verdict_input *input, struct verdict *verdict)
{
	const struct exit_line *exit = &input->records->exit;

	if ((exit->reason == REASON_EXITED && exit->status >= 0) || input->records->has_command)
		return false;
	if (exit->reason == REASON_SIGNALED)
		say(verdict, "the runner died of signal %lld ", (long long)exit->signal);
	else
		say(verdict, "init: %s, ",
		    exit->error ? exit->error : "failed, and does not say at what");
	say_where(verdict, input->records);
	say_kernel(verdict, input);
	return decide(verdict, OUTCOME_LOST);
}

/* Has all come that init sent? */
static bool output_came(const struct verdict_input *input)
{
	const struct output_line *output = &input->records->output;

	return input->records->has_output && input->output[0] == output->out_bytes &&
	       input->output[1] == output->err_bytes;
}

static bool rule_incomplete(const struct verdict_input *input, struct verdict *verdict)
{
	const struct records *records = input->records;
	const struct exit_line *exit = &records->exit;
	size_t planned = records_planned(records);

	if (exit->dropped_lines > 0)
		say(verdict, "init dropped %lld lines of the runner",
		    (long long)exit->dropped_lines);
	else if (!records->from_runner && (size_t)exit->records != records->payload)
		say(verdict, "%zu records of the runner's came, init relayed %lld",
		    records->payload, (long long)exit->records);
	else if (records->has_command && records->has_plan)
		say(verdict, "a command, and a plan of tests");
	else if (records->has_command && !output_came(input))
		say(verdict, "of what the command printed only %lld and %lld bytes came",
		    (long long)input->output[0], (long long)input->output[1]);
	else if (!records->has_plan && !records->has_command)
		say(verdict, "the runner exited with status %lld and without a plan",
		    (long long)exit->status);
	else if (records->test_count < planned)
		say(verdict,
		    "%zu of %zu tests have no record, the first is %s (runner's status %lld)",
		    planned - records->test_count, planned,
		    records_running(records) ? records_running(records) :
					       "among those before the last",
		    (long long)exit->status);
	else
		return false;
	say_kernel(verdict, input);
	return decide(verdict, OUTCOME_LOST);
}

static bool rule_splat(const struct verdict_input *input, struct verdict *verdict)
{
	const char *line = splat_find(input->records);
	char letters[16];

	splat_taint(input->records, letters, sizeof(letters));
	if (!line && !letters[0])
		return false;
	say(verdict, "%s", line ? line : "the kernel tainted itself");
	if (letters[0])
		say(verdict, " (new taint %s)", letters);
	return decide(verdict, OUTCOME_SPLAT);
}

static const char *const signals[] = {
	[SIGHUP] = "SIGHUP",   [SIGINT] = "SIGINT",   [SIGQUIT] = "SIGQUIT",
	[SIGILL] = "SIGILL",   [SIGTRAP] = "SIGTRAP", [SIGABRT] = "SIGABRT",
	[SIGBUS] = "SIGBUS",   [SIGFPE] = "SIGFPE",   [SIGKILL] = "SIGKILL",
	[SIGUSR1] = "SIGUSR1", [SIGSEGV] = "SIGSEGV", [SIGUSR2] = "SIGUSR2",
	[SIGPIPE] = "SIGPIPE", [SIGALRM] = "SIGALRM", [SIGTERM] = "SIGTERM",
	[SIGXCPU] = "SIGXCPU", [SIGXFSZ] = "SIGXFSZ", [SIGVTALRM] = "SIGVTALRM",
	[SIGPROF] = "SIGPROF", [SIGSYS] = "SIGSYS",   [SIGSTKFLT] = "SIGSTKFLT",
	[SIGPOLL] = "SIGPOLL",
};

bool command_end(const struct records *records, char *text, size_t size)
{
	const struct exit_line *exit = &records->exit;
	size_t number = (size_t)exit->signal;

	if (!records->has_command || !records->has_exit)
		return false;
	if (exit->reason == REASON_EXITED)
		snprintf(text, size, "command exited with %lld", (long long)exit->status);
	else if (exit->reason == REASON_SIGNALED && number < COUNT(signals) && signals[number])
		snprintf(text, size, "command was killed by %s", signals[number]);
	else if (exit->reason == REASON_SIGNALED)
		snprintf(text, size, "command was killed by signal %lld", (long long)exit->signal);
	else
		return false;
	return true;
}

static bool rule_command(const struct verdict_input *input, struct verdict *verdict)
{
	const struct records *records = input->records;
	const struct exit_line *exit = &records->exit;
	char text[64];

	if (!records->has_command)
		return false;
	if (exit->reason == REASON_EXITED && exit->status == 0)
		return decide(verdict, OUTCOME_PASS);
	if (command_end(records, text, sizeof(text)))
		say(verdict, "%s", text);
	else
		say(verdict, "command: %s", exit->error ? exit->error : "it was not run");
	return decide(verdict, OUTCOME_FAIL);
}

static const struct probe_line *probe_failed(const struct records *records)
{
	for (size_t i = 0; i < records->probe_count; i++)
		if (records->probes[i].error &&
		    !(records->probes[i].loaded && records->probes[i].attached))
			return &records->probes[i];
	return NULL;
}

static bool rule_test_failed(const struct verdict_input *input, struct verdict *verdict)
{
	const struct records *records = input->records;
	size_t failed = records_count(records, TEST_FAIL);

	for (size_t i = 0; i < records->item_count; i++) {
		const struct test_line *test = &records->items[i];

		if (test->outcome != TEST_FAIL)
			continue;
		if (failed > 1)
			say(verdict, "%zu tests failed, first ", failed);
		say(verdict, "%s: %s", test->name, test->reason ? test->reason : "no reason given");
		if (records->exit.status == 0)
			say(verdict, " (yet the runner's status was 0)");
		return decide(verdict, OUTCOME_FAIL);
	}
	return false;
}

/* Everything that looks like success, and is not quite. */
static bool rule_fail(const struct verdict_input *input, struct verdict *verdict)
{
	const struct records *records = input->records;
	const struct probe_line *probe = probe_failed(records);

	if (probe)
		say(verdict, "probe %s %s: %s", probe->object, probe->program, probe->error);
	else if (records->test_count == 0)
		say(verdict, "tested nothing: the plan is empty");
	else if (records_count(records, TEST_PASS) == 0)
		say(verdict, "tested nothing: all %zu tests were skipped", records->item_count);
	else if (records->exit.status != 0)
		say(verdict, "no test failed, yet the runner's status was %lld",
		    (long long)records->exit.status);
	else
		return false;
	return decide(verdict, OUTCOME_FAIL);
}

static bool rule_pass(const struct verdict_input *input, struct verdict *verdict)
{
	(void)input;
	return decide(verdict, OUTCOME_PASS);
}

/* The order is part of each rule: a rule takes for granted what those before it have ruled out. */
static bool (*const rules[])(const struct verdict_input *input, struct verdict *verdict) = {
	rule_no_run, rule_not_run, rule_infra,	     rule_noboot,      rule_timeout,
	rule_hang,   rule_panic,   rule_records,     rule_runner_died, rule_incomplete,
	rule_splat,  rule_command, rule_test_failed, rule_fail,	       rule_pass,
};

void verdict_decide(const struct verdict_input *input, struct verdict *verdict)
{
	memset(verdict, 0, sizeof(*verdict));
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i](input, verdict))
			return;
}
