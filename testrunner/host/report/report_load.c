// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Finds and reads the results of kernels. */
#include "host/report/report_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/report/find.h"

static int load_one(struct report *report, const char *root, const char *name)
{
	char *path;
	int err;

	if (asprintf(&path, "%s/%s", root, name) < 0)
		return -ENOMEM;
	err = kernel_run_load(path, name, &report->runs[report->count++]);
	free(path);
	return err;
}

/* Two specs may have led to the same kernel: it ran once, and counts once. */
static bool is_repeated(char **names, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (!strcmp(names[i], names[index]))
			return true;
	return false;
}

static int load_all(struct report *report, const char *root, char **names, size_t count)
{
	int err = 0;

	report->runs = calloc(count, sizeof(*report->runs));
	if (!report->runs)
		return -ENOMEM;
	for (size_t i = 0; i < count && !err; i++) {
		size_t len = strlen(names[i]);

		while (len > 1 && names[i][len - 1] == '/')
			names[i][--len] = '\0';
		if (!is_repeated(names, i))
			err = load_one(report, root, names[i]);
	}
	return err;
}

int report_load(const char *root, char **wanted, size_t wanted_count, struct report *report)
{
	char **found = NULL;
	size_t count = 0;
	int err;

	report->root = root;
	if (wanted_count)
		return load_all(report, root, wanted, wanted_count);
	if (find_is_kernel(root)) {
		report->runs = calloc(1, sizeof(*report->runs));
		report->count = report->runs ? 1 : 0;
		report->root = NULL;
		return report->runs ? kernel_run_load(root, NULL, report->runs) : -ENOMEM;
	}
	err = find_kernels(root, &found, &count);
	if (!err && count)
		err = load_all(report, root, found, count);
	find_free(found, count);
	return err;
}

void report_free(struct report *report)
{
	for (size_t i = 0; i < report->count; i++)
		kernel_run_free(&report->runs[i]);
	free(report->runs);
}
