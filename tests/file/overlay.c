// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * On an overlay of two directories makes, renames and deletes a file, and deletes one of the lower
 * directory. The overlay does the same, and more, in the upper directory on its own.
 */
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

int main(void)
{
	static const char *const folders[] = { "lower", "upper", "work", "merged" };

	private_tmp();
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (mkdir(folders[i], 0755))
			die("mkdir %s: %m", folders[i]);
	}
	make_file("lower/below", 0600, 3);
	if (mount("bpfcheck", "merged", "overlay", 0, "lowerdir=lower,upperdir=upper,workdir=work"))
		die("mount overlay: %m");
	make_file("merged/new", 0600, 0);
	if (rename("merged/new", "merged/renamed") || unlink("merged/renamed"))
		die("rename, unlink: %m");
	if (unlink("merged/below"))
		die("unlink merged/below: %m");
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
