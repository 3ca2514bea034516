// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds the segment of a suite, or has it made. */
#include "host/machine/suite_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/results.h"
#include "host/machine/tree.h"

static int make(struct suite_segment *segment, struct loop *loop, const char *suite,
		const char *btf, const char *packer)
{
	const char *const argv[] = { packer, "suite", suite, segment->path, btf, NULL };
	int err = child_start(&segment->maker, loop,
			      &(struct child_start){
				      .argv = argv, .fds = { -1, 2, 2 }, .death_signal = SIGTERM });

	return err ? fail(CODE_INFRA, "start %s: %s", packer, strerror(-err)) : 0;
}

int suite_segment_begin(struct suite_segment *segment, struct loop *loop, const char *suite,
			const char *btf, const char *build, const char *packer)
{
	char folder[PATH_MAX], key[DIGEST_TEXT];
	int err;

	*segment = (struct suite_segment){ .maker = { .pidfd = -1, .ended = true } };
	err = tree_key(suite, btf, key);
	if (err)
		return fail(CODE_INFRA, "%s: %s", suite, strerror(-err));
	path_set(folder, "%s/initramfs/suites", build);
	path_set(segment->path, "%s/%s.cpio", folder, key);
	if (access(segment->path, R_OK) == 0)
		return 0;
	tree_remove_old(folder);
	return make(segment, loop, suite, btf, packer);
}

int suite_segment_finish(struct suite_segment *segment)
{
	struct stat st;
	void *bytes;
	int fd;

	if (!segment->maker.ended && child_wait(&segment->maker, LLONG_MAX))
		return CODE_INFRA;
	if (segment->maker.status)
		return fail(CODE_INFRA, "%s: cannot be packed", segment->path);
	fd = open(segment->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) || st.st_size == 0) {
		if (fd >= 0)
			close(fd);
		return fail(CODE_INFRA, "%s: %s", segment->path, strerror(errno));
	}
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes == MAP_FAILED)
		return fail(CODE_INFRA, "%s: %s", segment->path, strerror(errno));
	segment->bytes = bytes;
	segment->len = (size_t)st.st_size;
	return 0;
}

void suite_segment_close(struct suite_segment *segment)
{
	child_terminate(&segment->maker);
	if (segment->bytes)
		munmap((void *)segment->bytes, segment->len);
	segment->bytes = NULL;
}
