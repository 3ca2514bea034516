// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Keeps libbpf's last warning. */
#include "libbpf_log.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>

static char last[512], handed_out[sizeof(last)];

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN) {
		vsnprintf(last, sizeof(last), format, args);
		last[strcspn(last, "\n")] = '\0';
	}
	return 0;
}

void libbpf_log_keep(void)
{
	libbpf_set_print(keep);
}

const char *libbpf_log_cause(int error)
{
	const char *text = last;

	if (!last[0])
		return strerror(error);
	if (strncmp(text, "libbpf: ", 8) == 0)
		text += 8;
	snprintf(handed_out, sizeof(handed_out), "%s", text);
	last[0] = '\0';
	return handed_out;
}
