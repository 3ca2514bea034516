/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The end of console.log, to word a failure with. Nothing in it can make a run pass. Pure: no
 * files. */
#ifndef HOST_REPORT_CONSOLE_H
#define HOST_REPORT_CONSOLE_H

#include <stddef.h>

/* How much of the end is looked at, and how much of that is shown with a failure. */
#define CONSOLE_TAIL_MAX  (256u * 1024)
#define CONSOLE_SHOWN_MAX (16u * 1024)

struct console {
	char panic[256];     /* "Kernel panic - not syncing: ..."; "" when there is none */
	char oops[256];	     /* the last line that begins an oops, before the panic */
	char last_line[256]; /* the last that is not blank */
	const char *shown;   /* borrowed: whole lines of the end */
	size_t shown_len;
};

/* `data`: the last bytes of the log (CONSOLE_TAIL_MAX of them or fewer), any bytes at all, borrowed
 * for console's life. */
void console_parse(const char *data, size_t len, struct console *console);

#endif
