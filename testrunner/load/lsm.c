// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Which security modules the running kernel has. */
#include "load/lsm.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define LIST_MAX 4096

int lsm_active(const char *name)
{
	char *list, *rest, *word;
	int err, found = 0;
	size_t len;

	/* "lockdown,capability,yama,bpf" */
	err = file_read("/sys/kernel/security/lsm", LIST_MAX, &list, &len);
	if (err)
		return err;
	for (rest = list; !found && (word = strsep(&rest, ",\n"));)
		found = strcmp(word, name) == 0;
	free(list);
	return found;
}
