/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Reads a verifier log: statistics, and the line with the reason. Pure. */
#ifndef RECORD_VERIFIER_LOG_H
#define RECORD_VERIFIER_LOG_H

#include <stddef.h>

/* Of one program; -1: the log does not say. */
struct verifier_statistics {
	long insns, states, peak_states;
	long stack;	/* bytes, of all functions together */
	long verify_us; /* that the verifier took */
};

void verifier_log_read(const char *log, struct verifier_statistics *statistics);

/* Where the line that says what is wrong begins; "" when there is none. */
const char *verifier_log_reason(const char *log);
/* That line. */
void verifier_log_cause(const char *log, char *cause, size_t size);

/* Where the last `max` bytes of it begin, at the beginning of a line. */
const char *verifier_log_end(const char *log, size_t max);

#endif
