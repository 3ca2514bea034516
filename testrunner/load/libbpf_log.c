// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Keeps libbpf's first warning. */
#include "load/libbpf_log.h"

#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>

static char first[512], handed_out[sizeof(first)];

static int keep(enum libbpf_print_level level, const char *format, va_list args)
{
	/* A load that libbpf tries again is not the cause. */
	if (level == LIBBPF_WARN && !first[0] && !strstr(format, "Retrying")) {
		vsnprintf(first, sizeof(first), format, args);
		first[strcspn(first, "\n")] = '\0';
	}
	return 0;
}

void libbpf_log_clear(void)
{
	first[0] = '\0';
}

void libbpf_log_keep(void)
{
	libbpf_set_print(keep);
}

bool libbpf_log_is_empty(void)
{
	return !first[0];
}

const char *libbpf_log_cause(int error)
{
	const char *text = first;

	if (!first[0])
		return strerror(error);
	if (strncmp(text, "libbpf: ", 8) == 0)
		text += 8;
	snprintf(handed_out, sizeof(handed_out), "%s", text);
	libbpf_log_clear();
	return handed_out;
}
