// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* verifier.csv, written and read. A field with commas or quotes is in quotes (RFC 4180). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/report/programs.h"
#include "record/failure_class.h"

#define COLUMNS_MAX    64
#define TEXT_MAX_CHARS 300

/* In this order. Those without `number` are words of their own. */
static const struct {
	const char *name;
	size_t number; /* offset in struct probe_line */
} columns[] = {
	{ "kernel", 0 },
	{ "file_name", 0 },
	{ "prog_name", 0 },
	{ "verdict", 0 },
	{ "duration", offsetof(struct probe_line, verify_us) },
	{ "total_insns", offsetof(struct probe_line, insns) },
	{ "total_states", offsetof(struct probe_line, states) },
	{ "peak_states", offsetof(struct probe_line, peak_states) },
	{ "prog_size_jited", offsetof(struct probe_line, jited) },
	{ "stack_depth", offsetof(struct probe_line, stack) },
	{ "class", 0 },
};

#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

static int write_text(FILE *out, const char *text)
{
	char *line = NULL;
	size_t size;
	FILE *clean = open_memstream(&line, &size);
	bool quotes;

	if (!clean)
		return -ENOMEM;
	text_line(clean, text, TEXT_MAX_CHARS);
	if (fclose(clean)) {
		free(line);
		return -ENOMEM;
	}
	quotes = strpbrk(line, ",\"");
	if (quotes)
		fputc('"', out);
	for (const char *c = line; *c; c++) {
		if (*c == '"')
			fputc('"', out);
		fputc(*c, out);
	}
	if (quotes)
		fputc('"', out);
	free(line);
	return 0;
}

static int write_program(FILE *out, const char *kernel, const struct probe_line *probe)
{
	const char *const words[COLUMN_COUNT] = {
		kernel,
		probe->object,
		probe->program,
		probe->error ? "failure" : "success",
		[COLUMN_COUNT - 1] = probe->class < 0 ? "" : failure_class_names[probe->class],
	};
	int err = 0;

	for (size_t i = 0; !err && i < COLUMN_COUNT; i++) {
		if (i)
			fputc(',', out);
		if (words[i]) {
			err = write_text(out, words[i]);
		} else {
			int64_t number =
				*(const int64_t *)((const char *)probe + columns[i].number);

			if (number >= 0)
				fprintf(out, "%lld", (long long)number);
		}
	}
	fputc('\n', out);
	return err;
}

int verifier_csv_write(FILE *out, const struct report *report)
{
	int err = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		fprintf(out, "%s%s", i ? "," : "", columns[i].name);
	fputc('\n', out);
	for (size_t i = 0; i < report->count; i++) {
		const struct kernel_run *run = &report->runs[i];

		for (size_t j = 0; !err && j < run->records.probe_count; j++)
			err = write_program(out, run->name, &run->records.probes[j]);
	}
	return err;
}

/* A file of such lines, copied, taken apart where it stands. */
struct csv {
	char *at, *end;
	size_t line;
	char *fields[COLUMNS_MAX];
	size_t count;
};

/* The field at csv->at, up to its separator, which is returned: ',', '\n', or 0 for wrong quotes. */
static char field_read(struct csv *csv, char **field)
{
	char *to = csv->at, separator;
	bool quoted = *csv->at == '"';

	*field = to;
	csv->at += quoted;
	while (quoted && csv->at < csv->end) {
		if (*csv->at == '"' && *++csv->at != '"') {
			quoted = false;
			break;
		}
		*to++ = *csv->at++;
	}
	if (quoted)
		return 0;
	while (!strchr(",\n\"", *csv->at))
		*to++ = *csv->at++;
	if (to > *field && to[-1] == '\r' && *csv->at == '\n')
		to--;
	separator = *csv->at++;
	*to = '\0';
	return separator == '"' ? 0 : separator;
}

static int line_read(struct csv *csv, char *error, size_t error_size)
{
	char separator = ',';

	csv->line++;
	for (csv->count = 0; separator == ','; csv->count++) {
		if (csv->count == COLUMNS_MAX) {
			snprintf(error, error_size, "line %zu: more than %d columns", csv->line,
				 COLUMNS_MAX);
			return -EINVAL;
		}
		separator = field_read(csv, &csv->fields[csv->count]);
	}
	if (separator == '\n')
		return 0;
	snprintf(error, error_size, "line %zu: quotes that do not fit", csv->line);
	return -EINVAL;
}

enum wanted { KERNEL, FILE_NAME, PROG_NAME, VERDICT, TOTAL_INSNS, CLASS, WANTED_COUNT };

static const char *const wanted_names[] = {
	[KERNEL] = "kernel",   [FILE_NAME] = "file_name",     [PROG_NAME] = "prog_name",
	[VERDICT] = "verdict", [TOTAL_INSNS] = "total_insns", [CLASS] = "class",
};

/* Where the columns that we want stand. */
static int head_read(struct csv *csv, size_t *places, char *error, size_t error_size)
{
	int err = line_read(csv, error, error_size);

	for (size_t i = 0; !err && i < WANTED_COUNT; i++) {
		places[i] = 0;
		while (places[i] < csv->count &&
		       strcmp(csv->fields[places[i]], wanted_names[i]) != 0)
			places[i]++;
		if (places[i] == csv->count) {
			snprintf(error, error_size, "line 1: no column \"%s\"", wanted_names[i]);
			err = -EINVAL;
		}
	}
	return err;
}

static int program_read(const struct csv *csv, const size_t *places, size_t columns_wanted,
			struct csv_program *program, char *error, size_t error_size)
{
	const char *verdict, *insns;
	char *end;

	if (csv->count != columns_wanted) {
		snprintf(error, error_size, "line %zu: %zu columns, not %zu", csv->line, csv->count,
			 columns_wanted);
		return -EINVAL;
	}
	verdict = csv->fields[places[VERDICT]];
	insns = csv->fields[places[TOTAL_INSNS]];
	*program = (struct csv_program){ .kernel = csv->fields[places[KERNEL]],
					 .object = csv->fields[places[FILE_NAME]],
					 .name = csv->fields[places[PROG_NAME]],
					 .class = csv->fields[places[CLASS]],
					 .success = strcmp(verdict, "success") == 0 };
	if (!program->success && strcmp(verdict, "failure") != 0) {
		snprintf(error, error_size, "line %zu: a verdict of \"%.32s\"", csv->line, verdict);
		return -EINVAL;
	}
	errno = 0;
	program->insns = *insns ? strtoll(insns, &end, 10) : -1;
	if (*insns && (errno || *end || program->insns < 0)) {
		snprintf(error, error_size, "line %zu: \"%.32s\" instructions", csv->line, insns);
		return -EINVAL;
	}
	return 0;
}

int verifier_csv_read(const char *text, size_t len,
		      int (*take)(void *context, const struct csv_program *program), void *context,
		      char *error, size_t error_size)
{
	struct csv csv = { 0 };
	struct csv_program program;
	size_t places[WANTED_COUNT], count;
	char *copy = malloc(len + 2);
	int err;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, len);
	/* Each line has an end, and strchr() one, too. */
	if (len && text[len - 1] != '\n')
		copy[len++] = '\n';
	copy[len] = '\0';
	csv.at = copy;
	csv.end = copy + len;
	if (memchr(copy, '\0', len)) {
		snprintf(error, error_size, "a NUL byte: this is not a text file");
		err = -EINVAL;
	} else if (!len) {
		snprintf(error, error_size, "it is empty");
		err = -EINVAL;
	} else {
		err = head_read(&csv, places, error, error_size);
	}
	count = csv.count;
	while (!err && csv.at < csv.end) {
		err = line_read(&csv, error, error_size);
		if (!err)
			err = program_read(&csv, places, count, &program, error, error_size);
		if (!err)
			err = take(context, &program);
	}
	free(copy);
	return err;
}
