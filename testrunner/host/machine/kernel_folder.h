/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The folder that fetch-kernel makes per kernel: meta.json, config, modules. */
#ifndef MACHINE_KERNEL_FOLDER_H
#define MACHINE_KERNEL_FOLDER_H

#include <limits.h>

#include "host/machine/arch.h"

enum answer { NO, YES, UNKNOWN };

struct kernel_folder {
	const char *path;
	char distro[256], version[256];
	const struct arch *arch;
	char image[PATH_MAX]; /* the one to boot */
};

/* Dies (5). `spec` is what the user called it. */
void kernel_folder_open(const char *path, const char *spec, struct kernel_folder *folder);

/* Whether the kernel has a feature, as `module` or because `config` builds it in. */
enum answer kernel_folder_has(const struct kernel_folder *folder, const char *module,
			      const char *config);

/* Is DISTRO/VERSION safe as the names of two folders? Pure. */
bool kernel_name_valid(const char *distro, const char *version);
/* Does modules.dep or modules.builtin name `module`? Pure. */
bool modules_list_has(const char *text, const char *module);
/* Does the configuration build `config` in? Pure. */
bool config_builds_in(const char *text, const char *config);

#endif
