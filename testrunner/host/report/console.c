// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds the panic, the oops before it and the last line in the end of a console log. */
#include "host/report/console.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define PANIC "Kernel panic - not syncing: "

/* Where these stand at the start of a line, after the time stamp, an oops begins. */
static const char *const oops_starts[] = {
	"BUG: ",	   "Oops: ",	       "general protection fault",
	"kernel BUG at ",  "Internal error: ", "Unable to handle kernel ",
	"Out of memory: ", "INFO: task ",      "watchdog: BUG: ",
	"rcu: INFO: ",	   "EXT4-fs error",    "VFS: Cannot open root device",
};

/* Without escape sequences and other unprintables, so that the words of a coloured line are found.
 */
static void line_clean(const char *line, size_t len, char *clean, size_t size)
{
	const char *at = line, *end = line + len;
	size_t used = 0;

	while (at < end && used + 4 < size) {
		const char *start = at;
		int32_t code_point = text_next(&at, end);

		/* ESC [ parameters letter */
		if (code_point == 0x1b && at < end && *at == '[') {
			for (at++; at < end && (unsigned char)*at < 0x40; at++)
				;
			at += at < end;
			continue;
		}
		if (code_point == '\t')
			clean[used++] = ' ';
		if (text_is_unsafe(code_point))
			continue;
		memcpy(clean + used, start, (size_t)(at - start));
		used += (size_t)(at - start);
	}
	while (used && clean[used - 1] == ' ')
		used--;
	clean[used] = '\0';
}

/* Past "[    1.234567] " and, with CONFIG_PRINTK_CALLER, "[    T1] ". */
static const char *skip_time(const char *line)
{
	for (int i = 0; i < 2 && line[0] == '['; i++) {
		size_t inside = strspn(line + 1, " 0123456789.TC");

		if (line[1 + inside] != ']' || line[2 + inside] != ' ')
			break;
		line += inside + 3;
	}
	return line;
}

static bool starts_oops(const char *line)
{
	for (size_t i = 0; i < sizeof(oops_starts) / sizeof(oops_starts[0]); i++)
		if (!strncmp(line, oops_starts[i], strlen(oops_starts[i])))
			return true;
	return false;
}

static void line_take(struct console *console, const char *line, size_t len)
{
	static const char tail[] = " ]---";
	char clean[sizeof(console->panic)];
	const char *text, *panic;
	size_t used;

	line_clean(line, len, clean, sizeof(clean));
	if (!clean[0])
		return;
	memcpy(console->last_line, clean, sizeof(clean));
	text = skip_time(clean);
	panic = strstr(text, PANIC);
	if (panic) {
		used = strlen(panic);
		memmove(console->panic, panic, used + 1);
		/* The kernel says it again when it has stopped: "---[ end Kernel panic - not
		 * syncing: X ]---". */
		if (used > strlen(tail) && !strcmp(console->panic + used - strlen(tail), tail))
			console->panic[used - strlen(tail)] = '\0';
	} else if (starts_oops(text)) {
		memmove(console->oops, text, strlen(text) + 1);
	}
}

/* The last whole lines that there is room for; of a line that is longer than that, its end. */
static void console_show(struct console *console, const char *data, size_t len)
{
	const char *start = data, *newline;

	if (len > CONSOLE_SHOWN_MAX) {
		start = data + len - CONSOLE_SHOWN_MAX;
		newline = start[-1] == '\n' ? start - 1 :
					      memchr(start, '\n', CONSOLE_SHOWN_MAX - 1);
		if (newline)
			start = newline + 1;
	}
	console->shown = start;
	console->shown_len = len - (size_t)(start - data);
}

void console_parse(const char *data, size_t len, struct console *console)
{
	const char *end = data + len, *next;

	memset(console, 0, sizeof(*console));
	console_show(console, data, len);
	for (const char *at = data; at < end; at = next) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		next = newline ? newline + 1 : end;
		line_take(console, at, (size_t)(next - at));
	}
}
