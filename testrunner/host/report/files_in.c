// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Collected files: from records to the folder collected/. Their names are a guest's. */
#include "host/report/files_in.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/text.h"

/*
 * They are made in a folder of our own: `current`, until all of it is there, then files/NAME. So
 * nobody sees a half, and nothing of ours stands in their way.
 */
struct files_in {
	const struct kernel_run *run;
	int dir, files; /* of our own; files/ in it */
	int current;	/* -1: none */
	char *name;	/* its */
};

static void complain(const struct files_in *in, const char *name, const char *why)
{
	fprintf(stderr, "bpfcheck report: %s: collected file ", in->run->path);
	text_line(stderr, name, PATH_MAX);
	fprintf(stderr, ": %s\n", why);
}

/* Absolute, every step leads down, and a terminal can show it. */
static bool name_is_safe(const char *name)
{
	const char *at = name;

	if (*at != '/' || strlen(name) >= PATH_MAX)
		return false;
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return false;
	while (*at) {
		size_t len = strcspn(++at, "/");

		if (!len || (at[0] == '.' && (len == 1 || (len == 2 && at[1] == '.'))))
			return false;
		at += len;
	}
	return true;
}

/* Open the folder of `path`, making those that are missing. Everything below it is ours: no links. */
static int folder_open(int files, char *path, char **base)
{
	int dir = dup(files), next;

	for (char *slash; dir >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		*slash = '\0';
		next = mkdirat(dir, path, 0777) && errno != EEXIST ?
			       -1 :
			       openat(dir, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		*slash = '/';
		close(dir);
		dir = next;
	}
	*base = path;
	return dir;
}

/* Move the current file to its final name. */
static int file_finish(struct files_in *in, bool whole)
{
	char *path = NULL, *base;
	int dir = -1, err = 0;

	if (close(in->current))
		err = -errno;
	in->current = -1;
	if (err)
		return err;
	if (!name_is_safe(in->name)) {
		complain(in, in->name, "refused: this is not a safe file name");
		return 0;
	}
	if (asprintf(&path, "%s%s", in->name + 1, whole ? "" : ".partial") < 0)
		return -ENOMEM;
	dir = folder_open(in->files, path, &base);
	if (dir < 0 || renameat(in->dir, "current", dir, base)) {
		complain(in, in->name, strerror(errno));
		/* A name that is another's folder, or longer than ours may be, is not the disk's fault. */
		if (errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EROFS)
			err = -errno;
	}
	if (dir >= 0)
		close(dir);
	free(path);
	return err;
}

static int bytes_write(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			return -errno;
		data += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int part_take(struct files_in *in, const struct file_line *part)
{
	size_t len = strlen(part->data);
	char *data;
	ssize_t bytes;
	int err = 0;

	/* records_in.c has already reported parts that do not follow each other. */
	if (in->current >= 0 && strcmp(in->name, part->name) != 0)
		err = file_finish(in, false);
	if (err)
		return err;
	if (in->current < 0) {
		/* A file that could not be read at all is not created. */
		if (part->last && part->error)
			return 0;
		free(in->name);
		in->name = strdup(part->name);
		in->current =
			openat(in->dir, "current", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (!in->name || in->current < 0)
			return in->name ? -errno : -ENOMEM;
	}
	data = malloc(len + 1);
	if (!data)
		return -ENOMEM;
	bytes = base64_decode(part->data, len, data);
	if (bytes > 0)
		err = bytes_write(in->current, data, (size_t)bytes);
	free(data);
	if (!err && part->last)
		err = file_finish(in, !part->error);
	return err;
}

static int line_take(struct files_in *in, const char *text, size_t len)
{
	json_t *record = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL), *nonce = NULL;
	const json_t *ours = in->run->has_run ? json_object_get(in->run->run_json, "nonce") : NULL;
	union record_line line;
	enum record_kind type;
	struct stamp stamp;
	char why[224];
	int err = 0;

	if (record && !record_rules_read(record, &stamp, &nonce, &type, &line, why, sizeof(why)) &&
	    type == RECORD_FILE && (!ours || json_equal(ours, nonce)))
		err = part_take(in, &line.file);
	json_decref(nonce);
	json_decref(record);
	return err;
}

static int lines_take(struct files_in *in)
{
	char *path, *line = NULL;
	size_t size = 0;
	FILE *records;
	ssize_t len;
	int err = 0;

	if (asprintf(&path, "%s/%s", in->run->path, run_file_name(FILE_RECORDS)) < 0)
		return -ENOMEM;
	records = fopen(path, "re");
	free(path);
	if (!records)
		return -errno;
	while (!err && (len = getline(&line, &size, records)) > 0)
		if (memmem(line, (size_t)len, "\"file\"", 6))
			err = line_take(in, line, (size_t)len);
	/* A file whose last part never came, because the guest died. */
	if (in->current >= 0 && !err)
		err = file_finish(in, false);
	free(line);
	fclose(records);
	return err;
}

int files_in_write(const struct kernel_run *run)
{
	struct files_in in = { .run = run, .dir = -1, .files = -1, .current = -1 };
	int parent = open(run->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;
	char own[] = ".collected.XXXXXX", *path = NULL;

	if (parent < 0)
		return -errno;
	if (!run->records.file_count || !faccessat(parent, "collected", F_OK, AT_SYMLINK_NOFOLLOW))
		goto out;
	if (asprintf(&path, "%s/%s", run->path, own) < 0 || !mkdtemp(path)) {
		err = -errno;
		goto out;
	}
	in.dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (in.dir < 0 || mkdirat(in.dir, "files", 0777) ||
	    (in.files = openat(in.dir, "files", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		err = -errno;
	err = err ?: lines_take(&in);
	if (!err && renameat(in.dir, "files", parent, "collected"))
		err = -errno;
	unlinkat(in.dir, "current", 0);
	rmdir(path);
out:
	if (in.current >= 0)
		close(in.current);
	if (in.files >= 0)
		close(in.files);
	if (in.dir >= 0)
		close(in.dir);
	close(parent);
	free(in.name);
	free(path);
	return err;
}
