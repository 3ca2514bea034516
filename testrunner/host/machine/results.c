// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Opens the folder of a run, cleans it, writes run.json, and has it judged. */
#include "host/machine/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/folder.h"
#include "base/text.h"
#include "host/machine/child.h"
#include "host/machine/files.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

#define SPACE_MB 16

static const char *const leftovers[] = {
	"share",       "run.json",  "records.ndjson", "serial.ndjson", "machine.ndjson",
	"control",     "stdin",	    "stdout",	      "stderr",	       "collected",
	"console.log", "junit.xml", "root",	      ".received",
};

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

/* The link beside the folder, to its console. */
static void console_link(const char *path)
{
	char link[PATH_MAX], target[PATH_MAX];

	path_set(link, "%s.txt", path);
	path_set(target, "%s/console.log", strrchr(path, '/') + 1);
	unlink(link);
	if (symlink(target, link))
		die(EXIT_INFRA, "%s: cannot be made: %s", link, strerror(errno));
}

void results_open(struct results *results, const char *root, const char *name)
{
	char path[PATH_MAX];

	path_set(path, "%s/%s", root, name);
	if (folder_make(path) || !realpath(path, results->path))
		die(EXIT_INFRA, "%s/%s: cannot be made", root, name);
	space_need(results->path, SPACE_MB);
	results->folder = open(results->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	path_set(path, "%s/.lock", results->path);
	results->lock = lock_take(path, results->path);
	for (size_t i = 0; i < sizeof(leftovers) / sizeof(leftovers[0]); i++)
		tree_remove(results->folder, leftovers[i]);
	collected_remove(results->folder);
	console_link(results->path);
}

void results_close(struct results *results)
{
	close(results->folder);
	close(results->lock);
}

json_t *results_text(const char *text)
{
	char *valid = text ? text_utf8(text, strlen(text)) : NULL;
	json_t *value = valid ? json_string(valid) : json_null();

	free(valid);
	return value;
}

bool results_write(const char *folder, json_t *run)
{
	char path[PATH_MAX], *bytes;
	size_t len;
	FILE *file = open_memstream(&bytes, &len);
	const char *key, *comma = "";
	json_t *value;

	bool written;

	if (!file)
		return false;
	fputc('{', file);
	json_object_foreach(run, key, value) {
		fprintf(file, "%s\n\t\"%s\": ", comma, key);
		json_dumpf(value, file, JSON_ENCODE_ANY);
		comma = ",";
	}
	fputs("\n}\n", file);
	path_set(path, "%s/run.json", folder);
	written = !fclose(file) && !file_replace(path, bytes, len);
	if (!written)
		say("%s: cannot be written", path);
	free(bytes);
	json_decref(run);
	return written;
}

void results_problem(const char *root, const char *name, const char *spec, const char *accel,
		     const char *key, const char *why)
{
	struct results results;

	results_open(&results, root, name);
	if (!results_write(results.path,
			   json_pack("{s:s#, s:s, s:o, s:s, s:o}", "distro", name,
				     (int)strcspn(name, "/"), "kernel", strchr(name, '/') + 1,
				     "spec", results_text(spec), "accel", accel, key,
				     results_text(why))))
		exit(EXIT_INFRA);
	results_close(&results);
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

int results_judge(const char *folder, bool write, char **summary)
{
	const char *const whole[] = { "/proc/self/exe", "report", folder, NULL };
	/* With a format it writes nothing into the folder. */
	const char *const brief[] = { "/proc/self/exe", "report", "--format",
				      "summary",	folder,	  NULL };
	char *text;
	int status = child_capture(write ? whole : brief, write ? 2 : 0, &text, NULL);

	if (summary)
		*summary = text;
	else
		free(text);
	return status <= EXIT_INFRA ? status : EXIT_INFRA;
}
