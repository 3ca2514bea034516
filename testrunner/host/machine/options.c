// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Parses the options of bpfcheck machine. */
#include "host/machine/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/machine/accel.h"
#include "host/machine/message.h"
#include "host/machine/option.h"
#include "host/machine/root.h"

/* A kernel takes 2047 bytes, and some of them are ours. */
#define KERNEL_ARGS_MAX 1800

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

#define AT(field) offsetof(struct options, field)

static const struct row {
	const char *name; /* with its dashes */
	size_t offset;
	enum option_kind kind;
	bool list; /* may be repeated */
} rows[] = {
	{ "--kernel", AT(kernel), TEXT, false },
	{ "--spec", AT(spec), TEXT, false },
	{ "--base", AT(base), TEXT, false },
	{ "--packer", AT(packer), TEXT, false },
	{ "--check", AT(check), FLAG, false },
	{ "--silent", AT(silent), FLAG, false },
	{ "--suite", AT(suite), TEXT, false },
	{ "--results", AT(results), TEXT, false },
	{ "--filter", AT(filter), TEXT, false },
	{ "--attach", AT(attach), ATTACH, false },
	{ "--events", AT(events), FLAG, false },
	{ "--env", AT(env), ENV, true },
	{ "--collect", AT(collect), COLLECT, true },
	{ "--module", AT(modules), FILE_NAME, true },
	{ "--timeout", AT(timeout), NUMBER, false },
	{ "--boot-timeout", AT(boot_timeout), NUMBER, false },
	{ "--memory", AT(memory), NUMBER, false },
	{ "--cpus", AT(cpus), NUMBER, false },
	{ "--accel", AT(accel), ACCEL, false },
	{ "--kernel-args", AT(kernel_args), KERNEL_ARGS, false },
	{ "--shell", AT(shell), FLAG, false },
	{ "--root", AT(root), ROOT, false },
	{ "--rw", AT(root_writable), FLAG, false },
	{ "--cold", AT(cold), FLAG, false },
	{ "--warm", AT(warm), FLAG, false },
	{ "--init", AT(init), FILE_NAME, false },
	{ "--brief", AT(brief), FLAG, false },
	{ "--key", AT(key), TEXT, false },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void add_kernel_args(char *args, const char *more)
{
	size_t len = strlen(args), all = len + strlen(more) + 1;

	if (all >= KERNEL_ARGS_MAX)
		usage_error(
			"--kernel-args: %zu bytes; a kernel takes 2047, and some of them are ours",
			all);
	sprintf(args + len, "%s%s", len ? " " : "", more);
}

static void store(struct options *options, const struct row *row, const char *value)
{
	void *at = (char *)options + row->offset;

	option_check(row->kind, row->name, value);
	if (row->kind == FLAG)
		*(bool *)at = true;
	else if (row->kind == NUMBER)
		*(long *)at = atol(value);
	else if (row->kind == ACCEL)
		*(enum accel *)at = accel_parse(value);
	else if (row->kind == KERNEL_ARGS)
		add_kernel_args(at, value);
	else if (row->list)
		texts_add(at, value);
	else
		*(const char **)at = value;
	/* The last of the two counts. */
	options->cold &= at != &options->warm;
	options->warm &= at != &options->cold;
}

/* Checks that need more than one option. */
static void check(const struct options *options)
{
	if (options->root_writable && !options->root)
		usage_error("--rw: to which root? see --root");
	if (options->warm && options->root)
		usage_error("--warm: a machine with another root is not saved");
	if (options->root)
		root_check(options->root, options->root_writable);
	if (options->command && options->suite && access(options->suite, X_OK))
		usage_error("--suite %s: no such folder", options->suite);
	if (!options->check &&
	    (!options->kernel || !options->spec || !options->base || !options->packer))
		usage_error("machine: --kernel, --spec, --base and --packer are needed");
}

void options_parse(struct options *options, int argc, char **argv)
{
	struct option known[ROW_COUNT + 2] = { 0 };
	int index, found;

	*options = (struct options){
		.timeout = 120,
		.boot_timeout = 60,
		.memory = 512,
		.cpus = 1,
		.accel = ACCEL_AUTO,
	};
	for (size_t i = 0; i < ROW_COUNT; i++)
		known[i] = (struct option){ rows[i].name + 2,
					    rows[i].kind == FLAG ? no_argument : required_argument,
					    NULL, 0 };
	known[ROW_COUNT] = (struct option){ "help", no_argument, NULL, 'h' };
	while ((found = getopt_long(argc, argv, "+h", known, &index)) != -1) {
		if (found == 'h')
			exit(fputs(usage, stdout) < 0);
		if (found == '?')
			exit(EXIT_USAGE);
		store(options, &rows[index], optarg);
	}
	if (optind < argc)
		options->command = argv + optind;
	check(options);
}

void options_free(struct options *options)
{
	texts_free(&options->env);
	texts_free(&options->collect);
	texts_free(&options->modules);
}
