// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* testrunner collect: files of the guest, as records. */
#include "run/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "record/record.h"

/* The host also limits the records that it reads: to 256 MiB, see records.md. */
#define FILES_MAX 10000
#define BYTES_MAX (64 << 20)
#define CHUNK	  (48 * 1024)

static const char usage[] =
	"Usage: testrunner collect GLOB...\n"
	"\n"
	"Write the matching files to the records, for bpfcheck's init (run-kernel --collect). A folder stands for the regular\n"
	"files in it. Pseudo files are read to their end, or until reading would block.\n"
	"\n"
	"Exit codes: 0 done, whatever files there are, 2 bad arguments, 5 records could not be written.\n";

/* nftw() passes no context to its callback. */
static struct {
	struct record_writer *records;
	size_t files;
	int64_t bytes; /* that may still be sent */
} state = { .bytes = BYTES_MAX };

/* Send the content up to its end. Returns NULL or the error. */
static const char *content_send(int fd, struct file_record *file)
{
	static char chunk[CHUNK];
	ssize_t len;

	while ((len = read(fd, chunk, sizeof(chunk))) != 0) {
		if (len < 0 && errno == EINTR)
			continue;
		/* trace_pipe, for example, would block. */
		if (len < 0)
			return errno == EAGAIN ? NULL : strerror(errno);
		file->data = chunk;
		file->len = len < state.bytes ? (size_t)len : (size_t)state.bytes;
		state.bytes -= (int64_t)file->len;
		record_file(state.records, file);
		file->offset += (int64_t)file->len;
		if (file->len < (size_t)len)
			return "cut off: the limit is 64 MiB in all";
	}
	return NULL;
}

static void file_send(const char *path)
{
	struct file_record file = { .name = path, .size = -1 };
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	state.files++;
	if (fd < 0 || fstat(fd, &st)) {
		file.error = strerror(errno);
	} else if (!S_ISREG(st.st_mode)) {
		file.error = "not a regular file";
	} else {
		/* The size of a pseudo file is unknown. */
		file.size = st.st_size ? st.st_size : -1;
		file.error = content_send(fd, &file);
	}
	if (fd >= 0)
		close(fd);
	file.len = 0;
	file.last = true;
	record_file(state.records, &file);
}

static void note(const char *name, const char *error)
{
	const struct file_record file = { .name = name, .size = -1, .last = true, .error = error };

	record_file(state.records, &file);
}

static int walk(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)place;
	if (type == FTW_DNR)
		note(path, "the folder cannot be read");
	if (type != FTW_F || !S_ISREG(st->st_mode))
		return 0;
	if (state.files == FILES_MAX) {
		note(path, "left out, like all later files: the limit is 10000 files");
		return 1;
	}
	file_send(path);
	return 0;
}

/* Returns whether there is room for more. */
static bool match_send(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && S_ISDIR(st.st_mode))
		return nftw(path, walk, 16, FTW_PHYS) <= 0;
	file_send(path);
	return state.files < FILES_MAX;
}

static void pattern_send(const char *pattern)
{
	glob_t matches;
	bool room = true;

	if (glob(pattern, 0, NULL, &matches)) {
		note(pattern, "matches no file");
		return;
	}
	for (size_t i = 0; room && i < matches.gl_pathc; i++)
		room = match_send(matches.gl_pathv[i]);
	globfree(&matches);
}

int files_out_main(int argc, char **argv)
{
	char error[256];

	if (argc < 2 || argv[1][0] == '-') {
		bool help = argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"));

		fputs(usage, help ? stdout : stderr);
		return help ? 0 : EXIT_USAGE;
	}
	if (record_open(NULL, &state.records, error, sizeof(error))) {
		fprintf(stderr, "testrunner: %s\n", error);
		return EXIT_INFRA;
	}
	for (int i = 1; i < argc; i++)
		pattern_send(argv[i]);
	return record_close(state.records, 0) ? EXIT_INFRA : 0;
}
