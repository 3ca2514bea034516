// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Opens the folder of a run, cleans it, and writes run.json. */
#include "host/machine/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/machine/message.h"
#include "host/machine/path.h"

#define LOCK_PAUSE_MS 50
#define SPACE_LEAST   16

static const char *const leftovers[] = {
	"share",       "run.json",  "records.ndjson", "serial.ndjson", "machine.ndjson",
	"control",     "stdin",	    "stdout",	      "stderr",	       "collected",
	"console.log", "junit.xml", "root",
};

static int folder_empty(int folder)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;
	int err = 0;

	if (!dir) {
		close(folder);
		return -errno;
	}
	/* A guest may have taken our own rights to write away. */
	fchmod(dirfd(dir), 0700);
	while (!err && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			err = tree_remove(dirfd(dir), entry->d_name);
	closedir(dir);
	return err;
}

int tree_remove(int folder, const char *name)
{
	int below, err;

	if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	below = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below < 0)
		return -errno;
	err = folder_empty(below);
	if (!err && unlinkat(folder, name, AT_REMOVEDIR))
		err = -errno;
	return err;
}

/* Files that report was writing when it was ended are called .collected.XXXXXX. */
static void collected_remove(int folder)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = again < 0 ? NULL : fdopendir(again);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, ".collected.", strlen(".collected.")))
			tree_remove(folder, entry->d_name);
	if (dir)
		closedir(dir);
}

int folder_make(const char *path)
{
	char part[PATH_MAX];

	path_set(part, "%s", path);
	if (!*part)
		return -ENAMETOOLONG;
	for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdir(part, 0777) && errno != EEXIST ? -errno : 0;
}

int space_need(int folder, const char *path, long megabytes)
{
	struct statvfs space;

	if (fstatvfs(folder, &space) == 0 &&
	    (long long)space.f_bavail * (long long)space.f_frsize / 1048576 >= megabytes)
		return 0;
	return fail(CODE_INFRA, "%s: the disk is full: less than %ld MB are free", path, megabytes);
}

int lock_wait(struct loop *loop, int fd, int operation, const char *what)
{
	bool said = false;

	/* flock() alone would not let go on a signal, which we have blocked. */
	while (flock(fd, operation | LOCK_NB)) {
		int err = errno == EWOULDBLOCK || errno == EINTR ?
				  loop_wait(loop, loop_now() + LOCK_PAUSE_MS) :
				  -errno;

		if (err)
			return err;
		if (!said && what)
			say("waiting for another process that is busy with %s", what);
		said = true;
	}
	return 0;
}

/* The link beside the folder, to its console. */
static void console_link(const char *path, const char *version)
{
	char link[PATH_MAX], target[PATH_MAX];

	path_set(link, "%s.txt", path);
	path_set(target, "%s/console.log", version);
	unlink(link);
	symlink(target, link);
}

int results_open(struct results *results, struct loop *loop, const char *root, const char *distro,
		 const char *version)
{
	char path[PATH_MAX];
	int code, err;

	*results = (struct results){ .folder = -1, .lock = -1 };
	path_set(path, "%s/%s/%s", root, distro, version);
	if (folder_make(path) || !realpath(path, results->path))
		return fail(CODE_INFRA, "%s/%s/%s: cannot be made", root, distro, version);
	results->folder = open(results->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	results->lock = openat(results->folder, ".lock", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (results->lock < 0)
		return fail(CODE_INFRA, "%s: cannot be made", results->path);
	code = space_need(results->folder, results->path, SPACE_LEAST);
	if (code)
		return code;
	err = lock_wait(loop, results->lock, LOCK_EX, results->path);
	if (err)
		return err == -EINTR ?
			       CODE_INFRA :
			       fail(CODE_INFRA, "lock %s: %s", results->path, strerror(-err));
	for (size_t i = 0; i < sizeof(leftovers) / sizeof(leftovers[0]); i++)
		tree_remove(results->folder, leftovers[i]);
	collected_remove(results->folder);
	console_link(results->path, version);
	return 0;
}

void results_close(struct results *results)
{
	if (results->folder >= 0)
		close(results->folder);
	if (results->lock >= 0)
		close(results->lock);
	results->folder = results->lock = -1;
}

/* Bytes that are no UTF-8 stay as they are, as in file names; control characters become blanks. */
static void write_text(FILE *out, const char *key, const char *text)
{
	fprintf(out, ",\n\t\"%s\": ", key);
	if (!text) {
		fputs("null", out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc((unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text, out);
	}
	fputc('"', out);
}

static void write_run(FILE *out, const struct run_facts *facts)
{
	/* The first begins the object. */
	fprintf(out, "{\n\t\"wall_ms\": %lld", facts->wall_ms);
	write_text(out, "distro", facts->distro);
	write_text(out, "kernel", facts->version);
	write_text(out, "spec", facts->spec);
	write_text(out, "accel", facts->accel);
	if (facts->nonce) {
		write_text(out, "nonce", facts->nonce);
		write_text(out, "start", facts->start);
		write_text(out, "kernel_args", facts->kernel_args);
		write_text(out, "key", facts->key);
		if (facts->qemu_status < 0)
			fputs(",\n\t\"qemu_status\": null", out);
		else
			fprintf(out, ",\n\t\"qemu_status\": %d", facts->qemu_status);
		fprintf(out, ",\n\t\"timed_out\": %s", facts->timed_out ? "true" : "false");
		write_text(out, "function", facts->function);
		write_text(out, "infra", facts->infra);
	} else if (facts->infra) {
		write_text(out, "infra", facts->infra);
	} else {
		write_text(out, "not_run", facts->not_run);
	}
	fputs("\n}\n", out);
}

int results_write(const struct results *results, const struct run_facts *facts)
{
	int fd = openat(results->folder, ".run.json", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			0666);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	int bad;

	if (!out) {
		if (fd >= 0)
			close(fd);
		return fail(CODE_INFRA, "%s/run.json: cannot be written", results->path);
	}
	write_run(out, facts);
	bad = ferror(out);
	if (fclose(out) || bad ||
	    renameat(results->folder, ".run.json", results->folder, "run.json"))
		return fail(CODE_INFRA, "%s/run.json: cannot be written", results->path);
	return 0;
}

/* The channels by which records may come, in the order of preference. */
static const char *const channels[] = { "records.ndjson", "serial.ndjson", "share/records.ndjson" };

/* The guest may have put a link into the share: it is not followed. */
static bool file_has_bytes(int folder, const char *name)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       st.st_size > 0;
}

bool results_have_record(int folder)
{
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
		if (file_has_bytes(folder, channels[i]))
			return true;
	return false;
}

void results_take_records(const struct results *results)
{
	int folder = results->folder;

	for (size_t i = 1; i < sizeof(channels) / sizeof(channels[0]); i++)
		if (!file_has_bytes(folder, channels[0]) && file_has_bytes(folder, channels[i]))
			renameat(folder, channels[i], folder, channels[0]);
	unlinkat(folder, "serial.ndjson", 0);
	unlinkat(folder, "root", 0);
	/* An empty share tells nothing. */
	unlinkat(folder, "share", AT_REMOVEDIR);
}
