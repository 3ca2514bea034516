/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Versions of a folder with all that is in it, and the files that were made of them. */
#ifndef HOST_TREE_H
#define HOST_TREE_H

#include "host/machine/digest.h"

/*
 * A key that is another one when a file of the tree, or the file `more`, has changed, by names, sizes,
 * modes, owners and times. Errors: -errno.
 */
int tree_key(const char *path, const char *more, char key[DIGEST_TEXT]);

/* Remove the files of a folder that were not modified for two days, but for those that begin with a dot. */
void tree_remove_old(const char *folder);

#endif
