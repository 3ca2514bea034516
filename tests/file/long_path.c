// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * In a directory below DEPTH others, each with a name of LENGTH bytes, makes a file `leaf`, renames
 * it to `leaf2` and deletes that: long_path DEPTH LENGTH. The path may be longer than any system
 * call takes.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

static void descend(int depth, int length)
{
	char name[NAME_MAX + 1];

	memset(name, 'd', sizeof(name));
	name[length] = '\0';
	for (int i = 0; i < depth; i++) {
		/* So that the last is told from the first. */
		name[0] = i == 0 ? 'f' : i == depth - 1 ? 'l' : 'd';
		if (mkdir(name, 0755) || chdir(name))
			die("enter directory %d: %m", i);
	}
}

int main(int argc, char **argv)
{
	int depth = argc > 1 ? atoi(argv[1]) : 0, length = argc > 2 ? atoi(argv[2]) : 0;

	if (depth < 1 || length < 1 || length > NAME_MAX)
		die("usage: long_path DEPTH LENGTH, 1 to %d", NAME_MAX);
	private_tmp();
	descend(depth, length);
	make_file("leaf", 0600, 0);
	truth_file("file", "leaf");
	truth_number("pid", (uint64_t)getpid());
	truth_number("length",
		     strlen("/tmp") + (size_t)depth * ((size_t)length + 1) + strlen("/leaf"));
	if (rename("leaf", "leaf2"))
		die("rename: %m");
	if (unlink("leaf2"))
		die("unlink: %m");
	truth_print();
	return 0;
}
