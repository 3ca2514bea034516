// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds kernels' folders under a results root. */
#include "host/report/find.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The console's is there from the first moment: a run that was killed early must not go missing. */
static const char *const run_files[] = { "run.json", "records.ndjson", "machine.ndjson",
					 "console.log" };

bool find_is_kernel(const char *path)
{
	struct stat st;
	bool found = false;
	char *file;

	for (size_t i = 0; !found && i < sizeof(run_files) / sizeof(run_files[0]); i++) {
		if (asprintf(&file, "%s/%s", path, run_files[i]) < 0)
			return false;
		found = stat(file, &st) == 0;
		free(file);
	}
	return found;
}

static size_t digits_skip(const char **at)
{
	size_t len;

	while (**at == '0')
		(*at)++;
	for (len = 0; isdigit((unsigned char)**at); len++)
		(*at)++;
	return len;
}

/* Both at a digit: the longer number is the larger, else the one that differs first. */
static int number_compare(const char **a, const char **b)
{
	size_t a_len = digits_skip(a), b_len = digits_skip(b);

	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return memcmp(*a - a_len, *b - b_len, a_len);
}

/* A release candidate comes before its release; what follows "__" tells kernels of one version apart. */
static int rank(const char *at)
{
	if (*at == '~' || (strncmp(at, "-rc", 3) == 0 && isdigit((unsigned char)at[3])))
		return -1;
	return strncmp(at, "__", 2) == 0 ? 0 : (unsigned char)*at;
}

int version_compare(const char *a, const char *b)
{
	const char *a_start = a, *b_start = b;

	while (*a || *b) {
		int difference;

		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			difference = number_compare(&a, &b);
		} else {
			difference = rank(a) - rank(b);
			a += *a != '\0';
			b += *b != '\0';
		}
		if (difference)
			return difference < 0 ? -1 : 1;
	}
	/* 6.01 and 6.1: equal as versions, yet an order is due. */
	return strcmp(a_start, b_start);
}

struct list {
	char **names;
	size_t count;
};

static int list_add(struct list *list, char *name)
{
	char **grown = reallocarray(list->names, list->count + 1, sizeof(*grown));

	if (!grown) {
		free(name);
		return -ENOMEM;
	}
	list->names = grown;
	list->names[list->count++] = name;
	return 0;
}

static int list_distro(const char *root, const char *distro, struct list *list)
{
	struct dirent *entry;
	char *path, *name;
	DIR *dir;
	int err = 0;

	if (asprintf(&path, "%s/%s", root, distro) < 0)
		return -ENOMEM;
	dir = opendir(path);
	free(path);
	/* Not a folder: a file of the results root's own. */
	if (!dir)
		return errno == ENOTDIR ? 0 : -errno;
	while (!err && (entry = readdir(dir))) {
		bool is_kernel;

		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s/%s/%s", root, distro, entry->d_name) < 0) {
			err = -ENOMEM;
			break;
		}
		is_kernel = find_is_kernel(path);
		free(path);
		if (!is_kernel)
			continue;
		err = asprintf(&name, "%s/%s", distro, entry->d_name) < 0 ? -ENOMEM :
									    list_add(list, name);
	}
	closedir(dir);
	return err;
}

static int name_compare(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;

	return version_compare(*left, *right);
}

int find_kernels(const char *root, char ***names, size_t *count)
{
	struct list list = { 0 };
	struct dirent *entry;
	DIR *dir = opendir(root);
	int err = 0;

	*names = NULL;
	*count = 0;
	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			err = list_distro(root, entry->d_name, &list);
	closedir(dir);
	if (list.count)
		qsort(list.names, list.count, sizeof(*list.names), name_compare);
	*names = list.names;
	*count = list.count;
	return err;
}

void find_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}
