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

#include "base/file.h"
#include "base/folder.h"
#include "host/machine/eviction.h"
#include "host/machine/files.h"
#include "host/machine/guest.h"
#include "host/machine/hash.h"
#include "host/machine/initrd.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

#define STAMP_MAX   1024
#define NAME_DIGITS 16
/* Of a machine that is being saved. */
#define PART ".part"
/* Beside the guest's memory. */
#define SPACE_MB 64

static void snapshot_key(const struct snapshot_want *want, char key[HASH_TEXT])
{
	/* The numbers of descriptors make no difference. */
	const struct machine_fds fds = { -1, -1, -1, -1 };
	struct texts arguments = { 0 };
	struct hash hash = hash_new();

	machine_arguments(want->machine, START_SAVE, &fds, &arguments);
	for (size_t i = 0; i < arguments.count; i++)
		hash_text(&hash, arguments.items[i]);
	texts_free(&arguments);
	hash_file(&hash, want->machine->image);
	hash_file(&hash, want->modules);
	hash_file(&hash, want->base);
	hash_file(&hash, want->machine->qemu);
	hash_text(&hash, want->cpuinfo);
	hash_format(&hash, key);
	/* Half of it is enough, and easier to read. */
	key[NAME_DIGITS] = '\0';
}

/* Holes are not read. Errors: -errno. */
static int checksum_file(const char *folder, const char *name, struct hash *hash)
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
		off_t end = lseek(fd, at, SEEK_HOLE);

		hash_number(hash, (uint64_t)at);
		while (at < end) {
			off_t left = end - at;
			size_t want = left < (off_t)sizeof(bytes) ? (size_t)left : sizeof(bytes);
			ssize_t n = pread(fd, bytes, want, at);

			if (n <= 0)
				break;
			hash_bytes(hash, bytes, (size_t)n);
			at += n;
		}
		if (at < end)
			break;
	}
	hash_number(hash, (uint64_t)lseek(fd, 0, SEEK_END));
	close(fd);
	return at < 0 ? 0 : -EIO;
}

static int checksum(const char *folder, char text[HASH_TEXT])
{
	struct hash hash = hash_new();
	int err = checksum_file(folder, "ram", &hash);

	if (!err)
		err = checksum_file(folder, "vmstate", &hash);
	hash_format(&hash, text);
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
	char boot[64];

	file_read_line("/proc/sys/kernel/random/boot_id", boot, sizeof(boot));
	snprintf(text, STAMP_MAX, "%s\n", boot);
	looks_add(text, STAMP_MAX, folder, "ram");
	looks_add(text, STAMP_MAX, folder, "vmstate");
}

static int stamp_write(const char *folder, const char *sum)
{
	char path[PATH_MAX], text[STAMP_MAX + HASH_TEXT + 1];

	looks(folder, text);
	snprintf(text + strlen(text), HASH_TEXT + 1, "%s\n", sum);
	path_set(path, "%s/stamp", folder);
	return file_replace(path, text, strlen(text));
}

/*
 * Is it as it was made? Reading it all takes longer than to restore it, and is only done when it may
 * have been touched.
 */
static bool verify(const char *folder)
{
	char path[PATH_MAX], now[STAMP_MAX], sum[HASH_TEXT], *stamp;
	bool same, valid;
	size_t len, head;

	path_set(path, "%s/stamp", folder);
	if (file_read(path, 2 * STAMP_MAX, &stamp, &len))
		return false;
	looks(folder, now);
	head = strlen(now);
	same = len == head + HASH_TEXT && !memcmp(stamp, now, head);
	valid = same;
	if (!same && len > HASH_TEXT && checksum(folder, sum) == 0)
		valid = !strncmp(stamp + len - HASH_TEXT, sum, HASH_TEXT - 1);
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

/* Remove a folder, and perhaps its lock, unless somebody has locked it: see lock_open(). */
static void remove_unlocked(const char *folder, const char *name, bool with_lock)
{
	char path[PATH_MAX], lock[PATH_MAX];
	int fd;

	path_set(path, "%s/%s", folder, name);
	path_set(lock, "%s/%.*s.lock", folder, (int)strcspn(name, "."), name);
	fd = open(lock, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		remove_tree(path);
		if (with_lock)
			unlink(lock);
	}
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
		/* A process that was killed had begun to save this machine. */
		if (strstr(entry->d_name, PART))
			remove_unlocked(folder, entry->d_name, false);
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
			remove_unlocked(folder, kept[i].name, true);
	free(kept);
}

/* Boot, and save when the guest is ready. False: it could not be saved, with a reason. */
static bool save(const struct snapshot_want *want, const char *path, char *reason, size_t size)
{
	const char *const segments[] = { want->base, want->modules, NULL };
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct guest_files files = { initrd_make(segments, NULL, 0), -1, -1 };
	char said[512];
	struct guest guest;

	space_need(path, want->machine->memory + SPACE_MB);
	guest_init(&guest, want->machine);
	guest_start(&guest, START_SAVE, path, folder, &files, want->boot_timeout, 0);
	guest_run(&guest);
	guest_errors(&guest, said, sizeof(said));
	*reason = '\0';
	if (guest.qemu.status)
		snprintf(reason, size, "QEMU ended with status %d: %s", guest.qemu.status, said);
	else if (*guest.save_error)
		snprintf(reason, size, "QEMU cannot save the machine: %s", guest.save_error);
	else if (!guest.saved)
		snprintf(reason, size, "the guest ended, or was ended, before it was ready");
	guest_end(&guest);
	close(folder);
	close(files.initrd);
	return !*reason;
}

/* Removes the files of a saved machine that nobody needs. */
static void strip(const char *folder)
{
	static const char *const names[] = { "share",  "machine.ndjson", "records.ndjson",
					     "stdout", "stderr",	 "serial.ndjson" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		path_set(path, "%s/%s", folder, names[i]);
		remove_tree(path);
	}
}

static bool make(const struct snapshot_want *want, const char *path, char *reason, size_t size)
{
	char part[PATH_MAX], sum[HASH_TEXT];
	bool made = false;

	if (!want->quiet)
		say("%s: booting a machine to start from, now and later", want->name);
	path_set(part, "%s" PART, path);
	remove_tree(path);
	remove_tree(part);
	temporary_set(part);
	if (folder_make(part)) {
		snprintf(reason, size, "%s: cannot be made", part);
	} else if (save(want, part, reason, size)) {
		strip(part);
		made = !checksum(part, sum) && !stamp_write(part, sum) && !rename(part, path);
		if (!made)
			snprintf(reason, size, "%s: cannot be written", part);
	}
	remove_tree(part);
	temporary_set(NULL);
	if (!made)
		say("%s: no machine to start from: %s", want->name, reason);
	return made;
}

/* The lock may be removed, with the snapshot, between open() and flock(): then it locks nothing. */
static bool lock_open(struct snapshot *snapshot, const char *path)
{
	struct stat st;

	do {
		if (snapshot->lock >= 0)
			close(snapshot->lock);
		snapshot->lock = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		if (snapshot->lock < 0)
			return false;
		lock_wait(snapshot->lock, LOCK_SH, NULL);
	} while (fstat(snapshot->lock, &st) == 0 && st.st_nlink == 0);
	return true;
}

static bool is_there(const char *path)
{
	char stamp[PATH_MAX];

	path_set(stamp, "%s/stamp", path);
	return access(stamp, F_OK) == 0;
}

/* Make the snapshot if it is not there, or damaged. Others may want the same. */
static bool provide(struct snapshot *snapshot, const struct snapshot_want *want, const char *folder,
		    char *reason, size_t size)
{
	bool there = is_there(snapshot->path) && verify(snapshot->path);

	if (there)
		return true;
	lock_wait(snapshot->lock, LOCK_EX, NULL);
	there = is_there(snapshot->path) && verify(snapshot->path);
	if (!there && is_there(snapshot->path))
		say("%s: damaged; making it again", snapshot->path);
	if (!there && !make(want, snapshot->path, reason, size))
		return false;
	lock_wait(snapshot->lock, LOCK_SH, NULL);
	/* Ours is locked, and stays. */
	evict(folder, want->max_mb);
	return true;
}

static bool files_open(struct snapshot *snapshot)
{
	char path[PATH_MAX];

	path_set(path, "%s/ram", snapshot->path);
	snapshot->memory = open(path, O_RDWR | O_CLOEXEC);
	path_set(path, "%s/vmstate", snapshot->path);
	snapshot->state = open(path, O_RDONLY | O_CLOEXEC);
	return snapshot->memory >= 0 && snapshot->state >= 0;
}

bool snapshot_open(struct snapshot *snapshot, const struct snapshot_want *want, char *reason,
		   size_t size)
{
	char key[HASH_TEXT], folder[PATH_MAX], lock[PATH_MAX];
	bool opened;

	*snapshot = (struct snapshot){ .lock = -1, .memory = -1, .state = -1 };
	*reason = '\0';
	if (want->machine->console != YES)
		snprintf(reason, size, "the kernel has no virtio console");
	else if (want->max_mb == 0)
		snprintf(reason, size, "BPFCHECK_SNAPSHOT_MB is 0");
	if (*reason)
		return false;
	snapshot_key(want, key);
	path_set(folder, "%s/snapshots", want->build);
	folder_make(folder);
	path_set(snapshot->path, "%s/%s", folder, key);
	path_set(lock, "%s.lock", snapshot->path);
	opened = lock_open(snapshot, lock) && provide(snapshot, want, folder, reason, size) &&
		 files_open(snapshot);
	if (!opened && !*reason)
		snprintf(reason, size, "%s: %s", snapshot->path, strerror(errno));
	return opened;
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
		remove_tree(snapshot->path);
	snapshot_close(snapshot);
}
