/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Parses the settings file of a run. */
#include <stdlib.h>

#include "report.h"
#include "settings.h"

static const struct setting {
	const char *key;
	enum { TEXT, NUMBER, LIST } kind;
	size_t shortest, longest;
	const char *bytes; /* that it may have; NULL: all */
	size_t offset;
} known[] = {
	{ "nonce", TEXT, 32, 32, "0123456789abcdefABCDEF", offsetof(struct settings, nonce) },
	{ "deadline", NUMBER, 1, 9, "0123456789", offsetof(struct settings, deadline) },
	{ "time_ms", NUMBER, 1, 15, "0123456789", offsetof(struct settings, time_ms) },
	{ "entropy", TEXT, 64, 512, "0123456789abcdef", offsetof(struct settings, entropy) },
	{ "root", TEXT, 2, 9, NULL, offsetof(struct settings, root) },
	{ "suite", NUMBER, 1, 1, "01", offsetof(struct settings, suite) },
	{ "rescue", NUMBER, 1, 1, "01", offsetof(struct settings, rescue) },
	{ "interactive", NUMBER, 1, 1, "01", offsetof(struct settings, interactive) },
	{ "folder", TEXT, 1, SETTINGS_SIZE, NULL, offsetof(struct settings, folder) },
	{ "command", NUMBER, 1, 1, "01", offsetof(struct settings, command) },
	{ "input", NUMBER, 1, 1, "01", offsetof(struct settings, input) },
	{ "arg", LIST, 0, SETTINGS_SIZE, NULL, offsetof(struct settings, args) },
	{ "env", LIST, 1, SETTINGS_SIZE, NULL, offsetof(struct settings, env) },
	{ "collect", LIST, 1, SETTINGS_SIZE, NULL, offsetof(struct settings, collect) },
	{ 0 },
};

/* What may have any bytes: \n is a newline, \ before another one that one. */
static char *text_unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		if (*in == '\\' && in[1])
			*out++ = *++in == 'n' ? '\n' : *in;
		else
			*out++ = *in;
	}
	*out = '\0';
	return text;
}

static void value_take(const struct setting *row, char *text, void *field)
{
	struct setting_list *list = field;

	if (row->kind == NUMBER)
		*(long long *)field = strtoll(text, NULL, 10);
	else if (row->kind == TEXT)
		*(char **)field = text;
	else
		list->items[list->count++] = text_unescape(text);
}

/* Returns what is wrong with the line, or NULL. *seen: a bit for each key that had a value. */
static const char *line_parse(char *line, struct settings *settings, unsigned int *seen)
{
	const struct setting *row = known;
	const char *key = strsep(&line, "=");
	size_t len;

	if (*key == '#' || (!line && !key[strspn(key, " \t")]))
		return NULL;
	if (!line)
		return "no '='";
	while (row->key && strcmp(row->key, key) != 0)
		row++;
	if (!row->key) {
		say("settings: unknown key: %s", key);
		return NULL;
	}
	if (row->kind != LIST && *seen & 1U << (row - known))
		return "a second value";
	*seen |= 1U << (row - known);
	len = strlen(line);
	if (len < row->shortest || len > row->longest ||
	    (row->bytes && line[strspn(line, row->bytes)]))
		return "bad value";
	value_take(row, line, (char *)settings + row->offset);
	return NULL;
}

int settings_read(const char *path, struct settings *settings)
{
	static char text[SETTINGS_SIZE];
	ssize_t len = file_read(path, text, sizeof(text));
	char *rest = text, *line;
	unsigned int seen = 0;
	int err = 0;

	/* Cut off, by its size or a NUL byte, it would not be what was meant. */
	if (len < 0 || len == sizeof(text) - 1 || strlen(text) != (size_t)len)
		return len < 0 ? (int)len : -EBADMSG;
	for (int number = 1; (line = strsep(&rest, "\n")); number++) {
		const char *problem = line_parse(line, settings, &seen);

		if (!problem)
			continue;
		say("settings: line %d: %s", number, problem);
		err = -EINVAL;
	}
	return err;
}
