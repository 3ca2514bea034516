// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Of the listeners before no process is left. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "generator.h"

int main(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	if (!proc)
		die("/proc: %m");
	while ((entry = readdir(proc))) {
		char path[300], comm[32] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = isdigit((unsigned char)entry->d_name[0]) ? fopen(path, "re") : NULL;
		if (!file)
			continue;
		if (fgets(comm, sizeof(comm), file) && strcmp(comm, "talker\n") == 0)
			die("process %s is left", entry->d_name);
		fclose(file);
	}
	closedir(proc);
	return 0;
}
