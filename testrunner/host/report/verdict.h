/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Everything known about one kernel's run -> its outcome and why. Pure. */
#ifndef HOST_REPORT_VERDICT_H
#define HOST_REPORT_VERDICT_H

#include "host/report/console.h"
#include "host/report/machine.h"
#include "host/report/records_in.h"

/* By severity: a worse one has a larger value, and never a smaller exit code. */
enum outcome {
	OUTCOME_PASS,
	OUTCOME_NOTRUN,
	OUTCOME_FAIL,
	OUTCOME_SPLAT,
	OUTCOME_PANIC,
	OUTCOME_OOM,
	OUTCOME_HANG,
	OUTCOME_NOBOOT,
	OUTCOME_TIMEOUT,
	OUTCOME_LOST,
	OUTCOME_INFRA,
};

struct verdict_input {
	const struct run_line *run; /* NULL: there is no run.json that could be read */
	const char *run_problem;    /* why there is none; NULL: no results at all */
	const struct records *records;
	const struct machine *machine;
	const struct console *console;
	const int64_t *output; /* what came of a command's stdout and stderr, in bytes */
};

struct verdict {
	enum outcome outcome;
	char reason[512]; /* one line, guest's words in it: escape before showing; "" for PASS */
};

void verdict_decide(const struct verdict_input *input, struct verdict *verdict);

/* "command exited with 3"; false: it did not, or there was none. */
bool command_end(const struct records *records, char *text, size_t size);

const char *outcome_name(enum outcome outcome); /* "PASS" */
int outcome_exit_code(enum outcome outcome);

#endif
