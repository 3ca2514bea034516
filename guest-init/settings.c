/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Parses the settings file of a run. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "report.h"
#include "settings.h"

static const struct setting {
	const char *key;
	enum { HEX, NUMBER, TEXT, LIST } kind;
	size_t offset;
	long long max; /* HEX: digits, exactly; NUMBER: value; TEXT: bytes; LIST: items */
} known[] = {
	{ "nonce", HEX, offsetof(struct settings, nonce), 32 },
	/* In milliseconds it fits poll()'s int. */
	{ "deadline", NUMBER, offsetof(struct settings, deadline), INT_MAX / 1000 },
	{ "time", NUMBER, offsetof(struct settings, time), LLONG_MAX },
	{ "hostname", TEXT, offsetof(struct settings, hostname), 64 },
	{ "rescue", NUMBER, offsetof(struct settings, rescue), 1 },
	{ "interactive", NUMBER, offsetof(struct settings, interactive), 1 },
	{ "arg", LIST, offsetof(struct settings, args), SETTINGS_ARGS },
};

/* Returns false when the value is not of its kind. */
static bool value_set(struct settings *settings, const struct setting *row, char *value)
{
	void *field = (char *)settings + row->offset;
	long long number, len = (long long)strlen(value);
	char *end;

	if (row->kind == NUMBER) {
		errno = 0;
		number = strtoll(value, &end, 10);
		*(long long *)field = number;
		return *value >= '0' && *value <= '9' && !*end && !errno && number <= row->max;
	}
	if (row->kind == LIST && (long long)settings->arg_count == row->max)
		return false;
	((char **)field)[row->kind == LIST ? settings->arg_count++ : 0] = value;
	if (row->kind == HEX)
		return len == row->max && !value[strspn(value, "0123456789abcdefABCDEF")];
	return row->kind == LIST || (len && len <= row->max);
}

/* Returns what is wrong with the line, or NULL. *seen: a bit for each key that had a value. */
static const char *line_parse(char *line, struct settings *settings, unsigned int *seen)
{
	char *value = strchr(line, '=');

	if (!value)
		return "no '='";
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].key, line) != 0)
			continue;
		if (known[i].kind != LIST && (*seen & 1U << i))
			return "a second value";
		*seen |= 1U << i;
		return value_set(settings, &known[i], value) ? NULL : "bad value";
	}
	say("settings: unknown key: %s", line);
	return NULL;
}

int settings_parse(char *text, size_t len, struct settings *settings)
{
	unsigned int number = 0, seen = 0;
	const char *problem;
	char *line;
	int err = 0;

	memset(settings, 0, sizeof(*settings));
	if (memchr(text, '\0', len)) {
		say("settings: NUL byte");
		return -EINVAL;
	}
	while ((line = strsep(&text, "\n"))) {
		number++;
		if (*line == '#' || !line[strspn(line, " \t")])
			continue;
		problem = line_parse(line, settings, &seen);
		if (!problem)
			continue;
		say("settings: line %u: %s", number, problem);
		err = -EINVAL;
	}
	if (!settings->nonce) {
		say("settings: no nonce");
		err = -EINVAL;
	}
	return err;
}

int settings_read(const char *path, struct settings *settings)
{
	static char text[64 * 1024 + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));
	int err = len < 0 ? -errno : len == sizeof(text) ? -EFBIG : 0;

	close(fd);
	return err ? err : settings_parse(text, len, settings);
}
