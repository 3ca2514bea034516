/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reads the output of a test program: bytes in, subtests and a verdict out, in bounded memory whatever
 * comes. Pure: no files, no processes.
 */
#ifndef PROCESS_PROGRAM_OUTPUT_H
#define PROCESS_PROGRAM_OUTPUT_H

#include "process/subtest.h"
#include "suite/test.h"

/* One way to print tests: a row for each in format_*.c. */
struct output_format {
	size_t state_size; /* of what it remembers between lines, zeroed at first */
	/* A line of stdout, without its end and without NUL bytes; one follows it. */
	void (*line)(void *state, struct subtests *subtests, const char *line, size_t len);
	void (*error_line)(void *state, struct subtests *subtests, const char *line,
			   size_t len); /* of stderr; or NULL */
	/* No more will come. FAILURE: why the program did not end as it should, or NULL. */
	void (*end)(void *state, struct subtests *subtests, const char *failure);
};

extern const struct output_format format_tap, format_go, format_gtest;

struct program_output;

/* NULL: out of memory. */
struct program_output *program_output_new(enum program_format format);
/* The next `len` bytes of stdout, or of stderr. */
void program_output_take(struct program_output *output, bool is_stderr, const char *data,
			 size_t len);

/* How the program itself ended. */
struct program_end {
	const char *failure; /* NULL: it exited with 0 */
	bool is_status;	     /* `failure` is only an exit status: failed tests explain it */
};

struct program_verdict {
	enum subtest_outcome outcome; /* pass, fail or skip */
	char reason[700];	      /* of a fail or skip */
	json_t *details; /* array, for a fault that its subtests do not show; else it is empty */
};

/*
 * The verdict, once the program has ended. The subtests are final then, and the first that failed
 * has the ends of stdout and stderr in its output. Returns 0 or -ENOMEM.
 */
int program_output_judge(struct program_output *output, const struct program_end *end,
			 struct program_verdict *verdict);
/* Of all that came, in the order of their output. */
const struct subtests *program_output_subtests(const struct program_output *output);
/* The lines of one subtest, and of the program when it is the one that shows them. New reference. */
json_t *program_output_details(const struct program_output *output, size_t index);
void program_output_free(struct program_output *output); /* takes NULL */

/* Does `line` begin with `start`? */
bool line_starts(const char *line, const char *start);

#endif
