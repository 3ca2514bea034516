// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The end of the console and QEMU's events: what is found in them, and that any bytes are borne. */
#include "report_guest.h"

#include "host/report/console.h"
#include "host/report/machine.h"

static struct console parse(const char *text)
{
	struct console console;

	console_parse(text, strlen(text), &console);
	return console;
}

static void finds_the_panic(void **state)
{
	struct console console = parse(
		"[    0.00] Linux\r\n"
		"[    1.00][    T1] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!\r\n"
		"[    2.00] Kernel panic - not syncing: softlockup: hung tasks\r\n"
		"[    2.10] CPU: 0 PID: 1\r\n"
		"[    2.20] ---[ end Kernel panic - not syncing: softlockup: hung tasks ]---\r\n");

	(void)state;
	assert_string_equal(console.panic, "Kernel panic - not syncing: softlockup: hung tasks");
	assert_has(console.last_line, "end Kernel panic");
}

static void finds_the_oops(void **state)
{
	struct console console = parse(
		"[    1.00] BUG: first\n[    1.0] BUG: second\n[    2.0] Kernel panic - not syncing: Fatal\n");

	(void)state;
	assert_string_equal(console.oops, "BUG: second");
	console = parse("a payload says BUG: no\n");
	assert_string_equal(console.oops, "");
	console = parse("[    1.00] Oops: 0000 [#1]\n");
	assert_string_equal(console.oops, "Oops: 0000 [#1]");
}

/* Two panics: the last is this machine's end. */
static void last_panic_counts(void **state)
{
	struct console console = parse("Kernel panic - not syncing: printed by a payload\n"
				       "[    2.0] Kernel panic - not syncing: true\n");

	(void)state;
	assert_string_equal(console.panic, "Kernel panic - not syncing: true");
}

static void last_line(void **state)
{
	(void)state;
	assert_string_equal(parse("").last_line, "");
	assert_string_equal(parse("\r\n \r\n\x1b[0m\r\n").last_line, "");
	assert_string_equal(parse("one\r\n\x1b[1;31mtwo\x1b[0m  \r\n\r\n").last_line, "two");
	assert_string_equal(parse("without an end").last_line, "without an end");
	assert_string_equal(parse("a\tb").last_line, "a b");
	/* A sequence that the end of the data, or of the line, cuts. */
	assert_string_equal(parse("x\x1b").last_line, "x");
	assert_string_equal(parse("x\x1b[").last_line, "x");
	assert_string_equal(parse("x\x1b[31").last_line, "x");
}

static void binary(void **state)
{
	char noise[4096];
	struct console console;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * 7919 >> 3);
	console_parse(noise, sizeof(noise), &console);
	assert_ptr_equal(console.shown, noise);
	assert_int_equal(console.shown_len, sizeof(noise));
}

/* One endless line, and one of exactly the room there is. */
static void long_lines(void **state)
{
	char *text = malloc(CONSOLE_TAIL_MAX);
	struct console console;

	(void)state;
	memset(text, 'x', CONSOLE_TAIL_MAX);
	console_parse(text, CONSOLE_TAIL_MAX, &console);
	assert_true(strlen(console.last_line) < sizeof(console.last_line));
	assert_int_equal(console.shown_len, CONSOLE_SHOWN_MAX);
	assert_ptr_equal(console.shown + console.shown_len, text + CONSOLE_TAIL_MAX);
	text[CONSOLE_TAIL_MAX - 5] = '\n';
	console_parse(text, CONSOLE_TAIL_MAX, &console);
	assert_string_equal(console.last_line, "xxxx");
	assert_int_equal(console.shown_len, 4);
	free(text);
}

/* The report shows the end, in whole lines, up to a limit. */
static void shown_part(void **state)
{
	char *text = NULL;
	struct console console;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	for (int i = 0; i < 2000; i++)
		fprintf(out, "line %d of the console\n", i);
	fclose(out);
	console_parse(text, len, &console);
	assert_true(console.shown_len <= CONSOLE_SHOWN_MAX &&
		    console.shown_len > CONSOLE_SHOWN_MAX - 64);
	assert_memory_equal(console.shown, "line ", 5);
	assert_ptr_equal(console.shown + console.shown_len, text + len);
	free(text);
}

static void machine_ends(void **state)
{
	static const struct {
		const char *text;
		enum machine_end end;
	} cases[] = {
		{ "", MACHINE_UNKNOWN },
		{ "{\"QMP\":{}}\n{\"return\":{}}\n", MACHINE_UNKNOWN },
		{ QMP_OFF, MACHINE_OFF },
		{ QMP_RESET, MACHINE_RESET },
		{ QMP_SIGNAL, MACHINE_STOPPED },
		{ "{\"event\":\"RESET\",\"data\":{\"guest\":true,\"reason\":\"guest-reset\"}}\n" QMP_SIGNAL,
		  MACHINE_RESET },
		{ "{\"event\":\"RESET\",\"data\":{\"guest\":false,\"reason\":\"host-qmp-system-reset\"}}\n" QMP_OFF,
		  MACHINE_OFF },
		{ "{\"event\":\"GUEST_PANICKED\"}\n" QMP_OFF, MACHINE_PANIC },
		{ "{\"event\":\"SHUTDOWN\",\"data\":{\"reason\":\"host-error\"}}",
		  MACHINE_HOST_ERROR },
		{ "{\"event\":\"SHUTDOWN\",\"data\":{\"reason\":\"of a later QEMU\"}}\n",
		  MACHINE_UNKNOWN },
		{ "{\"event\":\"SHUTDOWN\"}\n{\"event\":7}\n[]\n\xff\n{\n" QMP_OFF, MACHINE_OFF },
	};
	struct machine machine;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		machine_parse(cases[i].text, strlen(cases[i].text), &machine);
		if (machine.end != cases[i].end)
			fail_msg("%s: got %d, want %d", cases[i].text, machine.end, cases[i].end);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_panic),
		cmocka_unit_test(finds_the_oops),
		cmocka_unit_test(last_panic_counts),
		cmocka_unit_test(last_line),
		cmocka_unit_test(binary),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(shown_part),
		cmocka_unit_test(machine_ends),
	};

	return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
