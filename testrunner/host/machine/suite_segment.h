/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The initramfs segment with the suite, made again when the suite has changed. */
#ifndef HOST_SUITE_SEGMENT_H
#define HOST_SUITE_SEGMENT_H

#include <limits.h>

#include "host/machine/child.h"

struct suite_segment {
	char path[PATH_MAX]; /* of the segment */
	struct child maker;
	const char *bytes; /* of it, mapped by suite_segment_finish() */
	size_t len;
};

/*
 * Look for the segment of a suite; if there is none, start `packer`, which is mkinitramfs. A kernel
 * without BTF has the file `btf`, of which the segment has what the suite needs. Returns 0 or an exit
 * code, with a message; suite_segment_close() is due.
 */
int suite_segment_begin(struct suite_segment *segment, struct loop *loop, const char *suite,
			const char *btf, const char *build, const char *packer);
/* Wait for it. Returns 0 or an exit code, with a message unless a signal ends us. */
int suite_segment_finish(struct suite_segment *segment);
void suite_segment_close(struct suite_segment *segment);

#endif
