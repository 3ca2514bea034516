// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Saves machines, finds and verifies saved ones, and evicts those that were not used for longest. */
#include "host/machine/snapshot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"
#include "host/machine/digest.h"
#include "host/machine/eviction.h"
#include "host/machine/guest.h"
#include "host/machine/initrd.h"
#include "host/machine/message.h"
#include "host/machine/path.h"
#include "host/machine/results.h"

#define STAMP_MAX 1024
/* Of a machine that is being saved. */
#define PART ".part"
/* Beside the guest's memory. */
#define SPACE_MB 64

/* By what tells that a file has changed; the change time cannot be set back. */
static uint64_t digest_file(uint64_t digest, const char *path)
{
	struct stat st = { 0 };

	stat(path, &st);
	digest = digest_add_text(digest, path);
	digest = digest_add_number(digest, (uint64_t)st.st_size);
	digest = digest_add(digest, &st.st_mtim, sizeof(st.st_mtim));
	return digest_add(digest, &st.st_ctim, sizeof(st.st_ctim));
}

static void snapshot_key(const struct snapshot_want *want, char key[DIGEST_TEXT])
{
	/* The numbers of descriptors make no difference. */
	const struct machine_fds fds = { -1, -1, -1, -1 };
	struct words words = { 0 };
	uint64_t digest = DIGEST_START;

	machine_arguments(want->machine, START_SAVE, &fds, &words);
	for (size_t i = 0; i < words.count; i++)
		digest = digest_add_text(digest, words.items[i]);
	words_free(&words);
	digest = digest_file(digest, want->machine->image);
	digest = digest_file(digest, want->modules);
	digest = digest_file(digest, want->base);
	digest = digest_file(digest, want->machine->qemu);
	digest_text(digest_add_text(digest, want->cpuinfo), key);
}

/* Holes are not read. Errors: -errno. */
static int checksum_file(const char *folder, const char *name, uint64_t *digest)
{
	static char bytes[1024 * 1024];
	char path[PATH_MAX];
	off_t at = 0;
	int fd;

	path_set(path, "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while ((at = lseek(fd, at, SEEK_DATA)) >= 0) {
		off_t hole = lseek(fd, at, SEEK_HOLE);

		*digest = digest_add_number(*digest, (uint64_t)at);
		while (at < hole) {
			off_t left = hole - at;
			size_t want = left < (off_t)sizeof(bytes) ? (size_t)left : sizeof(bytes);
			ssize_t n = pread(fd, bytes, want, at);

			if (n <= 0)
				break;
			*digest = digest_add(*digest, bytes, (size_t)n);
			at += n;
		}
		if (at < hole)
			break;
	}
	*digest = digest_add_number(*digest, (uint64_t)lseek(fd, 0, SEEK_END));
	close(fd);
	return at < 0 ? 0 : -EIO;
}

static int checksum(const char *folder, char text[DIGEST_TEXT])
{
	uint64_t digest = DIGEST_START;
	int err = checksum_file(folder, "ram", &digest);

	if (!err)
		err = checksum_file(folder, "vmstate", &digest);
	digest_text(digest, text);
	return err;
}

static void looks_add(char *text, size_t size, const char *folder, const char *name)
{
	size_t len = strlen(text);
	char path[PATH_MAX];
	struct stat st;

	path_set(path, "%s/%s", folder, name);
	if (stat(path, &st))
		memset(&st, 0, sizeof(st));
	snprintf(text + len, size - len, "%s %llu %lld %lld.%09ld %lld.%09ld\n", name,
		 (unsigned long long)st.st_ino, (long long)st.st_size, (long long)st.st_mtim.tv_sec,
		 st.st_mtim.tv_nsec, (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
}

/* Describes the files, so that the text differs if they were touched or copied, or the host was rebooted. */
static void looks(const char *folder, char text[STAMP_MAX])
{
	char *boot;
	size_t len;

	*text = '\0';
	if (file_read("/proc/sys/kernel/random/boot_id", 4096, &boot, &len) == 0) {
		snprintf(text, STAMP_MAX, "%s", boot);
		free(boot);
	}
	looks_add(text, STAMP_MAX, folder, "ram");
	looks_add(text, STAMP_MAX, folder, "vmstate");
}

static int stamp_write(const char *folder, const char *sum)
{
	char path[PATH_MAX], part[PATH_MAX], text[STAMP_MAX + DIGEST_TEXT + 1];

	looks(folder, text);
	snprintf(text + strlen(text), DIGEST_TEXT + 1, "%s\n", sum);
	path_set(path, "%s/stamp", folder);
	path_set(part, "%s.%d", path, getpid());
	if (file_write(part, text, strlen(text)))
		return -EIO;
	return rename(part, path) ? -errno : 0;
}

/*
 * Is it as it was made? Reading it all takes longer than to restore it, and is only done when it may
 * have been touched.
 */
static bool verify(const char *folder)
{
	char path[PATH_MAX], now[STAMP_MAX], sum[DIGEST_TEXT], *stamp;
	bool same, valid;
	size_t len, head;

	path_set(path, "%s/stamp", folder);
	if (file_read(path, 2 * STAMP_MAX, &stamp, &len))
		return false;
	looks(folder, now);
	head = strlen(now);
	same = len == head + DIGEST_TEXT && !memcmp(stamp, now, head);
	valid = same;
	if (!same && len > DIGEST_TEXT && checksum(folder, sum) == 0)
		valid = !strncmp(stamp + len - DIGEST_TEXT, sum, DIGEST_TEXT - 1);
	free(stamp);
	if (same)
		utimensat(AT_FDCWD, path, NULL, 0);
	else if (valid)
		stamp_write(folder, sum);
	return valid;
}

static long long folder_kb(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	long long blocks = 0;
	struct stat st;

	while (dir && (entry = readdir(dir)))
		if (fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			blocks += st.st_blocks;
	if (dir)
		closedir(dir);
	return blocks / 2;
}

/* Remove one of those that nobody has locked. The lock goes with it: see lock_open(). */
static void evict_one(const char *folder, const char *name)
{
	char path[PATH_MAX];
	int lock;

	path_set(path, "%s/%s.lock", folder, name);
	lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (lock < 0)
		return;
	if (flock(lock, LOCK_EX | LOCK_NB) == 0) {
		char below[PATH_MAX];

		path_set(below, "%s/%s", folder, name);
		tree_remove(AT_FDCWD, below);
		unlink(path);
	}
	close(lock);
}

/* Remove what a process that was killed had begun to save. */
static void remove_part(const char *folder, const char *name)
{
	char lock[PATH_MAX], path[PATH_MAX];
	int fd;

	path_set(path, "%s/%s", folder, name);
	path_set(lock, "%s/%.*s.lock", folder, (int)(strlen(name) - strlen(PART)), name);
	fd = open(lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		tree_remove(AT_FDCWD, path);
	if (fd >= 0)
		close(fd);
}

static void evict(const char *folder, long max_mb)
{
	DIR *dir = opendir(folder);
	struct kept *kept = NULL;
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir))) {
		struct kept *more = realloc(kept, (count + 1) * sizeof(*kept));
		char path[PATH_MAX];
		struct stat st;

		if (!more)
			break;
		kept = more;
		if (strstr(entry->d_name, PART))
			remove_part(folder, entry->d_name);
		path_set(path, "%s/%s/stamp", folder, entry->d_name);
		if (strlen(entry->d_name) >= sizeof(kept->name) || stat(path, &st))
			continue;
		path_set(path, "%s/%s", folder, entry->d_name);
		kept[count] = (struct kept){
			.used = st.st_mtim.tv_sec * 1000000000LL + st.st_mtim.tv_nsec,
			.kb = folder_kb(path),
		};
		memcpy(kept[count++].name, entry->d_name, strlen(entry->d_name) + 1);
	}
	if (dir)
		closedir(dir);
	eviction_choose(kept, count, max_mb * 1024LL);
	for (size_t i = 0; i < count; i++)
		if (kept[i].goes)
			evict_one(folder, kept[i].name);
	free(kept);
}

/* Boot, and save when the guest is ready. Errors: -ENOENT, with a reason; -EINTR. */
static int save(const struct snapshot_want *want, const char *path, char *reason, size_t size)
{
	const char *const segments[] = { want->base, want->modules, NULL };
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;
	struct guest_files files = { initrd_make(segments, NULL, 0), -1, -1 };
	char said[512];
	struct guest guest;

	guest_init(&guest, want->machine, want->loop);
	err = folder < 0 || files.initrd < 0 ? -EIO : 0;
	if (!err && space_need(folder, path, want->machine->memory + SPACE_MB))
		err = -ENOSPC;
	if (!err)
		err = guest_start(&guest, START_SAVE, path, folder, &files, want->boot_timeout, 0);
	if (!err)
		err = guest_run(&guest);
	guest_errors(&guest, said, sizeof(said));
	if (err)
		snprintf(reason, size, "start QEMU: %s", strerror(-err));
	else if (guest.qemu.status)
		snprintf(reason, size, "QEMU ended with status %d: %s", guest.qemu.status, said);
	else if (*guest.save_error)
		snprintf(reason, size, "QEMU cannot save the machine: %s", guest.save_error);
	else if (!guest.saved)
		snprintf(reason, size, "the guest ended, or was ended, before it was ready");
	if (!err && (guest.qemu.status || !guest.saved || *guest.save_error))
		err = -ENOENT;
	guest_end(&guest);
	if (folder >= 0)
		close(folder);
	if (files.initrd >= 0)
		close(files.initrd);
	return err == 0 || err == -EINTR ? err : -ENOENT;
}

/* Removes the files of a saved machine that nobody needs. */
static void strip(const char *folder)
{
	static const char *const names[] = { "share",  "machine.ndjson", "records.ndjson",
					     "stdout", "stderr",	 "serial.ndjson" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_set(path, "%s/%s", folder, names[i]);
		tree_remove(AT_FDCWD, path);
	}
}

static int make(const struct snapshot_want *want, const char *path, char *reason, size_t size)
{
	char part[PATH_MAX], sum[DIGEST_TEXT];
	int err;

	if (!want->quiet)
		say("%s: booting a machine to start from, now and later", want->name);
	path_set(part, "%s" PART, path);
	tree_remove(AT_FDCWD, path);
	tree_remove(AT_FDCWD, part);
	err = folder_make(part) ? -ENOENT : 0;
	if (err)
		snprintf(reason, size, "%s: cannot be made", part);
	if (!err)
		err = save(want, part, reason, size);
	if (!err) {
		strip(part);
		if (checksum(part, sum) || stamp_write(part, sum) || rename(part, path)) {
			snprintf(reason, size, "%s: cannot be written", part);
			err = -ENOENT;
		}
	}
	if (err)
		tree_remove(AT_FDCWD, part);
	if (err == -ENOENT)
		say("%s: no machine to start from: %s", want->name, reason);
	return err;
}

/* The lock may be removed, with the snapshot, between open() and flock(): then it locks nothing. */
static int lock_open(struct snapshot *snapshot, struct loop *loop, const char *path)
{
	struct stat st;
	int err;

	do {
		if (snapshot->lock >= 0)
			close(snapshot->lock);
		snapshot->lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		if (snapshot->lock < 0)
			return -errno;
		err = lock_wait(loop, snapshot->lock, LOCK_SH, NULL);
	} while (!err && fstat(snapshot->lock, &st) == 0 && st.st_nlink == 0);
	return err;
}

/* Make the snapshot if it is not there, or damaged. Others may want the same. */
static int provide(struct snapshot *snapshot, const struct snapshot_want *want, const char *folder,
		   char *reason, size_t size)
{
	char stamp[PATH_MAX];
	int err = 0;

	path_set(stamp, "%s/stamp", snapshot->path);
	if (access(stamp, F_OK) == 0 && verify(snapshot->path))
		return 0;
	err = lock_wait(want->loop, snapshot->lock, LOCK_EX, NULL);
	if (!err && (access(stamp, F_OK) || !verify(snapshot->path))) {
		if (access(stamp, F_OK) == 0)
			say("%s: damaged; making it again", snapshot->path);
		err = make(want, snapshot->path, reason, size);
	}
	if (!err)
		err = lock_wait(want->loop, snapshot->lock, LOCK_SH, NULL);
	/* Ours is locked, and stays. */
	if (!err)
		evict(folder, want->max_mb);
	return err;
}

static int files_open(struct snapshot *snapshot)
{
	char path[PATH_MAX];

	path_set(path, "%s/ram", snapshot->path);
	snapshot->memory = open(path, O_RDWR | O_CLOEXEC);
	path_set(path, "%s/vmstate", snapshot->path);
	snapshot->state = open(path, O_RDONLY | O_CLOEXEC);
	return snapshot->memory < 0 || snapshot->state < 0 ? -ENOENT : 0;
}

int snapshot_open(struct snapshot *snapshot, const struct snapshot_want *want, char *reason,
		  size_t size)
{
	char key[DIGEST_TEXT], folder[PATH_MAX], lock[PATH_MAX];
	int err;

	*snapshot = (struct snapshot){ .lock = -1, .memory = -1, .state = -1 };
	*reason = '\0';
	if (want->machine->console != YES)
		snprintf(reason, size, "the kernel has no virtio console");
	else if (want->max_mb == 0)
		snprintf(reason, size, "BPFCHECK_SNAPSHOT_MB is 0");
	if (*reason)
		return -ENOENT;
	snapshot_key(want, key);
	path_set(folder, "%s/snapshots", want->build);
	folder_make(folder);
	path_set(snapshot->path, "%s/%s", folder, key);
	path_set(lock, "%s.lock", snapshot->path);
	err = lock_open(snapshot, want->loop, lock);
	if (!err)
		err = provide(snapshot, want, folder, reason, size);
	if (!err)
		err = files_open(snapshot);
	if (err && err != -EINTR && !*reason)
		snprintf(reason, size, "%s: %s", snapshot->path, strerror(-err));
	return err;
}

void snapshot_close(struct snapshot *snapshot)
{
	int *fds[] = { &snapshot->memory, &snapshot->state, &snapshot->lock };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

void snapshot_drop(struct snapshot *snapshot)
{
	/* Those who use it now keep what they have open. */
	if (flock(snapshot->lock, LOCK_EX | LOCK_NB) == 0)
		tree_remove(AT_FDCWD, snapshot->path);
	snapshot_close(snapshot);
}
