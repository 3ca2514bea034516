/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A file that appears whole or not at all. */
#ifndef HOST_REPORT_OUTPUT_H
#define HOST_REPORT_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file;
	char *path, *temporary;
};

/* Start to write `path` under a temporary name beside it. Errors: -errno; nothing is left then. */
int output_open(const char *path, struct output *output);
/* Give it its name, or, if any write failed, remove it. Errors: -errno. */
int output_close(struct output *output);

#endif
