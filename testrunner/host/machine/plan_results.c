// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* The folder of results of one kernel of a plan. */
#include "host/machine/plan_results.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/machine/message.h"
#include "host/machine/results.h"

void plan_results_open(const struct plan *plan, const char *name)
{
	struct results results;

	results_open(&results, plan->options.results, name);
	results_close(&results);
}

void plan_results_problem(const struct plan *plan, const char *name, const char *spec,
			  const char *key, const char *why)
{
	results_problem(plan->options.results, name, spec, plan->options.accel, key, why);
}

bool plan_results_exist(const struct plan *plan, const char *name)
{
	char *file = text_new("%s/%s/run.json", plan->options.results, name);
	bool exists = !access(file, F_OK);

	free(file);
	return exists;
}

int plan_results_judge(const char *folder, char **line)
{
	char *summary, *at;
	int status = results_judge(folder, line, &summary);

	if (line) {
		at = *summary == '[' ? summary : strstr(summary, "\n[");
		at = at && *at == '\n' ? at + 1 : at;
		*line = at ? text_new("%.*s", (int)strcspn(at, "\n"), at) : NULL;
	}
	free(summary);
	return status;
}
