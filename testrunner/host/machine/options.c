// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Parses the options of bpfcheck machine. */
#include "host/machine/options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/machine/accel.h"
#include "host/machine/message.h"
#include "host/machine/root.h"

/* A kernel takes 2047 bytes, and some of them are ours. */
#define KERNEL_ARGS_MAX 1800
#define NUMBER_DIGITS	7

static const char usage[] =
	"Usage: bpfcheck machine --kernel FOLDER --spec SPEC --base FILE --packer FILE [OPTION...] [-- COMMAND...]\n"
	"\n"
	"Boot or restore a machine, run a suite or a command in it, report. run-kernel calls it; the options below\n"
	"are for it, and `run-kernel --help` has all others.\n"
	"\n"
	"  --kernel FOLDER       a kernel that fetch-kernel has prepared\n"
	"  --spec SPEC           the user's name for it\n"
	"  --base FILE           the segment with init\n"
	"  --packer FILE         mkinitramfs\n"
	"  --check               check the options, and do nothing\n"
	"  --silent              the guest sends no records: do not boot when a restored machine sends none\n";

struct option_row {
	const char *name;
	bool has_value;
	int (*set)(struct options *options, const struct option_row *row, const char *value);
	size_t offset;
};

static void *field(struct options *options, const struct option_row *row)
{
	return (char *)options + row->offset;
}

static int set_text(struct options *options, const struct option_row *row, const char *value)
{
	*(const char **)field(options, row) = value;
	return 0;
}

static int set_flag(struct options *options, const struct option_row *row, const char *value)
{
	(void)value;
	*(bool *)field(options, row) = true;
	return 0;
}

static int add_word(struct options *options, const struct option_row *row, const char *value)
{
	words_add(field(options, row), "%s", value);
	return 0;
}

static int set_accel(struct options *options, const struct option_row *row, const char *value)
{
	(void)row;
	return accel_parse(value, &options->accel) ?
		       fail(CODE_USAGE, "--accel %s: not auto, kvm or tcg", value) :
		       0;
}

static int set_attach(struct options *options, const struct option_row *row, const char *value)
{
	static const char *const ways[] = { "auto", "fentry", "kprobe", "lsm" };

	(void)row;
	options->attach = value;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(value, ways[i]))
			return 0;
	return fail(CODE_USAGE, "--attach %s: not auto, fentry, kprobe or lsm", value);
}

static int set_cold(struct options *options, const struct option_row *row, const char *value)
{
	(void)row;
	(void)value;
	options->beginning = BEGIN_COLD;
	return 0;
}

static int set_warm(struct options *options, const struct option_row *row, const char *value)
{
	(void)row;
	(void)value;
	options->beginning = BEGIN_WARM;
	return 0;
}

static int add_env(struct options *options, const struct option_row *row, const char *value)
{
	if (*value == '=' || !strchr(value, '='))
		return fail(CODE_USAGE, "--env %s: not KEY=VALUE", value);
	return add_word(options, row, value);
}

static int add_collect(struct options *options, const struct option_row *row, const char *value)
{
	if (*value != '/')
		return fail(CODE_USAGE, "--collect %s: not an absolute path", value);
	return add_word(options, row, value);
}

static int add_module(struct options *options, const struct option_row *row, const char *value)
{
	if (access(value, F_OK))
		return fail(CODE_USAGE, "--module %s: no such file", value);
	return add_word(options, row, value);
}

static int set_init(struct options *options, const struct option_row *row, const char *value)
{
	(void)row;
	options->init = value;
	return access(value, F_OK) ? fail(CODE_USAGE, "--init %s: no such file", value) : 0;
}

static int add_kernel_args(struct options *options, const struct option_row *row, const char *value)
{
	size_t len = strlen(options->kernel_args), all = len + strlen(value) + 1;

	(void)row;
	for (const char *at = value; *at; at++)
		if (iscntrl((unsigned char)*at))
			return fail(CODE_USAGE,
				    "--kernel-args: no newlines, no control characters");
	if (all >= KERNEL_ARGS_MAX)
		return fail(
			CODE_USAGE,
			"--kernel-args: %zu bytes; a kernel takes 2047, and some of them are ours",
			all);
	snprintf(options->kernel_args + len, sizeof(options->kernel_args) - len, "%s%s",
		 len ? " " : "", value);
	return 0;
}

/* From 1 on. */
static int set_number(struct options *options, const struct option_row *row, const char *value)
{
	size_t len = strlen(value);

	if (!len || len > NUMBER_DIGITS || value[strspn(value, "0123456789")])
		return fail(CODE_USAGE, "--%s %s: not a number; see run-kernel --help", row->name,
			    value);
	*(long *)field(options, row) = strtol(value, NULL, 10);
	return strtol(value, NULL, 10) < 1 ?
		       fail(CODE_USAGE, "--%s %s: must be at least 1; see run-kernel --help",
			    row->name, value) :
		       0;
}

#define AT(field) offsetof(struct options, field)

static const struct option_row rows[] = {
	{ "kernel", true, set_text, AT(kernel) },
	{ "spec", true, set_text, AT(spec) },
	{ "base", true, set_text, AT(base) },
	{ "packer", true, set_text, AT(packer) },
	{ "check", false, set_flag, AT(check) },
	{ "silent", false, set_flag, AT(silent) },
	{ "suite", true, set_text, AT(suite) },
	{ "results", true, set_text, AT(results) },
	{ "filter", true, set_text, AT(filter) },
	{ "attach", true, set_attach, 0 },
	{ "events", false, set_flag, AT(events) },
	{ "env", true, add_env, AT(env) },
	{ "collect", true, add_collect, AT(collect) },
	{ "module", true, add_module, AT(modules) },
	{ "timeout", true, set_number, AT(timeout) },
	{ "boot-timeout", true, set_number, AT(boot_timeout) },
	{ "memory", true, set_number, AT(memory) },
	{ "cpus", true, set_number, AT(cpus) },
	{ "accel", true, set_accel, 0 },
	{ "kernel-args", true, add_kernel_args, 0 },
	{ "shell", false, set_flag, AT(shell) },
	{ "root", true, set_text, AT(root) },
	{ "rw", false, set_flag, AT(root_writable) },
	{ "cold", false, set_cold, 0 },
	{ "warm", false, set_warm, 0 },
	{ "init", true, set_init, 0 },
	{ "brief", false, set_flag, AT(brief) },
	{ "key", true, set_text, AT(key) },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* Checks that need more than one option. */
static int options_check(const struct options *options)
{
	if (options->root_writable && !options->root)
		return fail(CODE_USAGE, "--rw: to which root? see --root");
	if (options->beginning == BEGIN_WARM && options->root)
		return fail(CODE_USAGE, "--warm: a machine with another root is not saved");
	if (options->root && root_check(options->root, options->root_writable))
		return CODE_USAGE;
	if (options->command && options->suite && access(options->suite, X_OK))
		return fail(CODE_USAGE, "--suite %s: no such folder", options->suite);
	if (!options->check &&
	    (!options->kernel || !options->spec || !options->base || !options->packer))
		return fail(CODE_USAGE,
			    "machine: --kernel, --spec, --base and --packer are needed");
	return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
	struct option known[ROW_COUNT + 2] = { 0 };
	int index, code = 0, found;

	*options = (struct options){
		.timeout = 120,
		.boot_timeout = 60,
		.memory = 512,
		.cpus = 1,
		.accel = ACCEL_AUTO,
	};
	for (size_t i = 0; i < ROW_COUNT; i++)
		known[i] = (struct option){ rows[i].name,
					    rows[i].has_value ? required_argument : no_argument,
					    NULL, 0 };
	known[ROW_COUNT] = (struct option){ "help", no_argument, NULL, 'h' };
	while (!code && (found = getopt_long(argc, argv, "+h", known, &index)) != -1) {
		if (found == 'h')
			return fputs(usage, stdout), -1;
		if (found == '?')
			return CODE_USAGE;
		code = rows[index].set(options, &rows[index], optarg);
	}
	if (!code && optind < argc)
		options->command = argv + optind;
	return code ? code : options_check(options);
}

void options_free(struct options *options)
{
	words_free(&options->env);
	words_free(&options->collect);
	words_free(&options->modules);
}
