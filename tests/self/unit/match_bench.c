/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How many records a second of one core's time are identified, decoded and matched against 50 expect
 * and refuse blocks, and in how much memory. Judges nothing but the verdicts: what a machine does
 * on a busy day is no test.
 *
 * Usage: event_engine [RECORDS [MIX]]
 *   RECORDS   in a stream (1000000); memory is looked at for ten times as many, too
 *   MIX       only this one
 * Prints a line for each mix: its name, events a second, peak resident KiB with RECORDS, and with
 * ten times RECORDS.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "match/match.h"
#include "sample_events.h"

#define BLOCKS 50
#define FIRST  10 /* copies are counted from, so that all have numbers of two digits */

/* Ids go round, as the kernel's do; here soon enough for a short stream. */
#define PIDS 8192

static const struct mix {
	const char *name;
	long copies; /* so many times `blocks` make the 50; each % in it is the copy's number */
	const char *blocks;
	const char *records; /* in turn: fork, eXec, Exit */
	bool fails;
} mixes[] = {
	/* The constants that lines ask for come at the end only: until then every block is missed. */
	{ "numbers", 50, "expect fork as b%\n child.tgid == 1000%\n parent.tgid == 1\n", "f",
	  false },
	{ "numbers_last_line", 50,
	  "expect fork as b%\n parent.tgid == 1\n child.ppid in 1..5\n child.tgid == 1000%\n", "f",
	  false },
	{ "numbers_far_off", 50,
	  "expect fork as b%\n child.tgid == 1000%\n child.tid == 1000%\n parent.tgid == 1\n", "f",
	  false },
	{ "three_types", 50, "expect fork as b%\n parent.tgid == 1\n child.tgid == 1000%\n", "fxe",
	  false },
	{ "text", 50,
	  "expect exec as b%\n filename ~ \"/usr/*\"\n filename == \"/usr/nowhere/%\"\n", "x",
	  false },
	{ "globs", 50, "expect exec as b%\n pids.ppid == 1\n filename ~ \"*/nowhere/%\"\n", "x",
	  false },
	{ "globs_inside", 50, "expect exec as b%\n pids.ppid == 1\n filename ~ \"*nowhere/%*\"\n",
	  "x", false },
	{ "all_hold", 50, "expect exit as b%\n exit_code < 100\n pids.ppid == 1\n", "e", false },
	/* The verdict is known when the last record has arrived. */
	{ "variables", 50,
	  "expect fork as b%\n parent.tgid == $parent\n child.tgid == $pid[%]\n child.tid == $pid[%]\n",
	  "f", false },
	{ "variables_text", 50, "expect exec as b%\n pids.tgid == $pid[%]\n filename == $file[%]\n",
	  "x", false },
	{ "variables_refused", 25,
	  "expect exec as b%\n pids.tgid == $pid[%]\n filename == $file[%]\n"
	  "refuse exec\n pids.tgid == $pid[%]\n filename != $file[%]\n",
	  "x", false },
	{ "order", 50, "then expect fork as b%\n parent.tgid == 1\n", "f", false },
	{ "references", 25,
	  "expect fork as f%\n parent.tgid == 1\nexpect exec as x%\n pids.tgid == f%.child.tgid\n",
	  "fx", false },
	{ "order_references_variables", 25,
	  "expect fork as f%\n parent.tgid == $parent\n child.tgid == $pid[%]\n"
	  "then expect exit as e%\n pids.tgid == f%.child.tgid\n exit_code == %\n",
	  "fxe", false },
	/* No two records are alike, and nothing tells which will matter: there is an end to that. */
	{ "too_much", 50, "expect fork as b%\n child.start_ns == $start\n", "f", true },
};

static void die(const char *what)
{
	fprintf(stderr, "event_engine: %s\n", what);
	exit(1);
}

static struct test *make_test(const struct mix *mix)
{
	char text[BLOCKS * 512] = "probe p\nrun g\n", *at = text + strlen(text);
	struct parse_error error;
	struct test *test;

	for (int i = 0; i < mix->copies; i++) {
		const char *blocks = mix->blocks;

		/* Nothing is before the first. */
		if (i == 0 && strncmp(blocks, "then ", 5) == 0)
			blocks += 5;
		for (; *blocks; blocks++)
			at += sprintf(at, *blocks == '%' ? "%d" : "%c",
				      *blocks == '%' ? FIRST + i : *blocks);
	}
	if (test_parse(text, strlen(text), &test, &error))
		die(error.message);
	return test;
}

static json_t *make_variables(void)
{
	json_t *variables =
		json_pack("{s:i,s:i,s:[],s:[]}", "parent", 1, "start", 1, "pid", "file");

	for (int i = 0; i < FIRST + BLOCKS; i++) {
		json_array_append_new(json_object_get(variables, "pid"), json_integer(100000 + i));
		json_array_append_new(json_object_get(variables, "file"),
				      json_sprintf("/usr/nowhere/%d", i));
	}
	return variables;
}

struct stream {
	struct matcher *matcher;
	const struct schema *schema;
	struct fork_sample fork;
	struct exec_sample exec;
	struct exit_sample exit;
};

static void feed(struct stream *stream, char kind)
{
	const struct event_type *type;
	const void *data = &stream->fork;
	size_t len = sizeof(stream->fork);

	if (kind == 'x') {
		data = &stream->exec;
		len = sizeof(stream->exec);
	} else if (kind == 'e') {
		data = &stream->exit;
		len = sizeof(stream->exit);
	}
	type = schema_identify(stream->schema, data, len);
	if (!type || matcher_feed(stream->matcher, stream->schema, type, data, len))
		die("feed");
}

static void set_pid(struct stream *stream, uint32_t pid)
{
	stream->fork.child.tid = stream->fork.child.tgid = pid;
	stream->exec.pids.tgid = pid;
	stream->exit.pids.tgid = pid;
}

static void feed_stream(struct stream *stream, const char *records, long count)
{
	size_t turns = strlen(records);

	stream->fork = fork_sample(1, 2);
	stream->exec = exec_sample(1, "/usr/bin/something/that/is/long/000");
	stream->exit = exit_sample(1, 0);
	stream->exec.pids.ppid = stream->exit.pids.ppid = 1;
	for (long i = 0, turn = i; i < count; i++, turn = i / (long)turns) {
		char *digits = (char *)stream->exec.bytes + stream->exec.filename.len - 4;

		set_pid(stream, 1000 + (uint32_t)turn % PIDS);
		stream->fork.child.start_ns = (uint64_t)i;
		digits[1] = (char)('0' + turn % PIDS / 10 % 10);
		digits[2] = (char)('0' + turn % PIDS % 10);
		feed(stream, records[(size_t)i % turns]);
	}
}

/* The event that every block waits for. */
static void feed_wanted(struct stream *stream, const char *records)
{
	for (int i = FIRST; i < FIRST + BLOCKS; i++) {
		char name[64];

		sprintf(name, "/usr/nowhere/%d", i);
		stream->exec = exec_sample(1, name);
		stream->exec.pids.ppid = 1;
		stream->exit.exit_code = i;
		set_pid(stream, 100000 + (uint32_t)i);
		for (const char *kind = records; *kind; kind++)
			feed(stream, *kind);
	}
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Returns events a second, from the records' first byte to the verdict. */
static double run(const struct mix *mix, const struct schema *schema, long count)
{
	struct stream stream = { .schema = schema };
	json_t *variables = make_variables(), *details;
	struct test *test = make_test(mix);
	struct parse_error error;
	double start, took;

	if (matcher_new(&test->event, &schema, 1, &stream.matcher, &error))
		die(error.message);
	start = seconds();
	feed_stream(&stream, mix->records, count);
	feed_wanted(&stream, mix->records);
	matcher_set_variables(stream.matcher, variables);
	if (matcher_finish(stream.matcher, &details) == mix->fails) {
		json_dumpf(details, stderr, JSON_INDENT(1));
		die(mix->name);
	}
	took = seconds() - start;
	json_decref(details);
	matcher_free(stream.matcher);
	test_free(test);
	json_decref(variables);
	return (double)count / took;
}

/* In a process of its own, whose peak memory is its own. */
static double run_apart(const struct mix *mix, const struct schema *schema, long count,
			long *peak_kb)
{
	struct rusage usage;
	double rate = 0;
	int out[2], status;
	pid_t child;

	if (pipe(out))
		die("pipe");
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0) {
		rate = run(mix, schema, count);
		_exit(write(out[1], &rate, sizeof(rate)) != sizeof(rate));
	}
	close(out[1]);
	if (read(out[0], &rate, sizeof(rate)) != sizeof(rate) ||
	    wait4(child, &status, 0, &usage) != child || status != 0)
		exit(1);
	close(out[0]);
	*peak_kb = usage.ru_maxrss;
	return rate;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000, peak, peak_of_ten;
	struct btf *btf = sample_btf(NULL);
	struct schema *schema;
	char error[256];

	if (schema_new(btf, &schema, error, sizeof(error)))
		die(error);
	for (size_t i = 0; i < sizeof(mixes) / sizeof(mixes[0]); i++) {
		double rate;

		if (argc > 2 && strcmp(argv[2], mixes[i].name) != 0)
			continue;
		rate = run_apart(&mixes[i], schema, count, &peak);
		run_apart(&mixes[i], schema, 10 * count, &peak_of_ten);
		printf("%s %.0f %ld %ld\n", mixes[i].name, rate, peak, peak_of_ten);
		fflush(stdout);
	}
	schema_free(schema);
	btf__free(btf);
	return 0;
}
