/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Lines on the console, records about the machine and the payload; small helpers for all. */
#pragma once
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How the payload ended, as in the exit record. */
struct outcome {
	const char *reason;
	long long status, signal; /* -1: none */
	char error[128];	  /* or empty */
};
struct outcome outcome_failed(const char *doing, int err); /* err: -errno */

#define say(format, ...) dprintf(STDERR_FILENO, "bpfcheck: " format "\n", ##__VA_ARGS__)
void console_open(void); /* as descriptors 0 to 2 */
/* Say that a step failed although init goes on, and list it in hello. `err` is -errno. */
void failure_note(const char *step, const char *name, int err);
long long clock_us(void); /* since boot */
void fd_close(int *fd);	  /* and set it to -1; -1: none is open */
/* Read up to size - 1 bytes of text. Returns their number, or -errno with no text. */
int file_read(const char *path, char *text, size_t size);

void report_hello(void);
void report_taint(void); /* if it differs from the last one reported */
void report_command(char *const *args);
void report_exit(const struct outcome *outcome);
