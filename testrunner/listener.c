// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Runs a program that prints events, and hands them over. */
#include "listener.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "columns.h"
#include "json_event.h"
#include "keeper.h"
#include "line_reader.h"

/* Read at a time, so that one who never stops printing does not keep us from all else. */
#define READ_BYTES (256 * 1024)

/* For the event records of a failed test. */
#define KEPT_EVENTS 256
#define KEPT_BYTES  (1024 * 1024)

#define WORDS_LINES 5
#define SHOWN_BYTES 200
#define OTHERS_MAX  8

/* A line that was no event: how many, and why the first was none. */
struct odd_lines {
	uint64_t count;
	char first[SHOWN_BYTES + 4], why[SHOWN_BYTES];
};

struct kept_line {
	char *type, *line;
	size_t len;
};

/* Events of a type that no block names. */
struct other_type {
	char name[64];
	uint64_t count;
};

struct listener {
	const struct test *test;
	const struct listening *spec;
	struct schema *schema;
	struct matcher *matcher; /* NULL: what comes is no event */
	struct keeper keeper;
	int out, err; /* read ends of its pipes, -1 when at their end */
	struct line_reader out_lines, err_lines;
	bool ready, stopped, killed, stuck;
	struct columns columns; /* `format columns` */
	int error;		/* of the matcher */
	struct odd_lines garbage, untyped, too_long;
	struct other_type others[OTHERS_MAX];
	size_t other_count;
	char *words[WORDS_LINES]; /* the last lines of stderr, the oldest first */
	struct kept_line kept[KEPT_EVENTS];
	size_t kept_count, kept_bytes;
};

/* As much of a line as a message can bear, in one line of ASCII or UTF-8. */
static void show_line(const char *line, size_t len, char *shown)
{
	struct value text = value_from_string(line, len);

	value_format(&text, shown, SHOWN_BYTES);
}

static void note_odd(struct odd_lines *odd, const char *line, size_t len, const char *why)
{
	if (odd->count++ > 0)
		return;
	show_line(line, len, odd->first);
	snprintf(odd->why, sizeof(odd->why), "%s", why);
}

static void note_other(struct listener *listener, const char *type)
{
	struct other_type *other = listener->others;

	while (other < &listener->others[listener->other_count] &&
	       strncmp(other->name, type, sizeof(other->name) - 1) != 0)
		other++;
	if (other == &listener->others[OTHERS_MAX])
		return;
	if (other == &listener->others[listener->other_count]) {
		snprintf(other->name, sizeof(other->name), "%.*s", (int)sizeof(other->name) - 1,
			 type);
		listener->other_count++;
	}
	other->count++;
}

static void keep_line(struct listener *listener, const char *type, const char *line, size_t len)
{
	struct kept_line *kept = &listener->kept[listener->kept_count];

	if (listener->kept_count == KEPT_EVENTS || listener->kept_bytes + len > KEPT_BYTES)
		return;
	*kept = (struct kept_line){ strdup(type), malloc(len + 1), len };
	if (!kept->type || !kept->line) {
		free(kept->type);
		free(kept->line);
		return;
	}
	memcpy(kept->line, line, len);
	listener->kept_count++;
	listener->kept_bytes += len;
}

/* The event's type, as text. False: it has none. */
static bool find_type(const struct listener *listener, const struct json_event *event, char *type,
		      size_t size)
{
	struct value value;

	if (listener->spec->type_name) {
		snprintf(type, size, "%s", listener->spec->type_name);
		return true;
	}
	json_event_read(event, listener->spec->type_field, &value);
	if (value.kind == VALUE_STRING && value.s.len < size &&
	    !memchr(value.s.data, '\0', value.s.len))
		snprintf(type, size, "%.*s", (int)value.s.len, value.s.data);
	else if (value.kind == VALUE_UINT && !value.name)
		snprintf(type, size, "%" PRIu64, value.u);
	else
		return false;
	return true;
}

static bool in_columns(const struct listener *listener)
{
	return listener->test->format == PROGRAM_COLUMNS;
}

static int parse_event(const struct listener *listener, const char *line, size_t len,
		       struct json_event **event, char *why, size_t why_size)
{
	if (in_columns(listener))
		return columns_parse(&listener->columns, line, len, event, why, why_size);
	return json_event_parse(line, len, event, why, why_size);
}

static void take_event(struct listener *listener, const char *line, size_t len)
{
	const struct record_type *record;
	struct json_event *event;
	char why[SHOWN_BYTES], type[256];
	int err = parse_event(listener, line, len, &event, why, sizeof(why));

	if (err == -EINVAL)
		note_odd(&listener->garbage, line, len, why);
	else if (err)
		listener->error = err;
	if (err)
		return;
	if (!find_type(listener, event, type, sizeof(type))) {
		note_odd(&listener->untyped, line, len, "");
	} else {
		record = schema_find(listener->schema, type);
		keep_line(listener, type, line, len);
		if (!record)
			note_other(listener, type);
		else
			listener->error =
				matcher_feed(listener->matcher, listener->schema, record, event, 0);
	}
	json_event_free(event);
}

static bool is_ready_line(const struct listener *listener, const char *line, size_t len)
{
	struct value text = value_from_string(line, len), pattern;

	if (!listener->spec->ready)
		return false;
	pattern = value_from_string(listener->spec->ready, strlen(listener->spec->ready));
	return value_holds(&text, OP_GLOB, &pattern, 1);
}

static void take_out(void *context, const char *line, size_t len, bool cut)
{
	struct listener *listener = context;
	bool ready = listener->ready, header = in_columns(listener) && !listener->columns.count;

	if (!ready)
		listener->ready = !listener->spec->ready || is_ready_line(listener, line, len);
	/* The header is the last line before it is ready, or the one that says so, or the next. */
	if (in_columns(listener) && (!ready || header)) {
		if (columns_set(&listener->columns, line, len))
			listener->error = -ENOMEM;
	} else if (!ready) {
		return;
	} else if (cut) {
		note_odd(&listener->too_long, line, len, "");
	} else if (len > 0 && listener->matcher && !listener->error) {
		take_event(listener, line, len);
	}
}

static void take_err(void *context, const char *line, size_t len, bool cut)
{
	struct listener *listener = context;
	char shown[SHOWN_BYTES + 4];

	(void)cut;
	if (!listener->ready)
		listener->ready = is_ready_line(listener, line, len);
	if (len == 0)
		return;
	show_line(line, len, shown);
	free(listener->words[0]);
	memmove(listener->words, listener->words + 1,
		(WORDS_LINES - 1) * sizeof(listener->words[0]));
	listener->words[WORDS_LINES - 1] = strdup(shown);
}

int listener_new(const struct test *test, struct listener **out)
{
	const char **names = calloc(test->block_count + 1, sizeof(*names));
	struct listener *listener = calloc(1, sizeof(*listener));
	int err = -ENOMEM;

	*out = NULL;
	for (size_t i = 0; names && i < test->block_count; i++)
		names[i] = test->blocks[i].event_type;
	if (names && listener)
		err = json_schema_new(names, test->block_count, &listener->schema);
	free(names);
	if (err) {
		free(listener);
		return err;
	}
	listener->test = test;
	listener->spec = &test->listening;
	listener->out = listener->err = listener->keeper.control = -1;
	listener->out_lines = (struct line_reader){ .fn = take_out, .context = listener };
	listener->err_lines = (struct line_reader){ .fn = take_err, .context = listener };
	*out = listener;
	return 0;
}

void listener_free(struct listener *listener)
{
	if (!listener)
		return;
	for (size_t i = 0; i < WORDS_LINES; i++)
		free(listener->words[i]);
	for (size_t i = 0; i < listener->kept_count; i++) {
		free(listener->kept[i].type);
		free(listener->kept[i].line);
	}
	line_reader_free(&listener->out_lines);
	line_reader_free(&listener->err_lines);
	columns_free(&listener->columns);
	schema_free(listener->schema);
	free(listener);
}

int listener_bind(const struct listener *listener, struct matcher **matcher,
		  struct parse_error *error)
{
	const struct schema *schema = listener->schema;

	return matcher_new(listener->test, &schema, 1, matcher, error);
}

int listener_check(const struct test *test, struct parse_error *error)
{
	struct listener *listener = NULL;
	struct matcher *matcher = NULL;
	int err = listener_new(test, &listener);

	if (!err)
		err = listener_bind(listener, &matcher, error);
	matcher_free(matcher);
	listener_free(listener);
	return err;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

int listener_start(struct listener *listener, const char *path, char *error, size_t error_size)
{
	int out[2] = { -1, -1 }, errors[2] = { -1, -1 }, err = 0;

	if (pipe2(out, O_CLOEXEC | O_NONBLOCK) < 0 || pipe2(errors, O_CLOEXEC | O_NONBLOCK) < 0) {
		err = -errno;
	} else {
		/* Its own ends must block as any program's do. */
		fcntl(out[1], F_SETFL, 0);
		fcntl(errors[1], F_SETFL, 0);
		err = keeper_start(&listener->keeper, path, listener->spec->argv, out[1],
				   errors[1]);
	}
	close_fd(&out[1]);
	close_fd(&errors[1]);
	listener->out = out[0];
	listener->err = errors[0];
	if (err)
		snprintf(error, error_size, "start listener %s: %s", path, strerror(-err));
	return err;
}

void listener_pollfds(const struct listener *listener, struct pollfd fds[LISTENER_FDS])
{
	fds[0] = (struct pollfd){ .fd = listener->out, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = listener->err, .events = POLLIN };
	/* Once it has told of the end it is readable no more, but for its own. */
	fds[2] = (struct pollfd){
		.fd = listener->keeper.ended ? -1 : listener->keeper.control,
		.events = POLLIN,
	};
}

static void read_pipe(int *fd, struct line_reader *lines)
{
	static char data[64 * 1024];
	ssize_t n = 1;

	for (size_t taken = 0; *fd >= 0 && taken<READ_BYTES; taken += n> 0 ? (size_t)n : 0) {
		n = read(*fd, data, sizeof(data));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return;
		if (n == 0) {
			line_reader_end(lines);
			close_fd(fd);
			return;
		}
		line_reader_take(lines, data, (size_t)n);
	}
}

void listener_read(struct listener *listener)
{
	/* In this order: what was printed before the end is read after it was told. */
	keeper_read(&listener->keeper);
	read_pipe(&listener->err, &listener->err_lines);
	read_pipe(&listener->out, &listener->out_lines);
}

bool listener_ready(const struct listener *listener)
{
	return listener->ready;
}

bool listener_set_up(const struct listener *listener)
{
	return listener->ready || listener->keeper.ended;
}

bool listener_drained(const struct listener *listener)
{
	return listener->keeper.ended && listener->out < 0 && listener->err < 0;
}

bool listener_failed(const struct listener *listener)
{
	return listener->too_long.count || listener->error || listener->keeper.error ||
	       (listener->keeper.ended && listener->keeper.status != 0 && listener->out < 0);
}

bool listener_over(const struct listener *listener)
{
	return listener_failed(listener) || listener_drained(listener);
}

void listener_begin(struct listener *listener, struct matcher *matcher)
{
	listener->matcher = matcher;
}

void listener_stop(struct listener *listener)
{
	keeper_read(&listener->keeper);
	if (listener->keeper.ended)
		return;
	listener->stopped = true;
	keeper_signal(&listener->keeper, listener->spec->stop_signal);
}

void listener_end(struct listener *listener)
{
	keeper_read(&listener->keeper);
	listener->killed = !listener_drained(listener);
	listener->stuck = keeper_end(&listener->keeper) < 0;
	/* Nobody writes any more, or somebody who cannot be killed. */
	while (!listener->stuck && (listener->out >= 0 || listener->err >= 0))
		listener_read(listener);
	close_fd(&listener->out);
	close_fd(&listener->err);
}

__attribute__((format(printf, 2, 3))) static void add(json_t *lines, const char *format, ...)
{
	char text[3 * SHOWN_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	json_array_append_new(lines, record_text(text));
}

/* "exited with 3: last line of stderr" */
static void add_ending(const struct listener *listener, json_t *lines, const char *when)
{
	int status = listener->keeper.status;
	const char *said = listener->words[WORDS_LINES - 1];

	if (WIFSIGNALED(status))
		add(lines, "the listener was killed by signal %d (%s) %s%s%s", WTERMSIG(status),
		    strsignal(WTERMSIG(status)), when, said ? ": " : "", said ? said : "");
	else
		add(lines, "the listener exited with %d %s%s%s", WEXITSTATUS(status), when,
		    said ? ": " : "", said ? said : "");
}

/* Of the signal that was sent, or with a status that says so, or with 0. */
static bool ended_well(const struct listener *listener)
{
	int status = listener->keeper.status, signal = listener->spec->stop_signal;

	if (WIFSIGNALED(status))
		return listener->stopped && WTERMSIG(status) == signal;
	return WEXITSTATUS(status) == 0 ||
	       (listener->stopped && WEXITSTATUS(status) == 128 + signal);
}

static void add_end(const struct listener *listener, json_t *lines, bool satisfied)
{
	const struct keeper *keeper = &listener->keeper;

	if (keeper->ended && keeper->error) {
		add(lines, "start listener %s: %s", listener->spec->argv[0],
		    strerror(keeper->error));
		return;
	}
	if (!keeper->ended && listener->stopped)
		add(lines,
		    "the listener did not end when it was sent %s: it was killed, and what "
		    "it had not printed is lost",
		    listener->spec->stop_name);
	else if (!ended_well(listener))
		add_ending(listener, lines,
			   listener->stopped ? "when it was stopped" :
			   listener->ready   ? "before it was stopped" :
					       "before it was ready");
	else if (!listener->stopped && listener->ready && !satisfied)
		add_ending(listener, lines, "before it was stopped");
	else if (!listener->stopped && !listener->ready)
		add_ending(listener, lines, "before it was ready");
	else if (listener->killed)
		add(lines, "processes that the listener left behind kept its output open: they "
			   "were killed, and what they had not printed is lost");
	if (listener->stuck)
		add(lines, "a process of the listener's cannot be killed");
}

static void add_odd(json_t *lines, const struct odd_lines *odd, const char *what)
{
	if (odd->count)
		add(lines, "%" PRIu64 " line(s) of the listener's stdout %s: %s%s%s", odd->count,
		    what, odd->first, odd->why[0] ? ": " : "", odd->why);
}

json_t *listener_failures(const struct listener *listener, bool satisfied)
{
	json_t *lines = json_array();
	const char *field = listener->spec->type_field;
	char untyped[160];

	snprintf(untyped, sizeof(untyped), "have no type in '%.100s', the first of them",
		 field ? field : "");
	add_end(listener, lines, satisfied);
	if (listener->error || listener->out_lines.failed)
		add(lines, "out of memory while reading the listener's events");
	add_odd(lines, &listener->too_long, "are longer than 1 MiB, the first begins with");
	add_odd(lines, &listener->garbage,
		in_columns(listener) ? "do not fit the header, the first of them" :
				       "are no JSON objects, the first of them");
	add_odd(lines, &listener->untyped, untyped);
	return lines;
}

json_t *listener_notes(const struct listener *listener)
{
	json_t *lines = json_array();
	char text[2 * SHOWN_BYTES] = "";
	size_t len = 0;

	for (size_t i = 0; i < listener->other_count && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%" PRIu64 " %s",
					i ? ", " : "", listener->others[i].count,
					listener->others[i].name);
	if (len > 0)
		add(lines, "of other types: %s", text);
	for (size_t i = 0; i < WORDS_LINES; i++) {
		if (listener->words[i])
			add(lines, "listener's stderr: %s", listener->words[i]);
	}
	return lines;
}

void listener_write_events(const struct listener *listener, struct record_writer *records,
			   const char *test)
{
	char ignored[8];

	for (size_t i = 0; i < listener->kept_count; i++) {
		const struct kept_line *kept = &listener->kept[i];
		struct json_event *event;
		json_t *fields;

		if (parse_event(listener, kept->line, kept->len, &event, ignored, sizeof(ignored)))
			continue;
		fields = json_event_record(event);
		json_event_free(event);
		if (fields)
			record_event(records, test, listener->spec->argv[0], kept->type, fields);
	}
}
