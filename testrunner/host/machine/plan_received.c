// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Takes the results that another host sent, which is trusted with nothing. */
#include "host/machine/plan_received.h"

#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/machine/child.h"
#include "host/machine/files.h"
#include "host/machine/message.h"
#include "host/machine/option.h"
#include "host/machine/plan_results.h"
#include "host/machine/results.h"

long plan_received_limit(void)
{
	const char *mb = getenv("BPFCHECK_RESULT_MB");

	return option_number("BPFCHECK_RESULT_MB", mb ? mb : "256", 1) << 20;
}

/* The files of a run that the report reads. run.json, which comes last, is written here. */
static const char *const files[] = { "records.ndjson", "machine.ndjson", "console.log", "share" };

/* bsdtar would read much else, and uncompress it: only a tar archive as it is. */
static bool is_tar(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char magic[5] = "";
	struct stat st;
	bool tar;

	tar = fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) && pread(fd, magic, 5, 257) == 5 &&
	      !memcmp(magic, "ustar", 5);
	if (fd >= 0)
		close(fd);
	return tar;
}

/* Returns 1 for what is neither a file of one name nor a folder. */
static int check_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_D)
		return chmod(path, 0755) ? 1 : 0;
	if (type != FTW_F || !S_ISREG(st->st_mode) || st->st_nlink != 1)
		return 1;
	return chmod(path, 0644) ? 1 : 0;
}

static bool unpack(const char *tar, const char *folder)
{
	const struct child_setup bsdtar = {
		.argv = (const char *const[]){ "bsdtar", "-x", "-f", tar, "-C", folder,
					       "--no-same-owner", "--no-same-permissions",
					       "--no-acls", "--no-xattrs", "--no-fflags", NULL },
		.out = "/dev/null",
		.err = "/dev/null",
		.file_bytes = plan_received_limit(),
		.memory_bytes = 2L << 30,
	};

	return !mkdir(folder, 0755) && !child_run(&bsdtar) &&
	       !nftw(folder, check_one, 16, FTW_PHYS);
}

static json_t *read_run(const char *folder, const struct plan_kernel *kernel, const char *host)
{
	const char *version = strchr(kernel->name, '/') + 1;
	char *path = text_new("%s/run.json", folder);
	json_t *run = json_load_file(path, 0, NULL);

	free(path);
	if (!json_is_object(run) ||
	    json_object_set_new(run, "distro",
				json_stringn(kernel->name, (size_t)(version - 1 - kernel->name))) ||
	    json_object_set_new(run, "kernel", json_string(version)) ||
	    json_object_set_new(run, "spec", json_string(kernel->folder)) ||
	    json_object_set_new(run, "host", json_string(host))) {
		json_decref(run);
		return NULL;
	}
	return run;
}

static void move(const char *from, const char *to)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *file = text_new("%s/%s", from, files[i]),
		     *target = text_new("%s/%s", to, files[i]);

		rename(file, target);
		free(file);
		free(target);
	}
}

enum received plan_received_take(const struct plan *plan, const char *folder,
				 const struct plan_kernel *kernel, const char *host)
{
	char *tar = text_new("%s/result.tar", folder);
	char *results = text_new("%s/%s", plan->options.results, kernel->name);
	/* On the file system of the results, so that they need only be moved. */
	char *unpacked = text_new("%s/.received", results);
	enum received received = RECEIVED_OTHER;
	json_t *run = NULL;
	struct stat st;

	if (lstat(tar, &st)) {
		received = RECEIVED_NOTHING;
	} else {
		plan_results_open(plan, kernel->name);
		run = is_tar(tar) && unpack(tar, unpacked) ? read_run(unpacked, kernel, host) :
							     NULL;
	}
	if (run) {
		move(unpacked, results);
		if (!results_write(results, run))
			exit(EXIT_INFRA);
		received = RECEIVED;
	}
	remove_tree(unpacked);
	free(tar);
	free(results);
	free(unpacked);
	return received;
}
