// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Makes a symlink to TARGET, renames and deletes it: make_symlink TARGET. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "generator.h"

int main(int argc, char **argv)
{
	char target[4096];
	ssize_t len;

	if (argc != 2)
		die("usage: make_symlink TARGET");
	private_tmp();
	if (symlink(argv[1], "link"))
		die("symlink: %m");
	len = readlink("link", target, sizeof(target) - 1);
	if (len < 0)
		die("readlink: %m");
	target[len] = '\0';
	truth_text("target", target);
	truth_path("path", "link");
	truth_file("file", "link");
	if (rename("link", "renamed"))
		die("rename: %m");
	truth_path("renamed", "renamed");
	truth_number("renamed_length", strlen("/tmp/renamed"));
	if (unlink("renamed"))
		die("unlink: %m");
	truth_print();
	return 0;
}
