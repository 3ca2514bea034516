// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads verifier logs, of kernels from 5.10 to 7.3. */
#include "record/verifier_log.h"

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

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

static void read_line(const char *line, struct verifier_statistics *statistics)
{
	long stack;

	if (begins(line, "processed "))
		sscanf(line,
		       "processed %ld insns (limit %*d) max_states_per_insn %*d total_states %ld peak_states %ld",
		       &statistics->insns, &statistics->states, &statistics->peak_states);
	else if (begins(line, "stack depth "))
		statistics->stack = read_stack(line + 12);
	/* Since 7.3 a function has a line of its own, below that. */
	else if (sscanf(line, "subprog %*d (%*[^)]) %*s insns_self %*d insns_total %*d stack %ld",
			&stack) == 1)
		statistics->stack += stack;
	else if (begins(line, "verification time "))
		statistics->verify_us = strtol(line + 18, NULL, 10);
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

/*
 * Statistics begin with the time in all releases; what else they have differs. Since 7.3 an explanation
 * may be before them.
 */
const char *verifier_log_reason(const char *log)
{
	const char *last = "";

	for (const char *line = log;
	     *line && !begins(line, "verification time ") && !begins(line, "Verification failed: ");
	     line = next_line(line)) {
		if (*line != '\n')
			last = line;
	}
	return last;
}

void verifier_log_cause(const char *log, char *cause, size_t size)
{
	const char *reason = verifier_log_reason(log);

	snprintf(cause, size, "%.*s", (int)strcspn(reason, "\n"), reason);
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
