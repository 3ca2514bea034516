/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The records that init writes itself, and what they tell of (schema: testrunner/records.md). */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "kmsg.h"
#include "record.h"

enum reason { REASON_EXITED, REASON_SIGNALED, REASON_DEADLINE, REASON_FAILED };

/* How the payload ended. */
struct outcome {
	enum reason reason;
	int value;	 /* exit status or signal, by reason */
	char error[128]; /* or empty */
};

void outcome_fail(struct outcome *outcome, const char *doing, int err);

/* Something that set-up could not do, yet goes on without: said now, listed in hello. `err` is -errno. */
void failure_note(const char *step, const char *name, int err);

int report_hello(struct records *records, const char *channel);
int report_klog(struct records *records, const struct kmsg *kmsg);
/* Has the kernel become tainted since the last call? Then say so. */
int report_taint(struct records *records);
int report_exit(struct records *records, const struct outcome *outcome, const struct relay *relay);

#endif
