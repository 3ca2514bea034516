// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Makes the settings of a run: its nonce, its deadline, its payload. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "host/machine/message.h"
#include "host/machine/run.h"
#include "host/machine/settings.h"

static const char *const root_ways[] = {
	[ROOT_9P] = "9p",
	[ROOT_9P_WRITABLE] = "9p-rw",
	[ROOT_BLOCK] = "block",
	[ROOT_INITRAMFS] = "initramfs",
};

static void write_number(FILE *out, const char *key, long long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", number);
	settings_write(out, key, text);
}

static void write_list(FILE *out, const char *key, const struct texts *words)
{
	for (size_t i = 0; i < words->count; i++)
		settings_write(out, key, words->items[i]);
}

void random_digits(char *digits, size_t len)
{
	unsigned char bytes[ENTROPY_BYTES];

	if (getrandom(bytes, len, 0) != (ssize_t)len)
		die(EXIT_INFRA, "get random bytes: %s", strerror(errno));
	for (size_t i = 0; i < len; i++)
		sprintf(digits + 2 * i, "%02x", bytes[i]);
}

static void write_payload(FILE *out, const struct run *run)
{
	static const char *const tests[] = { "/bpfcheck/bin/testrunner", "run", "/bpfcheck/suite" };
	const struct options *options = &run->options;

	for (char **word = options->command; word && *word; word++)
		settings_write(out, "arg", *word);
	if (options->command)
		return;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		settings_write(out, "arg", tests[i]);
	if (options->filter) {
		settings_write(out, "arg", "--filter");
		settings_write(out, "arg", options->filter);
	}
	if (options->events)
		settings_write(out, "arg", "--events");
	if (options->attach) {
		settings_write(out, "arg", "--attach");
		settings_write(out, "arg", options->attach);
	}
}

static void write_purpose(FILE *out, const struct run *run, enum settings_for purpose)
{
	char entropy[2 * ENTROPY_BYTES + 1];

	if (purpose == SETTINGS_SHELL) {
		settings_write(out, "rescue", "1");
		return;
	}
	write_number(out, "deadline", run->options.timeout);
	if (purpose != SETTINGS_RESTORED)
		return;
	random_digits(entropy, ENTROPY_BYTES);
	settings_write(out, "entropy", entropy);
	if (run->suite)
		settings_write(out, "suite", "1");
}

static void write_settings(FILE *out, const struct run *run, enum settings_for purpose)
{
	write_list(out, "env", &run->options.env);
	write_list(out, "collect", &run->options.collect);
	if (run->machine.streams) {
		settings_write(out, "command", "1");
		if (run->streams.has_input)
			settings_write(out, "input", "1");
		if (run->suite)
			settings_write(out, "folder", "/bpfcheck/suite");
	}
	settings_write(out, "nonce", run->nonce);
	write_number(out, "time_ms", run->begun);
	if (run->machine.root)
		settings_write(out, "root", root_ways[run->machine.root]);
	write_purpose(out, run, purpose);
	write_payload(out, run);
}

static char *settings_text(const struct run *run, enum settings_for purpose, size_t *len)
{
	char *text;
	FILE *out = open_memstream(&text, len);

	if (!out)
		die(EXIT_INFRA, "out of memory");
	write_settings(out, run, purpose);
	if (fclose(out))
		die(EXIT_INFRA, "out of memory");
	if (*len > SETTINGS_MAX)
		die(EXIT_USAGE, "the arguments have %zu bytes with all that is sent along; %d fit",
		    *len, SETTINGS_MAX);
	return text;
}

void run_settings(struct run *run, enum settings_for purpose)
{
	const struct texts *modules = &run->options.modules;
	size_t len;
	char *text = settings_text(run, purpose, &len);
	FILE *out;

	free(run->settings);
	out = open_memstream(&run->settings, &run->settings_len);
	if (!out)
		die(EXIT_INFRA, "out of memory");
	cpio_write(out, "bpfcheck/settings", S_IFREG | 0644, text, len);
	if (modules->count)
		cpio_write(out, "bpfcheck/modules-run", S_IFDIR | 0755, NULL, 0);
	for (size_t i = 0; i < modules->count; i++)
		module_write(out, modules->items[i], (unsigned int)i + 1);
	cpio_write_end(out);
	if (fclose(out))
		die(EXIT_INFRA, "out of memory");
	free(text);
}
