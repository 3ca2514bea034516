// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Splits a test program's output into lines for its format, keeps the end of it, and judges. */
#include "process/program_output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a line that is longer, the middle is left out: what it says of a test is at its ends. */
#define LINE_KEPT   8192
#define LINE_HEAD   4096
#define STREAM_KEPT 8192 /* of stdout and of stderr, for people */

struct stream {
	char line[LINE_KEPT + 1];
	size_t len;
	struct tail tail;
};

struct program_output {
	const struct output_format *format; /* NULL: its exit status says all */
	void *state;
	struct stream streams[2]; /* stdout, stderr */
	struct subtests subtests;
	size_t shows; /* the subtest that shows the ends of the streams, or SUBTEST_NONE */
};

bool line_starts(const char *line, const char *start)
{
	return strncmp(line, start, strlen(start)) == 0;
}

struct program_output *program_output_new(enum program_format format)
{
	static const struct output_format *const formats[] = {
		[PROGRAM_EXIT] = NULL,
		[PROGRAM_TAP] = &format_tap,
		[PROGRAM_GO] = &format_go,
		[PROGRAM_GTEST] = &format_gtest,
	};
	struct program_output *output = calloc(1, sizeof(*output));

	if (!output)
		return NULL;
	output->format = formats[format];
	output->shows = SUBTEST_NONE;
	output->streams[0].tail.max = output->streams[1].tail.max = STREAM_KEPT;
	if (output->format) {
		output->state = calloc(1, output->format->state_size);
		if (!output->state) {
			free(output);
			return NULL;
		}
	}
	return output;
}

static void end_line(struct program_output *output, bool is_stderr)
{
	struct stream *stream = &output->streams[is_stderr];
	void (*take)(void *state, struct subtests *subtests, const char *line, size_t len) =
		is_stderr ? output->format->error_line : output->format->line;

	if (stream->len && stream->line[stream->len - 1] == '\r')
		stream->len--;
	stream->line[stream->len] = '\0';
	for (char *at = stream->line, *end = at + stream->len;
	     (at = memchr(at, '\0', (size_t)(end - at)));)
		*at = '?';
	if (take)
		take(output->state, &output->subtests, stream->line, stream->len);
	stream->len = 0;
}

static void add_to_line(struct stream *stream, const char *data, size_t len)
{
	while (len) {
		size_t room = LINE_KEPT - stream->len, part = len < room ? len : room;

		memcpy(stream->line + stream->len, data, part);
		stream->len += part;
		data += part;
		len -= part;
		if (len) {
			size_t drop = (LINE_KEPT - LINE_HEAD) / 2;

			memmove(stream->line + LINE_HEAD, stream->line + LINE_HEAD + drop, drop);
			memcpy(stream->line + LINE_HEAD, " ... ", 5);
			stream->len = LINE_HEAD + drop;
		}
	}
}

void program_output_take(struct program_output *output, bool is_stderr, const char *data,
			 size_t len)
{
	struct stream *stream = &output->streams[is_stderr];
	const char *end = data + len, *newline;

	tail_add(&stream->tail, data, len);
	if (!output->format || (is_stderr && !output->format->error_line))
		return;
	while ((newline = memchr(data, '\n', (size_t)(end - data)))) {
		add_to_line(stream, data, (size_t)(newline - data));
		end_line(output, is_stderr);
		data = newline + 1;
	}
	add_to_line(stream, data, (size_t)(end - data));
}

static void add_streams(const struct program_output *output, json_t *details)
{
	tail_lines(&output->streams[1].tail, "stderr", details);
	tail_lines(&output->streams[0].tail, "stdout", details);
}

__attribute__((format(printf, 2, 3))) static void add_fault(struct program_verdict *verdict,
							    const char *format, ...)
{
	char text[1024], fault[sizeof(verdict->reason)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* The program's own words are in it. */
	subtests_say(fault, sizeof(fault), "%s", text);
	if (verdict->outcome != SUBTEST_FAIL)
		strcpy(verdict->reason, fault);
	verdict->outcome = SUBTEST_FAIL;
	json_array_append_new(verdict->details, json_string(fault));
}

/* Failures of the program itself, besides failed subtests. */
static void find_faults(const struct subtests *subtests, const struct program_end *end,
			size_t failed, struct program_verdict *verdict)
{
	if (end->failure && !(end->is_status && failed))
		add_fault(verdict, "%s%s", end->failure,
			  end->is_status && subtests->count ? ", yet none of its tests failed" :
							      "");
	if (subtests->problem[0])
		add_fault(verdict, "%s", subtests->problem);
	if (subtests->left_out)
		add_fault(verdict, "more than %d tests in its output: %zu were left out",
			  SUBTESTS_MAX, subtests->left_out);
	if (verdict->outcome != SUBTEST_FAIL && subtests->count == 0 && !subtests->skip_all[0])
		add_fault(verdict, "it ran no test%s%s", subtests->none[0] ? ": " : "",
			  subtests->none);
}

static const struct subtest *first_of(const struct subtests *subtests, enum subtest_outcome outcome,
				      size_t *index)
{
	for (*index = 0; *index < subtests->count; (*index)++)
		if (subtests->items[*index].outcome == outcome)
			return &subtests->items[*index];
	return NULL;
}

/* No fault of its own, and tests: they decide. */
static void count_subtests(struct program_output *output, size_t failed,
			   struct program_verdict *verdict)
{
	const struct subtests *subtests = &output->subtests;
	const struct subtest *first;
	size_t index;

	if (failed) {
		first = first_of(subtests, SUBTEST_FAIL, &index);
		verdict->outcome = SUBTEST_FAIL;
		subtests_say(verdict->reason, sizeof(verdict->reason),
			     "%zu of %zu tests failed, first %s: %s", failed, subtests->count,
			     first->name, first->reason ? first->reason : "failed");
		output->shows = index;
	} else if (subtests->count == 0) {
		verdict->outcome = SUBTEST_SKIP;
		strcpy(verdict->reason, subtests->skip_all);
	} else if (!subtests_count(subtests, SUBTEST_PASS)) {
		first = first_of(subtests, SUBTEST_SKIP, &index);
		verdict->outcome = SUBTEST_SKIP;
		subtests_say(verdict->reason, sizeof(verdict->reason),
			     "all %zu tests were skipped, first %s: %s", subtests->count,
			     first->name, first->reason ? first->reason : "no reason given");
	}
}

int program_output_judge(struct program_output *output, const struct program_end *end,
			 struct program_verdict *verdict)
{
	size_t failed;

	*verdict = (struct program_verdict){ .outcome = SUBTEST_PASS, .details = json_array() };
	if (!verdict->details)
		return -ENOMEM;
	if (output->format) {
		for (int i = 0; i < 2; i++)
			if (output->streams[i].len)
				end_line(output, i);
		output->format->end(output->state, &output->subtests, end->failure);
		subtests_abandon(&output->subtests, end->failure ? end->failure : "did not end");
		subtests_tell_apart(&output->subtests);
		failed = subtests_count(&output->subtests, SUBTEST_FAIL);
		find_faults(&output->subtests, end, failed, verdict);
		if (verdict->outcome != SUBTEST_FAIL)
			count_subtests(output, failed, verdict);
	} else if (end->failure) {
		add_fault(verdict, "%s", end->failure);
	}
	if (json_array_size(verdict->details))
		add_streams(output, verdict->details);
	return 0;
}

const struct subtests *program_output_subtests(const struct program_output *output)
{
	return &output->subtests;
}

json_t *program_output_details(const struct program_output *output, size_t index)
{
	const struct subtest *subtest = &output->subtests.items[index];
	json_t *details = json_array();

	if (subtest->outcome != SUBTEST_FAIL)
		return details;
	if (subtest->reason)
		json_array_append_new(details, json_string(subtest->reason));
	tail_lines(&subtest->output, NULL, details);
	if (index == output->shows)
		add_streams(output, details);
	return details;
}

void program_output_free(struct program_output *output)
{
	if (!output)
		return;
	subtests_free(&output->subtests);
	for (int i = 0; i < 2; i++)
		tail_free(&output->streams[i].tail);
	free(output->state);
	free(output);
}
