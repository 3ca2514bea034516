/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Parses the settings file of a run. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"

static int number_parse(const char *value, long long max, long long *number)
{
	char *end;

	if (*value < '0' || *value > '9')
		return -EINVAL;
	errno = 0;
	*number = strtoll(value, &end, 10);
	return *end || errno || *number > max ? -EINVAL : 0;
}

static int set_flag(bool *flag, const char *value)
{
	long long number;

	if (number_parse(value, 1, &number))
		return -EINVAL;
	*flag = number;
	return 0;
}

static int set_nonce(struct settings *settings, char *value)
{
	if (strlen(value) != sizeof(settings->nonce) - 1 ||
	    strspn(value, "0123456789abcdefABCDEF") != sizeof(settings->nonce) - 1)
		return -EINVAL;
	memcpy(settings->nonce, value, sizeof(settings->nonce));
	return 0;
}

static int set_deadline(struct settings *settings, char *value)
{
	long long number;

	/* So that milliseconds fit an int, as poll() wants them. */
	if (number_parse(value, INT32_MAX / 1000, &number))
		return -EINVAL;
	settings->deadline = number;
	return 0;
}

static int set_time(struct settings *settings, char *value)
{
	return number_parse(value, INT64_MAX, &settings->time);
}

static int set_hostname(struct settings *settings, char *value)
{
	settings->hostname = value;
	return *value && strlen(value) <= 64 ? 0 : -EINVAL;
}

static int set_rescue(struct settings *settings, char *value)
{
	return set_flag(&settings->rescue, value);
}

static int set_interactive(struct settings *settings, char *value)
{
	return set_flag(&settings->interactive, value);
}

static int add_arg(struct settings *settings, char *value)
{
	if (settings->arg_count == SETTINGS_ARGS)
		return -E2BIG;
	settings->args[settings->arg_count++] = value;
	return 0;
}

static const struct setting {
	const char *key;
	int (*set)(struct settings *settings, char *value);
	bool repeats;
} known[] = {
	{ "nonce", set_nonce, false },	     { "deadline", set_deadline, false },
	{ "time", set_time, false },	     { "hostname", set_hostname, false },
	{ "rescue", set_rescue, false },     { "interactive", set_interactive, false },
	{ "arg", add_arg, true },
};

#define KNOWN_COUNT (sizeof(known) / sizeof(known[0]))

/* Returns what is wrong with the line, or NULL; *bad is left alone if it may be ignored. */
static const char *line_parse(char *line, struct settings *settings, unsigned int *seen, bool *bad)
{
	char *value = strchr(line, '=');
	size_t i = 0;

	if (!value) {
		*bad = true;
		return "no '='";
	}
	*value++ = '\0';
	while (i < KNOWN_COUNT && strcmp(known[i].key, line) != 0)
		i++;
	if (i == KNOWN_COUNT)
		return "unknown key, ignored";
	*bad = true;
	if (!known[i].repeats && (*seen & 1U << i))
		return "second value for a key that takes one";
	*seen |= 1U << i;
	if (known[i].set(settings, value))
		return "bad value";
	*bad = false;
	return NULL;
}

int settings_parse(char *text, size_t len, struct settings *settings, settings_report *report)
{
	unsigned int number = 0, seen = 0;
	bool bad = false, any_bad = false;
	char *end = text + len, *next;

	memset(settings, 0, sizeof(*settings));
	for (char *line = text; line < end; line = next) {
		const char *problem = NULL;
		char *newline = memchr(line, '\n', end - line);

		number++;
		next = newline ? newline + 1 : end;
		*(newline ? newline : end) = '\0';
		if (line + strlen(line) != (newline ? newline : end)) {
			problem = "NUL byte";
			bad = true;
		} else if (line[strspn(line, " \t")] && *line != '#') {
			problem = line_parse(line, settings, &seen, &bad);
		}
		if (problem)
			report(number, problem);
		any_bad |= bad;
		bad = false;
	}
	if (!settings->nonce[0]) {
		report(0, "no nonce");
		any_bad = true;
	}
	return any_bad ? -EINVAL : 0;
}

int settings_read(const char *path, struct settings *settings, settings_report *report)
{
	static char text[64 * 1024 + 1];
	size_t len = 0;
	ssize_t got = 0;
	int err = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	while (len < sizeof(text) && (got = read(fd, text + len, sizeof(text) - len)) > 0)
		len += got;
	if (got < 0)
		err = -errno;
	else if (len == sizeof(text))
		err = -EFBIG;
	close(fd);
	return err ? err : settings_parse(text, len, settings, report);
}
