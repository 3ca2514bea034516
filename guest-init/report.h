/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What init itself tells: lines for people, records for the host (testrunner/records.md). */
#pragma once
#include <time.h>

#include "record.h"

/* How the payload ended, as in the exit record. */
struct outcome {
	const char *reason;
	long long status, signal; /* -1: none */
	char error[128];	  /* or empty */
};

/* Make the console descriptors 0 to 2. */
void console_open(void);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What could not be done, yet init goes on without: said now, told in hello. `err` is -errno. */
void failure_note(const char *step, const char *name, int err);
void outcome_fail(struct outcome *outcome, const char *doing, int err);

long long clock_us(clockid_t clock);
/* Read the first line of a short file, without its newline; "" if it cannot be read. */
void line_read(const char *path, char *line, size_t size);

void report_hello(struct records *records, const char *channel);
/* A klog record, if the kernel's taint is not what was told last. */
void report_taint(struct records *records);
void report_exit(struct records *records, const struct outcome *outcome, const struct relay *relay);
