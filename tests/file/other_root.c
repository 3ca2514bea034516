// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Makes, renames and deletes a file where the way to it is not what the directories say.
 *
 * other_root WAY
 *   bind     below /tmp/bound, where /tmp/real/inner is mounted as well
 *   chroot   in a process whose root is /tmp/real
 */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static void work_in(const char *folder)
{
	if (chdir(folder))
		die("chdir %s: %m", folder);
	make_file("file", 0600, 0);
	if (rename("file", "renamed") || unlink("renamed"))
		die("rename, unlink in %s: %m", folder);
}

static void by_bind(void)
{
	if (mkdir("bound", 0755) || mount("real/inner", "bound", NULL, MS_BIND, NULL))
		die("bind: %m");
	work_in("/tmp/bound");
}

static void by_chroot(void)
{
	pid_t child = fork_or_die();

	if (child == 0) {
		if (chroot("real"))
			die("chroot: %m");
		work_in("/inner");
		_exit(0);
	}
	expect_exit(child, 0);
}

static const struct way {
	const char *name;
	void (*work)(void);
} ways[] = { { "bind", by_bind }, { "chroot", by_chroot } };

int main(int argc, char **argv)
{
	const struct way *way = FIND_MODE(ways, argc > 1 ? argv[1] : "");

	private_tmp();
	if (mkdir("real", 0755) || mkdir("real/inner", 0755))
		die("mkdir: %m");
	way->work();
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
