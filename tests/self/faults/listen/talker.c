// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Prints events as lines of JSON, in all the wrong ways. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

#define FLOOD_BYTES (100 * 1000 * 1000)

static char teller[16];

static void say(const char *text)
{
	size_t len = strlen(text);
	ssize_t n;

	for (; len > 0; text += n, len -= (size_t)n) {
		n = write(STDOUT_FILENO, text, len);
		if (n < 0)
			die("write: %m");
	}
}

static void event(const char *kind)
{
	char line[256];

	snprintf(line, sizeof(line),
		 "{\"event\": {\"kind\": \"%s\"}, \"pid\": %s, \"size\": 18446744073709551615, "
		 "\"args\": [\"a\", \"b c\"], \"ratio\": 0.5}\n",
		 kind, teller);
	say(line);
}

static void make_gate(void)
{
	unlink("gate");
	if (mkfifo("gate", 0600) < 0)
		die("mkfifo: %m");
}

/* Until the generator runs. */
static void await_teller(void)
{
	int gate = open("gate", O_RDONLY);

	if (gate < 0 || read(gate, teller, sizeof(teller) - 1) <= 0)
		die("gate: %m");
	close(gate);
}

/* Ready, and the generator runs. */
static void begin(void)
{
	make_gate();
	say("{\"ready\": true}\n");
	await_teller();
}

static void await_stop(void)
{
	sigset_t stop;
	int signal;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigwait(&stop, &signal);
}

static void be_good(void)
{
	begin();
	event("FORK");
	event("EXEC");
	event("EXEC");
	await_stop();
	event("BYE");
}

/* Lines before the ready line do not count; the ready line is on stderr. */
static void be_ready_on_stderr(void)
{
	make_gate();
	say("loading...\n{\"event\": {\"kind\": \"BAD\"}}\n");
	fprintf(stderr, "attaching\n3 probes attached\n");
	await_teller();
	event("FORK");
	await_stop();
}

static void say_garbage(void)
{
	begin();
	say("Segmentation fault\n\n{\"event\":\n");
	event("FORK");
	await_stop();
}

static void say_untyped(void)
{
	begin();
	event("FORK");
	say("{\"event\": {\"kynd\": \"FORK\"}}\n");
	await_stop();
}

static void say_nothing(void)
{
	fprintf(stderr, "waiting for a licence\n");
	await_stop();
}

static void exit_at_once(void)
{
	fprintf(stderr, "libbpf: cannot attach\nfailed to start: No such file\n");
	exit(3);
}

static void exit_early(void)
{
	begin();
	fprintf(stderr, "out of cheese\n");
	exit(4);
}

static void crash(void)
{
	begin();
	event("FORK");
	fprintf(stderr, "about to crash\n");
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void end_by_itself(void)
{
	begin();
	event("FORK");
}

static void fail_at_the_end(void)
{
	be_good();
	fprintf(stderr, "3 events were lost\n");
	exit(5);
}

static void flood(void)
{
	static char line[1024], block[100 * sizeof(line)];

	snprintf(line, sizeof(line),
		 "{\"event\": {\"kind\": \"NOISE\"}, \"n\": 12345678, \"text\": \"%0*d\"}\n",
		 (int)sizeof(line) - 57, 0);
	for (size_t i = 0; i < 100; i++)
		strcat(block, line);
	begin();
	for (size_t said = 0; said < FLOOD_BYTES; said += strlen(block))
		say(block);
	event("FORK");
	await_stop();
}

static void never_end(void)
{
	begin();
	event("FORK");
	for (;;)
		event("NOISE");
}

static void end_when_killed(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	never_end();
}

/* A process that outlives it, in a session of its own. */
static void leave_daemon(bool quiet)
{
	if (fork_or_die() > 0)
		return;
	setsid();
	if (quiet) {
		close(STDOUT_FILENO);
		close(STDERR_FILENO);
	}
	for (;;)
		pause();
}

static void leave_quiet_daemon(void)
{
	begin();
	leave_daemon(true);
	event("FORK");
	await_stop();
}

static void leave_loud_daemon(void)
{
	begin();
	leave_daemon(false);
	event("FORK");
	await_stop();
}

/* The decisive line comes last. */
static void count_late(void)
{
	begin();
	event("EXEC");
	event("EXEC");
	await_stop();
	event("EXEC");
}

static void say_long(void)
{
	begin();
	event("FORK");
	say("{\"long\": \"");
	for (int i = 0; i < 2048; i++) {
		char block[1025];

		memset(block, 'x', sizeof(block) - 1);
		block[sizeof(block) - 1] = '\0';
		say(block);
	}
	say("\"}\n");
	await_stop();
}

/* No newline at the end is no harm; half a line is. */
static void end_in_line(void)
{
	begin();
	await_stop();
	say("{\"event\": {\"kind\": \"FORK\"}}");
}

static void end_in_half_a_line(void)
{
	begin();
	event("FORK");
	await_stop();
	say("{\"event\": {\"kind\": \"EX");
}

/* As bcc's tools do. */
static void say_columns(void)
{
	char row[128];

	make_gate();
	say("Tracing execs... Hit Ctrl-C to end.\n");
	say("TIME(s) PCOMM            PID    RET ARGS\n");
	await_teller();
	snprintf(row, sizeof(row), "0.012   cat              %-6s   0 /bin/cat  \"a b\"\n", teller);
	say(row);
	snprintf(row, sizeof(row), "0.013   dog              %-6s  -2\n", teller);
	say(row);
	await_stop();
	say("0.014\n");
}

static const struct mode {
	const char *name;
	void (*run)(void);
} modes[] = {
	{ "good", be_good },
	{ "ready_on_stderr", be_ready_on_stderr },
	{ "garbage", say_garbage },
	{ "untyped", say_untyped },
	{ "nothing", say_nothing },
	{ "exit_at_once", exit_at_once },
	{ "exit_early", exit_early },
	{ "crash", crash },
	{ "end_by_itself", end_by_itself },
	{ "fail_at_the_end", fail_at_the_end },
	{ "flood", flood },
	{ "never_end", never_end },
	{ "end_when_killed", end_when_killed },
	{ "quiet_daemon", leave_quiet_daemon },
	{ "loud_daemon", leave_loud_daemon },
	{ "count_late", count_late },
	{ "long", say_long },
	{ "end_in_line", end_in_line },
	{ "end_in_half_a_line", end_in_half_a_line },
	{ "columns", say_columns },
};

int main(int argc, char **argv)
{
	const struct mode *mode = FIND_MODE(modes, argc > 1 ? argv[1] : "");
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigprocmask(SIG_BLOCK, &stop, NULL);
	mode->run();
	return 0;
}
