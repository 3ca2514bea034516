// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Runs a program that prints events, and hands them over. */
#include "process/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/line_reader.h"
#include "process/listened_lines.h"
#include "process/subreaper.h"

/* Read at a time, so that one who never stops printing does not keep us from all else. */
#define READ_BYTES (256 * 1024)

struct listener {
	const struct listen_part *spec;
	struct subreaper subreaper;
	int out, err; /* read ends of its pipes, -1 when at their end */
	struct line_reader out_reader, err_reader;
	struct listened_lines lines;
	bool stopped, killed, stuck;
};

int listener_new(const struct event_test *test, struct listener **out)
{
	struct listener *listener = calloc(1, sizeof(*listener));

	*out = NULL;
	if (!listener || lines_open(&listener->lines, test)) {
		free(listener);
		return -ENOMEM;
	}
	listener->spec = &test->listen;
	listener->out = listener->err = listener->subreaper.control = -1;
	listener->out_reader =
		(struct line_reader){ .fn = lines_take_out, .context = &listener->lines };
	listener->err_reader =
		(struct line_reader){ .fn = lines_take_err, .context = &listener->lines };
	*out = listener;
	return 0;
}

void listener_free(struct listener *listener)
{
	if (!listener)
		return;
	line_reader_free(&listener->out_reader);
	line_reader_free(&listener->err_reader);
	lines_close(&listener->lines);
	free(listener);
}

int listener_bind(const struct listener *listener, struct matcher **matcher,
		  struct parse_error *error)
{
	const struct schema *schema = listener->lines.schema;

	return matcher_new(listener->lines.test, &schema, 1, matcher, error);
}

int listener_check(const struct event_test *test, struct parse_error *error)
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
		err = subreaper_start(&listener->subreaper, path, listener->spec->argv, out[1],
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
	/* After the report of the program's end, the socket becomes readable only at its own end. */
	fds[2] = (struct pollfd){
		.fd = listener->subreaper.ended ? -1 : listener->subreaper.control,
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
	subreaper_read(&listener->subreaper);
	read_pipe(&listener->err, &listener->err_reader);
	read_pipe(&listener->out, &listener->out_reader);
}

bool listener_ready(const struct listener *listener)
{
	return listener->lines.ready;
}

bool listener_set_up(const struct listener *listener)
{
	return listener->lines.ready || listener->subreaper.ended;
}

bool listener_drained(const struct listener *listener)
{
	return listener->subreaper.ended && listener->out < 0 && listener->err < 0;
}

bool listener_failed(const struct listener *listener)
{
	return listener->lines.too_long.count || listener->lines.error ||
	       listener->subreaper.error ||
	       (listener->subreaper.ended && listener->subreaper.status != 0 && listener->out < 0);
}

bool listener_over(const struct listener *listener)
{
	return listener_failed(listener) || listener_drained(listener);
}

void listener_begin(struct listener *listener, struct matcher *matcher)
{
	listener->lines.matcher = matcher;
}

void listener_stop(struct listener *listener)
{
	subreaper_read(&listener->subreaper);
	if (listener->subreaper.ended)
		return;
	listener->stopped = true;
	subreaper_signal(&listener->subreaper, listener->spec->stop_signal);
}

void listener_end(struct listener *listener)
{
	subreaper_read(&listener->subreaper);
	listener->killed = !listener_drained(listener);
	listener->stuck = subreaper_end(&listener->subreaper) < 0;
	/* Nobody writes any more, or somebody who cannot be killed. */
	while (!listener->stuck && (listener->out >= 0 || listener->err >= 0))
		listener_read(listener);
	close_fd(&listener->out);
	close_fd(&listener->err);
}

/* "exited with 3: last line of stderr" */
static void add_ending(const struct listener *listener, json_t *lines, const char *when)
{
	int status = listener->subreaper.status;
	const char *said = lines_last_word(&listener->lines);

	if (WIFSIGNALED(status))
		lines_add(lines, "the listener was killed by signal %d (%s) %s%s%s",
			  WTERMSIG(status), strsignal(WTERMSIG(status)), when, said ? ": " : "",
			  said ? said : "");
	else
		lines_add(lines, "the listener exited with %d %s%s%s", WEXITSTATUS(status), when,
			  said ? ": " : "", said ? said : "");
}

/* Of the signal that was sent, or with a status that says so, or with 0. */
static bool ended_well(const struct listener *listener)
{
	int status = listener->subreaper.status, signal = listener->spec->stop_signal;

	if (WIFSIGNALED(status))
		return listener->stopped && WTERMSIG(status) == signal;
	return WEXITSTATUS(status) == 0 ||
	       (listener->stopped && WEXITSTATUS(status) == 128 + signal);
}

static void add_end(const struct listener *listener, json_t *lines, bool satisfied)
{
	const struct subreaper *subreaper = &listener->subreaper;

	if (subreaper->ended && subreaper->error) {
		lines_add(lines, "start listener %s: %s", listener->spec->argv[0],
			  strerror(subreaper->error));
		return;
	}
	if (!subreaper->ended && listener->stopped)
		lines_add(lines,
			  "the listener did not end when it was sent %s: it was killed, and what "
			  "it had not printed is lost",
			  listener->spec->stop_name);
	else if (!ended_well(listener))
		add_ending(listener, lines,
			   listener->stopped	 ? "when it was stopped" :
			   listener->lines.ready ? "before it was stopped" :
						   "before it was ready");
	else if (!listener->stopped && listener->lines.ready && !satisfied)
		add_ending(listener, lines, "before it was stopped");
	else if (!listener->stopped && !listener->lines.ready)
		add_ending(listener, lines, "before it was ready");
	else if (listener->killed)
		lines_add(lines,
			  "processes that the listener left behind kept its output open: they "
			  "were killed, and what they had not printed is lost");
	if (listener->stuck)
		lines_add(lines, "a process of the listener's cannot be killed");
}

json_t *listener_failures(const struct listener *listener, bool satisfied)
{
	json_t *lines = json_array();

	add_end(listener, lines, satisfied);
	if (listener->out_reader.failed)
		lines_add(lines, "out of memory while reading the listener's stdout");
	lines_add_failures(&listener->lines, lines);
	return lines;
}

json_t *listener_notes(const struct listener *listener)
{
	json_t *lines = json_array();

	lines_add_notes(&listener->lines, lines);
	return lines;
}

void listener_write_events(const struct listener *listener, struct record_writer *records,
			   const char *test)
{
	lines_write_events(&listener->lines, records, test);
}
