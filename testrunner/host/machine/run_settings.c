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

static void write_list(FILE *out, const char *key, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		settings_write(out, key, words->items[i]);
}

static void write_entropy(FILE *out)
{
	unsigned char bytes[ENTROPY_BYTES];
	char digits[2 * ENTROPY_BYTES + 1] = "";

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return;
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
	settings_write(out, "entropy", digits);
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
	if (purpose == SETTINGS_SHELL) {
		settings_write(out, "rescue", "1");
		settings_write(out, "interactive", "1");
		return;
	}
	write_number(out, "deadline", run->options.timeout);
	if (purpose != SETTINGS_RESTORED)
		return;
	write_entropy(out);
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

static int write_modules(FILE *out, const struct words *modules)
{
	int code = 0;

	if (modules->count)
		cpio_write(out, "bpfcheck/modules-run", S_IFDIR | 0755, NULL, 0);
	for (size_t i = 0; i < modules->count && !code; i++)
		code = module_write(out, modules->items[i], (unsigned int)i + 1);
	return code;
}

static int settings_text(const struct run *run, enum settings_for purpose, char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);

	if (!out)
		return fail(CODE_INFRA, "write the settings: %s", strerror(errno));
	write_settings(out, run, purpose);
	if (fclose(out))
		return fail(CODE_INFRA, "write the settings: %s", strerror(errno));
	if (*len > SETTINGS_MAX)
		return fail(CODE_USAGE,
			    "the arguments have %zu bytes with all that is sent along; %d fit",
			    *len, SETTINGS_MAX);
	return 0;
}

int run_settings(struct run *run, enum settings_for purpose)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out;
	int code = settings_text(run, purpose, &text, &len);

	free(run->settings);
	run->settings = NULL;
	out = code ? NULL : open_memstream(&run->settings, &run->settings_len);
	if (out) {
		cpio_write(out, "bpfcheck/settings", S_IFREG | 0644, text, len);
		code = write_modules(out, &run->options.modules);
		cpio_write_end(out);
		if (fclose(out) && !code)
			code = fail(CODE_INFRA, "write the settings: %s", strerror(errno));
	} else if (!code) {
		code = fail(CODE_INFRA, "write the settings: %s", strerror(errno));
	}
	free(text);
	return code;
}
