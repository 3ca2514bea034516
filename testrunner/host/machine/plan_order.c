// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Sorts the kernels by how long each took when it was last run with this suite and filter. */
#include "host/machine/plan_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file keeps so many lines, the latest. */
#define LINES_MOST 1000

static struct plan_kernel *find(struct plan_kernel *kernels, size_t count, const char *folder)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(kernels[i].folder, folder))
			return &kernels[i];
	return NULL;
}

/* Cut a line into seconds, folder, suite and filter. Returns false when it has less. */
static bool cut(char *line, char *fields[4])
{
	for (size_t i = 0; i < 4; i++) {
		fields[i] = strsep(&line, "\t");
		if (!fields[i])
			return false;
	}
	return true;
}

/* A stable sort, and there are few. */
static void sort(struct plan_kernel *kernels, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct plan_kernel kernel = kernels[i];
		size_t at = i;

		while (at && kernels[at - 1].known &&
		       (!kernel.known || kernel.seconds > kernels[at - 1].seconds)) {
			kernels[at] = kernels[at - 1];
			at--;
		}
		kernels[at] = kernel;
	}
}

void plan_order(struct plan_kernel *kernels, size_t count, char *text, const char *suite,
		const char *filter)
{
	char *line, *fields[4];
	double sum = 0;
	size_t known = 0;

	while ((line = strsep(&text, "\n"))) {
		struct plan_kernel *kernel;

		if (!cut(line, fields) || strcmp(fields[2], suite) || strcmp(fields[3], filter))
			continue;
		kernel = find(kernels, count, fields[1]);
		if (!kernel)
			continue;
		kernel->seconds = strtod(fields[0], NULL);
		kernel->known = true;
	}
	for (size_t i = 0; i < count; i++) {
		sum += kernels[i].known ? kernels[i].seconds : 0;
		known += kernels[i].known;
	}
	for (size_t i = 0; i < count; i++)
		if (!kernels[i].known)
			kernels[i].seconds = known ? sum / (double)known : 0;
	sort(kernels, count);
}

/* Does this line stand, when the kernels that are done get new ones? */
static bool stays(struct plan_kernel *kernels, size_t count, const char *line, size_t len,
		  const char *suite, const char *filter)
{
	char *copy = strndup(line, len), *fields[4];
	const struct plan_kernel *kernel;
	bool stale = true;

	if (copy && cut(copy, fields)) {
		kernel = find(kernels, count, fields[1]);
		stale = kernel && kernel->done && !strcmp(fields[2], suite) &&
			!strcmp(fields[3], filter);
	}
	free(copy);
	return !stale;
}

char *plan_order_learn(const struct plan_kernel *kernels, size_t count, const char *text,
		       const char *suite, const char *filter)
{
	size_t len = 0, lines = 0;
	char *result = NULL, *at;
	FILE *out = open_memstream(&result, &len);

	if (!out)
		return NULL;
	while (*text) {
		size_t line = strcspn(text, "\n");

		if (stays((struct plan_kernel *)kernels, count, text, line, suite, filter))
			fprintf(out, "%.*s\n", (int)line, text);
		text += line + (text[line] == '\n');
	}
	for (size_t i = 0; i < count; i++)
		if (kernels[i].done)
			fprintf(out, "%.3f\t%s\t%s\t%s\n", kernels[i].seconds, kernels[i].folder,
				suite, filter);
	if (fclose(out))
		return NULL;
	/* Only the last lines are kept. */
	for (at = result + len; at > result && lines <= LINES_MOST; at--)
		lines += at[-1] == '\n';
	if (lines > LINES_MOST)
		memmove(result, at + 1, strlen(at + 1) + 1);
	return result;
}
