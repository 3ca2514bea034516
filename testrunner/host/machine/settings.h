/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The last segment of the initramfs: the settings of one run, and modules that it brings along. */
#ifndef MACHINE_SETTINGS_H
#define MACHINE_SETTINGS_H

#include <stdio.h>

/* init reads no more. */
#define SETTINGS_MAX 65534

/* Write KEY=VALUE as one line: \n in it is a newline, \\ a backslash. Pure. */
void settings_write(FILE *out, const char *key, const char *value);

/* An entry of a cpio archive in the "newc" format (the kernel's buffer-format.rst). Pure. */
void cpio_write(FILE *out, const char *name, unsigned int mode, const void *bytes, size_t len);
void cpio_write_end(FILE *out);

/*
 * Write a module's entry as the index-th that init loads, unpacked if its name ends in .xz, .gz or .zst.
 * Dies (5).
 */
void module_write(FILE *out, const char *path, unsigned int index);

#endif
