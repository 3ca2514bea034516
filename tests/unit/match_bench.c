/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How many events a second one core matches against 50 expect blocks. Prints, and judges nothing:
 * what a machine does on a busy day is no test.
 *
 * Usage: match_bench [EVENTS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "match.h"
#include "sample_events.h"

#define BLOCKS 50

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "match_bench: %s\n", what);
	exit(1);
}

/* The same `lines` for 50 blocks; each %d is the block's number. */
static struct test *make_test(const char *type, const char *lines)
{
	char text[BLOCKS * 512] = "probe p\nrun g\n", *at = text + strlen(text);
	struct parse_error error;
	struct test *test;

	for (int i = 0; i < BLOCKS; i++) {
		at += sprintf(at, "expect %s as b%d\n", type, i);
		for (const char *c = lines; *c; c++)
			at += *c == '%' ? sprintf(at, "%d", i) : sprintf(at, "%c", *c);
	}
	if (test_parse(text, strlen(text), &test, &error))
		die(error.message);
	return test;
}

struct stream {
	struct fork_sample fork;
	struct exec_sample exec;
	struct exit_sample exit;
};

/* The number-th event; all are of the type `only` (0 fork, 1 exec, 2 exit), or with -1 each in turn. */
static size_t next_event(struct stream *stream, long number, int only, const void **data)
{
	stream->fork.child.tgid = (uint32_t)number;
	stream->exec.pids.tgid = (uint32_t)number;
	stream->exit.pids.tgid = (uint32_t)number;
	switch (only < 0 ? number % 3 : only) {
	case 0:
		*data = &stream->fork;
		return sizeof(stream->fork);
	case 1:
		*data = &stream->exec;
		return sizeof(stream->exec);
	default:
		*data = &stream->exit;
		return sizeof(stream->exit);
	}
}

static double time_stream(const struct test *test, const struct schema *schema, long events,
			  int only)
{
	struct stream stream = {
		.fork = fork_sample(1, 2),
		.exec = exec_sample(1, "/usr/bin/something/that/is/long"),
		.exit = exit_sample(1, 0),
	};
	struct parse_error error;
	struct matcher *matcher;
	json_t *details;
	double start;

	if (matcher_new(test, &schema, 1, &matcher, &error))
		die(error.message);
	start = now();
	for (long i = 0; i < events; i++) {
		const struct record_type *type;
		const void *data;
		size_t len = next_event(&stream, i, only, &data);

		type = schema_identify(schema, data, len);
		if (!type || matcher_feed(matcher, schema, type, data, len))
			die("feed");
	}
	matcher_finish(matcher, &details);
	json_decref(details);
	matcher_free(matcher);
	return now() - start;
}

/* What stands in the blocks, and their type, as next_event() counts them. */
static const struct row {
	const char *what, *type, *lines;
	int only;
} rows[] = {
	{ "numbers, first line misses", "fork", " child.tgid == 99999999%\n parent.tgid == 1\n",
	  0 },
	{ "numbers, last of three lines misses", "fork",
	  " parent.tgid == 1\n child.ppid in 1..5\n child.tgid == 99999999%\n", 0 },
	{ "text, second line misses", "exec",
	  " filename ~ \"*/is/long\"\n filename == \"/nowhere/%\"\n", 1 },
	{ "no line misses, nothing need be kept", "exit", " exit_code == 0\n pids.ppid == 0\n", 2 },
};

int main(int argc, char **argv)
{
	long events = argc > 1 ? strtol(argv[1], NULL, 10) : 1000000;
	struct btf *btf = sample_btf(NULL);
	struct schema *schema;
	char error[256];

	if (schema_new(btf, &schema, error, sizeof(error)))
		die(error);
	printf("%d expect blocks, %ld events; events/s when all events, and when a third of them,\n"
	       "are of the blocks' type:\n",
	       BLOCKS, events);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct test *test = make_test(rows[i].type, rows[i].lines);

		printf("%-40s %9.0f %9.0f\n", rows[i].what,
		       (double)events / time_stream(test, schema, events, rows[i].only),
		       (double)events / time_stream(test, schema, events, -1));
		test_free(test);
	}
	schema_free(schema);
	btf__free(btf);
	return 0;
}
