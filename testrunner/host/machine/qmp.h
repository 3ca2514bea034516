/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* QEMU's machine protocol: lines of JSON both ways (docs/interop/qmp-spec of QEMU). Pure. */
#ifndef MACHINE_QMP_H
#define MACHINE_QMP_H

#include <stdbool.h>
#include <stddef.h>

/* The meaning of a line from QEMU. */
enum qmp_news {
	QMP_OTHER,
	QMP_PORT_OPENED, /* the guest opened the control port: init waits for its settings */
	QMP_SAVED,	 /* the migration has ended well */
	QMP_SAVE_FAILED,
	QMP_ERROR,     /* a command failed */
	QMP_REGISTERS, /* the text that a monitor command returned */
};

/* `text`: what a failed command or a monitor command said, cut to its size; "" otherwise. */
enum qmp_news qmp_parse(const char *line, size_t len, char *text, size_t size);

/* The value of a register such as "RIP=" in what `info registers` says; "" if it is not there. */
void qmp_register(const char *registers, const char *name, char *value, size_t size);

/* Collects bytes to lines. A line that is too long is dropped. */
struct qmp_lines {
	char *text;
	size_t len, size;
	bool too_long;
	void (*take)(void *context, const char *line, size_t len);
	void *context;
};

void qmp_lines_add(struct qmp_lines *lines, const char *bytes, size_t len);
void qmp_lines_free(struct qmp_lines *lines);

#endif
