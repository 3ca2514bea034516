/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The console: for people only, no verdict is read from it. */
#ifndef CONSOLE_H
#define CONSOLE_H

void console_open(void);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
