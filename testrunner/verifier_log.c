// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads verifier logs, of kernels from 5.10 to 7.2. */
#include "verifier_log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "64+0+16" -> 80 */
static long read_stack(const char *text)
{
	long stack = 0;
	char *end;

	for (;; text = end + 1) {
		stack += strtol(text, &end, 10);
		if (*end != '+')
			return stack;
	}
}

/* Returns whether it is a line of statistics. */
static bool read_line(const char *line, struct verifier_statistics *statistics)
{
	if (strncmp(line, "insns processed ", 16) == 0)
		return true; /* of each function, since 7.2 */
	if (strncmp(line, "processed ", 10) == 0) {
		sscanf(line,
		       "processed %ld insns (limit %*d) max_states_per_insn %*d total_states %ld peak_states %ld",
		       &statistics->insns, &statistics->states, &statistics->peak_states);
		return true;
	}
	if (strncmp(line, "stack depth ", 12) == 0) {
		statistics->stack = read_stack(line + 12);
		return true;
	}
	if (strncmp(line, "verification time ", 18) == 0) {
		statistics->verify_us = strtol(line + 18, NULL, 10);
		return true;
	}
	return false;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

void verifier_log_read(const char *log, struct verifier_statistics *statistics)
{
	*statistics = (struct verifier_statistics){ -1, -1, -1, -1, -1 };
	for (const char *line = log; *line; line = next_line(line))
		read_line(line, statistics);
}

void verifier_log_cause(const char *log, char *cause, size_t size)
{
	struct verifier_statistics ignored;
	const char *last = "";

	for (const char *line = log; *line; line = next_line(line)) {
		if (*line != '\n' && !read_line(line, &ignored))
			last = line;
	}
	snprintf(cause, size, "%.*s", (int)strcspn(last, "\n"), last);
}

const char *verifier_log_end(const char *log, size_t max)
{
	size_t len = strlen(log);
	const char *end;

	if (len <= max)
		return log;
	end = strchr(log + len - max, '\n');
	return end ? end + 1 : log + len - max;
}
