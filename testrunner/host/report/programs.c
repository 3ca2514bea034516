// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Gathers the programs of one kernel. */
#include "host/report/programs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "record/failure_class.h"

#define TEXT_MAX_CHARS 300

/* As it is shown and compared. NULL when out of memory. */
static char *clean(const char *text)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return NULL;
	text_line(out, text, TEXT_MAX_CHARS);
	if (fclose(out)) {
		free(line);
		return NULL;
	}
	return line;
}

int programs_add(struct programs *programs, const char *object, const char *name, bool success,
		 const char *why, int64_t insns)
{
	struct program *list =
		reallocarray(programs->list, programs->count + 1, sizeof(*programs->list));
	struct program *program;

	if (!list)
		return -ENOMEM;
	programs->list = list;
	program = &list[programs->count++];
	*program = (struct program){ .object = clean(object),
				     .name = clean(name),
				     .success = success,
				     .why = why ? clean(why) : NULL,
				     .insns = insns };
	return program->object && program->name && (!why || program->why) ? 0 : -ENOMEM;
}

/* "helper not allowed: invalid func unknown#208"; NULL when out of memory */
static char *reason_of(const struct probe_line *probe)
{
	char *text;

	if (asprintf(&text, "%s%s%s", probe->class < 0 ? "" : failure_class_names[probe->class],
		     probe->class < 0 ? "" : ": ", probe->error) < 0)
		return NULL;
	return text;
}

int programs_of(const struct records *records, struct programs *programs)
{
	int err = 0;

	for (size_t i = 0; !err && i < records->probe_count; i++) {
		const struct probe_line *probe = &records->probes[i];
		char *why = probe->error ? reason_of(probe) : NULL;

		err = probe->error && !why ? -ENOMEM :
					     programs_add(programs, probe->object, probe->program,
							  !probe->error, why, probe->insns);
		free(why);
	}
	if (!err)
		programs_sort(programs);
	return err;
}

static int compare(const void *a, const void *b)
{
	const struct program *left = a, *right = b;
	int difference = strcmp(left->object, right->object);

	return difference ? difference : strcmp(left->name, right->name);
}

static void program_free(struct program *program)
{
	free(program->object);
	free(program->name);
	free(program->why);
}

/* Of two loads of one program, options may make a difference. */
static void merge(struct program *into, struct program *other)
{
	if (into->success && !other->success) {
		char *why = into->why;

		into->success = false;
		into->why = other->why;
		other->why = why;
	}
	if (other->insns > into->insns)
		into->insns = other->insns;
	program_free(other);
}

void programs_sort(struct programs *programs)
{
	size_t kept = 0;

	if (programs->count == 0)
		return;
	qsort(programs->list, programs->count, sizeof(*programs->list), compare);
	for (size_t i = 1; i < programs->count; i++) {
		if (compare(&programs->list[kept], &programs->list[i]) == 0)
			merge(&programs->list[kept], &programs->list[i]);
		else
			programs->list[++kept] = programs->list[i];
	}
	programs->count = kept + 1;
}

const struct program *programs_find(const struct programs *programs, const struct program *like)
{
	if (programs->count == 0)
		return NULL;
	return bsearch(like, programs->list, programs->count, sizeof(*programs->list), compare);
}

void programs_free(struct programs *programs)
{
	for (size_t i = 0; i < programs->count; i++)
		program_free(&programs->list[i]);
	free(programs->list);
	*programs = (struct programs){ 0 };
}
