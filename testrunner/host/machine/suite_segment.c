// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds the segment of a suite, or has it made. */
#include "host/machine/suite_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/machine/digest.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/results.h"

#define KEPT_S	     (2 * 24 * 60 * 60)
#define OPEN_FOLDERS 16

/* nftw() has no argument for it. */
static uint64_t sum;
static size_t root_len;

/* By what tells that a file has changed; the change time cannot be set back. */
static int digest_entry(const char *path, const struct stat *st, int type, struct FTW *where)
{
	uint64_t digest = digest_add_text(DIGEST_START, path + root_len);

	(void)where;
	digest = digest_add_number(digest, (uint64_t)type);
	digest = digest_add_number(digest, st->st_mode);
	digest = digest_add_number(digest, (uint64_t)st->st_size);
	digest = digest_add(digest, &st->st_mtim, sizeof(st->st_mtim));
	digest = digest_add(digest, &st->st_ctim, sizeof(st->st_ctim));
	/* Files come in any order. */
	sum += digest;
	return 0;
}

static int suite_key(const char *suite, const char *btf, char key[DIGEST_TEXT])
{
	char root[PATH_MAX];
	struct stat st;

	/* The folder itself may be a link. */
	if (!realpath(suite, root))
		return -errno;
	sum = 0;
	root_len = strlen(root);
	if (nftw(root, digest_entry, OPEN_FOLDERS, FTW_PHYS))
		return -errno;
	if (btf && stat(btf, &st) == 0)
		digest_entry(btf, &st, FTW_F, NULL);
	digest_text(sum, key);
	return 0;
}

/* Those that were made long ago are in use no more, or are made again. */
static void remove_old(const char *folder)
{
	time_t oldest = time(NULL) - KEPT_S;
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (strstr(entry->d_name, ".cpio") &&
		    fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_mtim.tv_sec < oldest)
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
}

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
	err = suite_key(suite, btf, key);
	if (err)
		return fail(CODE_INFRA, "%s: %s", suite, strerror(-err));
	path_set(folder, "%s/initramfs/suites", build);
	path_set(segment->path, "%s/%s.cpio", folder, key);
	if (access(segment->path, R_OK) == 0)
		return 0;
	remove_old(folder);
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
