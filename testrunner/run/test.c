// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Requirements, objects, generator, events, result: one test from beginning to end. */
#include "run/test.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/variable.h"
#include "load/state_check.h"
#include "process/listener.h"
#include "process/process_tree.h"
#include "run/check.h"
#include "run/load_only.h"
#include "run/program.h"
#include "run/requires.h"

#define POLL_MAX    64
#define REASON_SIZE 768

/* How long a listener may take to end after its signal. */
#define STOP_MS 5000

/*
 * How often a test is tried whose programs the kernel did not always run: it skips one that runs
 * already on that CPU, and where programs can be preempted (PREEMPT_RT, and since 7.0 in general)
 * that happens on a busy machine. A missing event in such a run proves nothing.
 */
#define ATTEMPTS_MAX 4

/* The result so far of the running test. */
struct result {
	enum test_outcome outcome;
	char reason[REASON_SIZE];
	json_t *details; /* lines; the first is the reason */
	struct losses losses;
};

/* The first failure is the reason, the others are details. */
__attribute__((format(printf, 2, 3))) static void fail(struct result *result, const char *format,
						       ...)
{
	char text[REASON_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (result->outcome != TEST_FAIL)
		memcpy(result->reason, text, sizeof(text));
	result->outcome = TEST_FAIL;
	json_array_append_new(result->details, record_text(text));
}

/* Sleep until something may have changed. `generator` is NULL while only the listener runs. */
static void await_change(const struct run *run, const struct process_tree *generator, bool hold,
			 uint64_t deadline)
{
	struct pollfd fds[POLL_MAX] = { { .fd = run->signals, .events = POLLIN } };
	int streams[POLL_MAX - 3 - LISTENER_FDS];
	size_t count = 1, stream_count = hold ? 0 :
						collector_fds(run->collector, streams,
							      sizeof(streams) / sizeof(streams[0]));
	uint64_t now = clock_ms();

	if (generator) {
		process_tree_pollfds(generator, fds + count);
		count += 2;
	}
	if (run->listener) {
		listener_pollfds(run->listener, fds + count);
		count += LISTENER_FDS;
	}
	for (size_t i = 0; i < stream_count; i++)
		fds[count++] = (struct pollfd){ .fd = streams[i], .events = POLLIN };
	poll(fds, count, deadline > now ? (int)(deadline - now) : 0);
}

/* The generator has ended: its output is complete. */
static void take_end(struct process_tree *generator, struct matcher *matcher, json_t **variables)
{
	process_tree_read(generator);
	*variables = process_tree_variables(generator);
	matcher_set_variables(matcher, *variables);
}

/* Read what the listener prints, until `done`, or the deadline. */
static void attend(struct run *run, bool (*done)(const struct listener *), uint64_t deadline)
{
	while (!done(run->listener) && !run->stopped && clock_ms() < deadline) {
		await_change(run, NULL, true, deadline);
		run_take_signals(run);
		listener_read(run->listener);
	}
}

/*
 * Probes send nothing more once the whole tree has ended. A listener may take longer, unless the
 * test has already failed.
 */
static bool is_over(const struct run *run, const struct process_tree *generator, bool tree_gone)
{
	char ignored[REASON_SIZE];

	if (!run->listener)
		return tree_gone;
	return listener_failed(run->listener) ||
	       (tree_gone && (listener_over(run->listener) ||
			      process_tree_failure(generator, ignored, sizeof(ignored))));
}

/*
 * Wait until the whole process tree has ended; or until all expected events have come and the
 * generator has ended, when the rest of its tree is killed; or until the deadline.
 */
static void follow(struct run *run, const struct test *test, struct process_tree *generator,
		   struct matcher *matcher, json_t **variables, struct result *result)
{
	uint64_t deadline = clock_ms() + test->timeout_ms;
	/* A listener's events come by its pipe, in the order in which it prints them. */
	const struct probe_part *probe = test->kind == TEST_PROBE ? &test->event.probe : NULL;
	bool tree_gone = false, ended = false;
	int err = 0;

	while (!err && !run->stopped && clock_ms() < deadline) {
		bool hold = probe && probe->hold && !ended;

		await_change(run, generator, hold, deadline);
		run_take_signals(run);
		process_tree_read(generator);
		if (run->listener)
			listener_read(run->listener);
		tree_gone = process_tree_reap(generator);
		err = hold ? 0 :
			     collector_consume(run->collector,
					       ended && probe && probe->order_field);
		if (!ended && process_tree_ended(generator)) {
			take_end(generator, matcher, variables);
			ended = true;
		}
		if (is_over(run, generator, tree_gone) || (ended && matcher_satisfied(matcher)))
			break;
	}
	if (err)
		fail(result, "read events: %s", strerror(-err));
	else if (run->stopped)
		fail(result, "stopped by a signal");
	else if (!ended && !is_over(run, generator, tree_gone))
		fail(result, "timed out after %g s: the generator still runs",
		     test->timeout_ms / 1000.0);
	else if (!tree_gone && !matcher_satisfied(matcher) && !is_over(run, generator, tree_gone))
		fail(result,
		     "timed out after %g s: processes that the generator left behind still run",
		     test->timeout_ms / 1000.0);
}

/* Every event must have come, or been counted as dropped. */
static void check_account(const struct run *run, const struct operand *account, json_t *variables,
			  struct result *result)
{
	unsigned long long seen = collector_seen(run->collector), dropped = result->losses.dropped;
	struct value wanted = account->value;
	char text[256];

	if (account->kind == OPERAND_VARIABLE &&
	    variable_find(variables, account->path, &wanted, text, sizeof(text)))
		fail(result, "account: %s", text);
	else if (wanted.kind != VALUE_UINT)
		fail(result, "account: %s is not a number of events",
		     value_format(&wanted, text, sizeof(text)));
	else if (seen + dropped != wanted.u)
		fail(result, "account: %llu event(s) came and %llu were dropped: %llu, want %llu",
		     seen, dropped, seen + dropped, (unsigned long long)wanted.u);
}

/* Could one more event turn this pass into a failure? */
static bool may_spoil(const struct event_test *test)
{
	bool may = false;

	for (size_t i = 0; i < test->block_count; i++)
		may |= test->blocks[i].kind == BLOCK_REFUSE || test->blocks[i].count > 0;
	return may;
}

/* Start the listener, and wait until it is ready. */
static bool start_listener(struct run *run, const struct suite_test *test, struct result *result)
{
	const struct listen_part *listen = &test->test->event.listen;
	const char *name = listen->argv[0];
	char *path = name[0] == '/' ? strdup(name) : suite_find(run->suite, test, name);
	char error[REASON_SIZE];
	uint64_t deadline = clock_ms() + test->test->timeout_ms;
	int err;

	if (!path) {
		fail(result, "no listener '%s' in the suite", name);
		return false;
	}
	err = listener_start(run->listener, path, error, sizeof(error));
	free(path);
	if (err) {
		fail(result, "%s", error);
		return false;
	}
	attend(run, listener_set_up, deadline);
	if (run->stopped)
		fail(result, "stopped by a signal");
	else if (!listener_set_up(run->listener))
		fail(result, "the listener was not ready after %g s: %s%s%s",
		     test->test->timeout_ms / 1000.0,
		     listen->ready ? "no line of its output matches \"" : "no line on its stdout",
		     listen->ready ? listen->ready : "",
		     listen->ready ? "\"" :
				     "; if it signals readiness in another way, use 'ready when'");
	return listener_ready(run->listener);
}

/* Stop the listener, read its last lines, and report its failures. */
static void end_listener(struct run *run, const struct event_test *test, struct matcher *matcher,
			 struct result *result)
{
	bool satisfied = matcher_satisfied(matcher);
	json_t *lines;

	if (result->outcome == TEST_PASS && may_spoil(test))
		attend(run, listener_over, clock_ms() + test->listen.settle_ms);
	listener_stop(run->listener);
	attend(run, listener_drained, clock_ms() + STOP_MS);
	listener_end(run->listener);
	lines = listener_failures(run->listener, satisfied && !may_spoil(test));
	for (size_t i = 0; i < json_array_size(lines); i++)
		fail(result, "%s", json_string_value(json_array_get(lines, i)));
	json_decref(lines);
}

static void check_state(const struct run *run, const struct probe_part *probe, json_t *variables,
			struct result *result)
{
	struct bpf_object *objects[TEST_OBJECTS_MAX];
	size_t count = collector_objects(run->collector, objects, TEST_OBJECTS_MAX);
	char text[REASON_SIZE];

	for (size_t i = 0; i < probe->state_check_count; i++) {
		if (!state_check_holds(&probe->state_checks[i], objects, count, variables, text,
				       sizeof(text)))
			fail(result, "%s", text);
	}
}

/* Drops, maps, globals and iterators, and whether all events are accounted for. */
static void judge_probes(struct run *run, const struct probe_part *probe, json_t *variables,
			 struct result *result)
{
	result->losses = collector_losses(run->collector);
	if (result->losses.dropped && probe->drops == DROPS_FAIL)
		fail(result, "%llu event(s) were dropped, so a missing event proves nothing",
		     (unsigned long long)result->losses.dropped);
	if (!result->losses.dropped && probe->drops == DROPS_WANTED)
		fail(result, "no event was dropped, and the test is about drops");
	check_state(run, probe, variables, result);
	if (probe->account_line)
		check_account(run, &probe->account, variables, result);
}

/* No more events will come: report every reason against a pass, the weightiest first. */
static void judge(struct run *run, const struct event_test *test,
		  const struct process_tree *generator, struct matcher *matcher,
		  struct result *result)
{
	char text[REASON_SIZE];
	json_t *details = NULL;

	/*
	 * We killed the generator and already reported why; its exit status is not a second
	 * failure.
	 */
	if (result->outcome == TEST_PASS && !(run->listener && listener_failed(run->listener)) &&
	    process_tree_failure(generator, text, sizeof(text)))
		fail(result, "%s", text);
	if (run->listener)
		end_listener(run, test, matcher, result);
	if (collector_unknown(run->collector))
		fail(result, "%llu record(s) have a type that the object's BTF does not define",
		     (unsigned long long)collector_unknown(run->collector));
	if (!matcher_finish(matcher, &details)) {
		for (size_t i = 0; i < json_array_size(details); i++)
			fail(result, "%s", json_string_value(json_array_get(details, i)));
		if (json_array_size(details) == 0)
			fail(result, "out of memory while matching events");
	}
	json_decref(details);
}

static void run_generator(struct run *run, const struct suite_test *test, struct matcher *matcher,
			  struct result *result)
{
	char *path = suite_find(run->suite, test, test->test->event.generator[0]);
	struct process_tree *generator = NULL;
	json_t *variables = NULL;
	char error[REASON_SIZE];
	int err;

	if (!path) {
		fail(result, "no generator '%s' in the suite", test->test->event.generator[0]);
		return;
	}
	err = process_tree_start(path, test->test->event.generator, &generator, error,
				 sizeof(error));
	free(path);
	if (err) {
		fail(result, "%s", error);
		return;
	}
	/*
	 * The generator is stopped at its first instruction: events that are in the buffers now
	 * stem from its start, and belong to no test.
	 */
	err = collector_begin(run->collector, matcher, process_tree_pid(generator));
	if (run->listener)
		listener_begin(run->listener, matcher);
	if (!err)
		err = process_tree_release(generator);
	if (err)
		fail(result, "start collecting: %s", strerror(-err));
	else
		follow(run, test->test, generator, matcher, &variables, result);
	if (process_tree_kill(generator))
		fail(result, "a process of the generator cannot be killed");
	if (!variables)
		take_end(generator, matcher, &variables);
	err = collector_consume(run->collector, true);
	if (err)
		fail(result, "read events: %s", strerror(-err));
	judge(run, &test->test->event, generator, matcher, result);
	if (test->test->kind == TEST_PROBE)
		judge_probes(run, &test->test->event.probe, variables, result);
	matcher_set_variables(matcher, NULL);
	process_tree_free(generator);
	json_decref(variables);
}

/* Run the generator while a listener reports its actions. */
static void run_listened(struct run *run, const struct suite_test *test, struct matcher *matcher,
			 struct result *result)
{
	json_t *notes;

	if (start_listener(run, test, result))
		run_generator(run, test, matcher, result);
	else if (!run->stopped)
		end_listener(run, &test->test->event, matcher, result);
	listener_end(run->listener);
	if (result->outcome == TEST_FAIL) {
		notes = listener_notes(run->listener);
		json_array_extend(result->details, notes);
		json_decref(notes);
	}
	if (result->outcome == TEST_FAIL || run->keep_events)
		listener_write_events(run->listener, run->records, test->name);
}

static int bind(struct run *run, const struct test *test, struct matcher **matcher,
		struct parse_error *error)
{
	int err;

	if (test->kind == TEST_PROBE)
		return collector_bind(run->collector, &test->event, matcher, error);
	err = listener_new(&test->event, &run->listener);
	return err ? err : listener_bind(run->listener, matcher, error);
}

static void run_load_test(struct run *run, const struct suite_test *test, struct result *result)
{
	json_t *failures = load_only(test, run->records);

	for (size_t i = 0; i < json_array_size(failures); i++)
		fail(result, "%s", json_string_value(json_array_get(failures, i)));
	json_decref(failures);
}

static void run_event_test(struct run *run, const struct suite_test *test, struct result *result)
{
	struct parse_error error = { 0 };
	struct matcher *matcher = NULL;
	char cause[REASON_SIZE];

	if (test->test->kind == TEST_PROBE &&
	    collector_prepare(run->collector, run->suite, test, cause, sizeof(cause))) {
		fail(result, "%s", cause);
		return;
	}
	if (bind(run, test->test, &matcher, &error)) {
		fail(result, "%s:%u:%u: %s", test->path, error.line, error.column, error.message);
		return;
	}
	if (run->listener)
		run_listened(run, test, matcher, result);
	else
		run_generator(run, test, matcher, result);
	matcher_free(matcher);
}

static void print_result(const struct suite_test *test, const struct result *result,
			 uint64_t duration_ms)
{
	printf("%s %s %llu ms%s%s\n", test_outcome_name(result->outcome), test->name,
	       (unsigned long long)duration_ms, result->reason[0] ? ": " : "", result->reason);
	for (size_t i = result->reason[0] != '\0'; i < json_array_size(result->details); i++)
		printf("     %s\n", json_string_value(json_array_get(result->details, i)));
	fflush(stdout);
}

/*
 * Repeat the test until the kernel skipped none of its programs, at most ATTEMPTS_MAX times; notes
 * say why.
 */
static void run_attempts(struct run *run, const struct suite_test *test, struct result *result)
{
	json_t *notes = json_array();
	char note[128];

	for (int attempt = 1;; attempt++) {
		run_event_test(run, test, result);
		if (result->outcome != TEST_FAIL || !result->losses.skipped || run->stopped ||
		    attempt == ATTEMPTS_MAX)
			break;
		snprintf(
			note, sizeof(note),
			"run %d proved nothing: the kernel skipped %llu run(s) of a program; it was run again",
			attempt, (unsigned long long)result->losses.skipped);
		json_array_append_new(notes, json_string(note));
		collector_end(run->collector);
		json_decref(result->details);
		*result = (struct result){ .outcome = TEST_PASS, .details = json_array() };
	}
	json_array_extend(result->details, notes);
	json_decref(notes);
}

static void run_kind(struct run *run, const struct suite_test *test, struct result *result)
{
	switch (test->test->kind) {
	case TEST_PROBE:
	case TEST_LISTEN:
		run_attempts(run, test, result);
		break;
	case TEST_PROGRAM:
		result->outcome = program_run(run, test, result->reason, sizeof(result->reason),
					      result->details);
		break;
	case TEST_LOAD:
		run_load_test(run, test, result);
		break;
	}
}

enum test_outcome run_test(struct run *run, const struct suite_test *test)
{
	struct result result = { .outcome = TEST_PASS, .details = json_array() };
	uint64_t start = clock_ms(), duration;

	if (!requires_met(test->test, result.reason, sizeof(result.reason)))
		result.outcome = TEST_SKIP;
	else
		run_kind(run, test, &result);
	duration = clock_ms() - start;
	if (result.outcome == TEST_FAIL || run->keep_events)
		collector_write_events(run->collector, test->name);
	collector_end(run->collector);
	listener_free(run->listener);
	run->listener = NULL;
	record_test(run->records, &(struct test_line){
					  .name = test->name,
					  .outcome = result.outcome,
					  .reason = result.reason[0] ? result.reason : NULL,
					  .details = result.details,
					  .duration_ms = (int64_t)duration,
					  .dropped = (int64_t)result.losses.dropped,
				  });
	print_result(test, &result, duration);
	json_decref(result.details);
	return result.outcome;
}
