/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The initramfs segment with the suite, made again when the suite has changed. */
#ifndef MACHINE_SUITE_SEGMENT_H
#define MACHINE_SUITE_SEGMENT_H

#include <limits.h>

#include "host/machine/child.h"

struct suite_segment {
	char path[PATH_MAX]; /* of the segment; "" without a suite */
	struct child maker;
};

/*
 * Look for the segment of a suite, if not NULL; if there is none, start `packer`, which is mkinitramfs. A kernel
 * without BTF has the file `btf`, of which the segment has what the suite needs.
 */
void suite_segment_begin(struct suite_segment *segment, const char *suite, const char *btf,
			 const char *build, const char *packer);
/* Wait for it. Dies (5). */
void suite_segment_finish(struct suite_segment *segment);

#endif
