/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Messages, and texts that cannot fail to be made: for main-level code only. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>

#include "base/exit_code.h"

/* Texts in the order in which they were added, with a NULL behind the last text. */
struct texts {
	char **items;
	size_t count;
};

/* The script that the user knows: messages begin with its name. */
void message_open(const char *program);

__attribute__((format(printf, 1, 2))) void say(const char *format, ...);
/* Say it and exit with `code`: 2 for what the user asked wrongly, 5 for what could not be done. */
__attribute__((format(printf, 2, 3), noreturn)) void die(int code, const char *format, ...);
/* Exit with 2, and say where to read more. */
__attribute__((format(printf, 1, 2), noreturn)) void usage_error(const char *format, ...);
/* The words that die() ended with, or NULL. */
const char *last_words(void);

/* Format a text, which the caller frees. Dies (5) when memory runs out. */
__attribute__((format(printf, 1, 2))) char *text_new(const char *format, ...);
void texts_add(struct texts *texts, const char *text);
/* Add a formatted text. */
__attribute__((format(printf, 2, 3))) void texts_print(struct texts *texts, const char *format,
						       ...);
void texts_free(struct texts *texts);
/* `text` as one word for a POSIX shell; the caller's to free. */
char *text_shell_word(const char *text);

#endif
