/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A results folder of a test's own: cmocka's set-up and tear-down. Included after report_guest.h. */
#ifndef REPORT_ROOT_H
#define REPORT_ROOT_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char root[64];

static int root_make(void **state)
{
	(void)state;
	strcpy(root, "/tmp/report_test.XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int root_entry_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int root_remove(void **state)
{
	(void)state;
	return nftw(root, root_entry_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
