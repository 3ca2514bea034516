/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Parses the settings file of a run. */
#include <stdbool.h>
#include <stdlib.h>

#include "report.h"
#include "settings.h"

static const struct setting {
	const char *key;
	enum { TEXT, NUMBER, LIST } kind;
	size_t shortest, longest;
	const char *bytes; /* allowed in it; NULL: all */
	size_t offset;
} known[] = {
	{ "nonce", TEXT, 32, 32, "0123456789abcdefABCDEF", offsetof(struct settings, nonce) },
	{ "deadline", NUMBER, 1, 9, "0123456789", offsetof(struct settings, deadline) },
	{ "time_ms", NUMBER, 1, 15, "0123456789", offsetof(struct settings, time_ms) },
	{ "entropy", TEXT, 64, 512, "0123456789abcdef", offsetof(struct settings, entropy) },
	{ "root", TEXT, 2, 9, NULL, offsetof(struct settings, root) },
	{ "suite", NUMBER, 1, 1, "01", offsetof(struct settings, suite) },
	{ "rescue", NUMBER, 1, 1, "01", offsetof(struct settings, rescue) },
	{ "folder", TEXT, 1, SETTINGS_SIZE, NULL, offsetof(struct settings, folder) },
	{ "command", NUMBER, 1, 1, "01", offsetof(struct settings, command) },
	{ "input", NUMBER, 1, 1, "01", offsetof(struct settings, input) },
	{ "arg", LIST, 0, SETTINGS_SIZE, NULL, offsetof(struct settings, args) },
	{ "env", LIST, 1, SETTINGS_SIZE, NULL, offsetof(struct settings, env) },
	{ "collect", LIST, 1, SETTINGS_SIZE, NULL, offsetof(struct settings, collect) },
	{ 0 },
};

/* In lists, \n is a newline, and \ before any other byte that byte. */
static char *text_unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		bool escape = *in == '\\' && in[1];

		in += escape;
		*out++ = escape && *in == 'n' ? '\n' : *in;
	}
	*out = '\0';
	return text;
}

/* Returns the error in the line, or NULL. *seen: a bit per key that had a value. */
static const char *line_parse(char *line, struct settings *settings, unsigned int *seen)
{
	const struct setting *row = known;
	const char *key = strsep(&line, "=");
	struct setting_list *list;
	void *field;

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
	if (strlen(line) < row->shortest || strlen(line) > row->longest ||
	    (row->bytes && line[strspn(line, row->bytes)]))
		return "bad value";
	list = field = (char *)settings + row->offset;
	if (row->kind == NUMBER)
		*(long long *)field = strtoll(line, NULL, 10);
	else if (row->kind == TEXT)
		*(char **)field = line;
	else
		list->items[list->count++] = text_unescape(line);
	return NULL;
}

int settings_read(const char *path, struct settings *settings)
{
	static char text[SETTINGS_SIZE];
	int len = file_read(path, text, sizeof(text));
	char *rest = text, *line;
	unsigned int seen = 0;
	int err = 0;

	/* Cut off by its size or by a NUL byte, the file would mean something else. */
	if (len < 0 || len == sizeof(text) - 1 || (int)strlen(text) != len)
		return len < 0 ? len : -EBADMSG;
	for (int number = 1; (line = strsep(&rest, "\n")); number++) {
		const char *problem = line_parse(line, settings, &seen);

		if (!problem)
			continue;
		say("settings: line %d: %s", number, problem);
		err = -EINVAL;
	}
	return err;
}
