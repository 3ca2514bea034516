/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Makes folders, and cleans those that hold files to be made again. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

/* Make a folder and those above it, unless they exist. Errors: -errno. */
int folder_make(const char *path);
/* Remove the files of a folder that were not modified for two days, except those whose names begin with a dot. */
void folder_remove_old(const char *path);

#endif
