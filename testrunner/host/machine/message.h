/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Exit codes of run-kernel, and messages for its user. */
#ifndef HOST_MESSAGE_H
#define HOST_MESSAGE_H

enum { CODE_PASS = 0, CODE_FAIL = 1, CODE_USAGE = 2, CODE_LOST = 4, CODE_INFRA = 5 };

/* Print one line to stderr. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Print one line to stderr, keep it for run.json, and return `code`, which is not 0. */
int fail(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text of the last fail(), or NULL. */
const char *last_failure(void);

#endif
