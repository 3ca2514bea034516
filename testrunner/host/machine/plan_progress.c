// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* How far the kernels are, and when all of them will be done. */
#include "host/machine/plan_progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct plan_progress plan_progress_new(const struct plan_kernel *kernels, size_t count, long jobs)
{
	struct plan_progress progress = { .count = count, .jobs = jobs };

	for (size_t i = 0; i < count; i++)
		progress.expected += kernels[i].seconds;
	return progress;
}

/* The seconds at the end of a line; -1 when it has none. */
static double seconds_of(const char *line)
{
	size_t len = strlen(line);
	const char *at = line + len;

	if (len < 2 || strcmp(at - 2, " s"))
		return -1;
	for (at -= 2; at > line && at[-1] != ' ';)
		at--;
	return strtod(at, NULL);
}

int plan_progress_verdict(struct plan_progress *progress, const struct plan_kernel *kernels,
			  size_t count, const char *line)
{
	size_t outcome = *line == '[' ? strspn(line + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;
	const char *name = line + outcome + 3;
	bool failed = strncmp(line, "[PASS]", 6) != 0;
	double expected = 0, took = seconds_of(line);

	if (!outcome || strncmp(name - 2, "] ", 2))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strlen(kernels[i].name) == strcspn(name, " ") &&
		    !strncmp(name, kernels[i].name, strlen(kernels[i].name)))
			expected = kernels[i].seconds;
	progress->ended++;
	progress->failed += failed;
	progress->done += expected;
	progress->took += took < 0 ? expected : took;
	return failed ? 2 : 1;
}

/*
 * Before the first kernel has ended, the durations of the last run are the measure; then how much
 * longer or shorter the kernels took.
 */
static double seconds_left(const struct plan_progress *progress)
{
	double pace = progress->done > 0 ? progress->took / progress->done : 1;

	if (progress->expected > 0)
		return (progress->expected - progress->done) * pace / (double)progress->jobs;
	if (!progress->ended)
		return 0;
	return (double)(progress->count - progress->ended) * progress->took /
	       (double)progress->ended / (double)progress->jobs;
}

void plan_progress_format(const struct plan_progress *progress, time_t now, char *text, size_t size)
{
	time_t left = (time_t)(seconds_left(progress) + 0.5), end = now + left;
	char clock[16] = "";
	struct tm tm;

	if (left > 0 && localtime_r(&end, &tm))
		strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	snprintf(text, size, "%zu of %zu kernels, %zu failed%s%s", progress->ended, progress->count,
		 progress->failed, *clock ? ", ETA " : "", clock);
}
