// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Reads what is known of a fetched kernel. */
#include "host/machine/kernel_folder.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "host/machine/message.h"
#include "host/machine/path.h"

#define LIST_MAX (64 * 1024 * 1024)

bool kernel_name_valid(const char *distro, const char *version)
{
	return *distro && *version && *distro != '.' && *version != '.' && !strchr(distro, '/') &&
	       !strchr(version, '/');
}

bool modules_list_has(const char *text, const char *module)
{
	size_t len = strlen(module);

	for (const char *at = text; (at = strstr(at, module)); at += len)
		if ((at == text || at[-1] == '/' || at[-1] == '\n') && !strncmp(at + len, ".ko", 3))
			return true;
	return false;
}

bool config_builds_in(const char *text, const char *config)
{
	size_t len = strlen(config);

	for (const char *at = text; (at = strstr(at, config)); at += len)
		if ((at == text || at[-1] == '\n') && !strncmp(at + len, "=y", 2))
			return true;
	return false;
}

static int name_take(json_t *meta, const char *key, const char *fallback, char *text, size_t size)
{
	const char *value = json_string_value(json_object_get(meta, key));

	value = value ? value : fallback;
	return snprintf(text, size, "%s", value) >= (int)size;
}

/* A kernel that was fetched before its architecture was written down is for x86-64. */
static void meta_read(const char *path, const char *spec, struct kernel_folder *folder)
{
	char file[PATH_MAX], arch[64];
	json_t *meta;
	int bad;

	path_set(file, "%s/meta.json", path);
	meta = json_load_file(file, JSON_REJECT_DUPLICATES, NULL);
	bad = name_take(meta, "distro", "", folder->distro, sizeof(folder->distro)) ||
	      name_take(meta, "version", "", folder->version, sizeof(folder->version)) ||
	      name_take(meta, "arch", "x86_64", arch, sizeof(arch)) ||
	      !kernel_name_valid(folder->distro, folder->version);
	json_decref(meta);
	if (bad)
		die(EXIT_INFRA, "%s: not one of fetch-kernel's", file);
	folder->arch = arch_find(arch);
	if (!folder->arch)
		die(EXIT_INFRA, "%s: a kernel for %s; only those for x86_64 can be booted so far",
		    spec, arch);
}

void kernel_folder_open(const char *path, const char *spec, struct kernel_folder *folder)
{
	*folder = (struct kernel_folder){ .path = path };
	meta_read(path, spec, folder);
	for (size_t i = 0; folder->arch->images[i]; i++) {
		path_set(folder->image, "%s/%s", path, folder->arch->images[i]);
		if (access(folder->image, F_OK) == 0)
			break;
	}
}

static enum answer file_has(const char *path, const char *name,
			    bool (*has)(const char *text, const char *name))
{
	char *text;
	size_t len;
	bool found;

	if (file_read(path, LIST_MAX, &text, &len))
		return UNKNOWN;
	found = has(text, name);
	free(text);
	return found ? YES : NO;
}

/* The path of the kernel's own modules.dep; "": it has none. */
static void modules_find(const struct kernel_folder *folder, char path[PATH_MAX])
{
	char release[NAME_MAX + 1] = "";
	struct dirent *entry;
	DIR *dir;

	path_set(path, "%s/modules/lib/modules", folder->path);
	dir = opendir(path);
	while (dir && !*release && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			snprintf(release, sizeof(release), "%s", entry->d_name);
	if (dir)
		closedir(dir);
	path_set(path, "%s/modules/lib/modules/%s/modules.dep", folder->path, release);
	if (!*release || access(path, F_OK))
		*path = '\0';
}

/* With a list of modules, the list of what is built in decides too. */
static enum answer modules_have(const struct kernel_folder *folder, const char *module)
{
	char path[PATH_MAX], builtin[PATH_MAX];
	enum answer answer;

	modules_find(folder, path);
	if (!*path)
		return UNKNOWN;
	answer = file_has(path, module, modules_list_has);
	path_set(builtin, "%.*sbuiltin", (int)strlen(path) - 3, path);
	if (answer == NO && file_has(builtin, module, modules_list_has) == YES)
		answer = YES;
	return answer;
}

enum answer kernel_folder_has(const struct kernel_folder *folder, const char *module,
			      const char *config)
{
	enum answer answer = modules_have(folder, module);
	char path[PATH_MAX];

	if (answer != UNKNOWN)
		return answer;
	/* Without modules it can only be built in. */
	path_set(path, "%s/config", folder->path);
	return file_has(path, config, config_builds_in);
}
