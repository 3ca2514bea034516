// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds the segment of a suite, or has it made. */
#include "host/machine/suite_segment.h"

#include <unistd.h>

#include "base/folder.h"
#include "host/machine/hash.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

void suite_segment_begin(struct suite_segment *segment, const char *suite, const char *btf,
			 const char *build, const char *packer)
{
	const char *const argv[] = { packer, "suite", suite, segment->path, btf, NULL };
	char folder[PATH_MAX], key[HASH_TEXT];
	struct hash hash = hash_new();

	*segment = (struct suite_segment){ 0 };
	if (!suite)
		return;
	hash_tree(&hash, suite, HASH_ALL, NULL);
	if (btf)
		hash_file(&hash, btf);
	hash_format(&hash, key);
	path_set(folder, "%s/initramfs/suites", build);
	path_set(segment->path, "%s/%s.cpio", folder, key);
	if (access(segment->path, R_OK) == 0)
		return;
	folder_remove_old(folder);
	child_start(&segment->maker, &(struct child_setup){ .argv = argv, .fd = STDERR_FILENO });
}

void suite_segment_finish(struct suite_segment *segment)
{
	if (segment->maker.pid && child_wait(&segment->maker))
		die(EXIT_INFRA, "%s: cannot be packed", segment->path);
}
