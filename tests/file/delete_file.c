// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Deletes one file of /tmp.
 *
 * delete_file KIND
 *   regular   a file with something in it, and with an owner
 *   open      a file that stays open
 *   link      one of a file's two names
 *   symlink   a symlink, not what it points to
 *   fifo
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static void make_regular(void)
{
	make_file("old", 0651, 4321);
	if (chown("old", 1003, 2003))
		die("chown old: %m");
}

static void make_open(void)
{
	make_file("old", 0600, 10);
	if (open("old", O_RDONLY | O_CLOEXEC) < 0)
		die("open old: %m");
}

static void make_link(void)
{
	make_file("other", 0600, 20);
	if (link("other", "old"))
		die("link old: %m");
}

static void make_symlink(void)
{
	make_file("other", 0600, 0);
	if (symlink("other", "old"))
		die("symlink old: %m");
}

static void make_fifo(void)
{
	if (mkfifo("old", 0600))
		die("mkfifo old: %m");
}

static const struct kind {
	const char *name;
	void (*make)(void);
} kinds[] = {
	{ "regular", make_regular }, { "open", make_open }, { "link", make_link },
	{ "symlink", make_symlink }, { "fifo", make_fifo },
};

int main(int argc, char **argv)
{
	const struct kind *kind = FIND_MODE(kinds, argc > 1 ? argv[1] : "");

	private_tmp();
	kind->make();
	truth_number("pid", (uint64_t)getpid());
	truth_task("task", getpid(), getpid());
	truth_path("path", "old");
	truth_file("file", "old");
	truth_namespaces("namespaces", getpid());
	if (unlink("old"))
		die("unlink old: %m");
	truth_print();
	return 0;
}
