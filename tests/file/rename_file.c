// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Renames /tmp/here/old to /tmp/there/new.
 *
 * rename_file KIND
 *   across     a file from one directory to another
 *   over       over a file that is there
 *   exchange   against a symlink that is there
 *   directory  a directory
 *   nothing    two names of one file, when rename() does nothing
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "generator.h"

#define OLD "/tmp/here/old"
#define NEW "/tmp/there/new"

static void make_across(void)
{
	make_file(OLD, 0640, 123);
}

static void make_over(void)
{
	make_file(OLD, 0640, 123);
	make_file(NEW, 0600, 5);
	truth_file("replaced", NEW);
}

static void make_exchange(void)
{
	make_file(OLD, 0640, 123);
	if (symlink("target", NEW))
		die("symlink " NEW ": %m");
	truth_file("replaced", NEW);
}

static void make_directory(void)
{
	if (mkdir(OLD, 0750))
		die("mkdir " OLD ": %m");
}

static void make_nothing(void)
{
	make_file(OLD, 0640, 123);
	if (link(OLD, NEW))
		die("link " NEW ": %m");
}

static const struct kind {
	const char *name;
	void (*make)(void);
	unsigned int flags;
} kinds[] = {
	{ "across", make_across, 0 },
	{ "over", make_over, 0 },
	{ "exchange", make_exchange, RENAME_EXCHANGE },
	{ "directory", make_directory, 0 },
	{ "nothing", make_nothing, 0 },
};

int main(int argc, char **argv)
{
	const struct kind *kind = FIND_MODE(kinds, argc > 1 ? argv[1] : "");

	private_tmp();
	if (mkdir("here", 0755) || mkdir("there", 0755))
		die("mkdir: %m");
	kind->make();
	truth_number("pid", (uint64_t)getpid());
	truth_task("task", getpid(), getpid());
	truth_path("old_path", OLD);
	truth_file("file", OLD);
	truth_namespaces("namespaces", getpid());
	/* musl 1.2.3 has no renameat2(). */
	if (syscall(SYS_renameat2, AT_FDCWD, OLD, AT_FDCWD, NEW, kind->flags))
		die("rename: %m");
	truth_path("new_path", NEW);
	truth_print();
	return 0;
}
