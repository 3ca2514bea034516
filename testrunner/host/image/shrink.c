// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A kernel's BTF, less what a suite does not ask for: for kernels that have none of their own. */
#include <bpf/btf.h>
#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_code.h"
#include "base/file.h"
#include "host/image/main.h"
#include "host/image/tool.h"
#include "suite/suite.h"

static const char usage[] =
	"Usage: bpfcheck shrink BTF SUITE OUTPUT\n"
	"\n"
	"Write to OUTPUT those types of a kernel's BTF that the suite's objects (*.o) are relocated against (bpftool gen\n"
	"min_core_btf), and the types that its tests require. If bpftool fails, write all of the BTF.\n"
	"\n"
	"Exit codes: 0 done, 2 usage, 5 the BTF is damaged, or OUTPUT cannot be written.\n";

/* bpftool gen min_core_btf BTF OUTPUT OBJECT... */
static struct {
	const char **argv;
	size_t count;
} command;

static int add_argument(const char *argument)
{
	const char **argv = reallocarray(command.argv, command.count + 2, sizeof(*argv));

	if (!argv)
		return -ENOMEM;
	command.argv = argv;
	argv[command.count] = strdup(argument);
	argv[command.count + 1] = NULL;
	return argv[command.count++] ? 0 : -ENOMEM;
}

/* Those that tests name, and those that programs load by themselves. */
static int add_object(const char *path, const struct stat *st, int type, struct FTW *place)
{
	size_t len = strlen(path);

	(void)st;
	(void)place;
	if (type != FTW_F || len < 2 || strcmp(path + len - 2, ".o") != 0)
		return 0;
	return add_argument(path);
}

static int run_bpftool(const char *full, const struct suite *suite, const char *output)
{
	const char *const words[] = { "bpftool", "gen", "min_core_btf", full, output };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (add_argument(words[i]))
			return -ENOMEM;
	}
	if (nftw(suite->root, add_object, 16, FTW_PHYS))
		return -errno;
	return tool_run(command.argv);
}

/*
 * A declaration is enough to be found by `requires type`, and is no candidate for a relocation, which wants
 * a definition.
 */
static int add_required(const struct btf *full, struct btf *btf, const struct suite *suite)
{
	for (size_t t = 0; t < suite->count; t++) {
		const struct test *test = suite->tests[t].test;

		for (size_t r = 0; r < test->requirement_count; r++) {
			const char *name = test->requirements[r].name;

			if (test->requirements[r].kind != REQUIRE_TYPE ||
			    btf__find_by_name(full, name) < 0 || btf__find_by_name(btf, name) > 0)
				continue;
			if (btf__add_fwd(btf, name, BTF_FWD_STRUCT) < 0)
				return -errno;
		}
	}
	return 0;
}

static int write_btf(const struct btf *btf, const char *path)
{
	__u32 len = 0;
	const void *bytes = btf__raw_data(btf, &len);

	return bytes ? file_write(path, bytes, len) : -ENOMEM;
}

/* Add the types that tests require to the types that bpftool kept. */
static int complete(const struct btf *full, const struct suite *suite, const char *output)
{
	struct btf *btf = btf__parse_raw(output);
	int err;

	if (!btf) {
		err = -errno;
		fprintf(stderr, "bpfcheck: %s: read the output of bpftool: %s\n", output,
			strerror(-err));
		return err;
	}
	err = add_required(full, btf, suite);
	if (!err)
		err = write_btf(btf, output);
	btf__free(btf);
	return err;
}

static int shrink(const char *path, const struct suite *suite, const char *output)
{
	struct btf *full = btf__parse_raw(path);
	int err;

	if (!full) {
		fprintf(stderr, "bpfcheck: %s: no BTF: %s\n", path, strerror(errno));
		return -EINVAL;
	}
	err = run_bpftool(path, suite, output);
	if (!err) {
		err = complete(full, suite, output);
	} else {
		fprintf(stderr, "bpfcheck: %s: not shrunk: bpftool %s\n", path,
			err == -ENOENT ? "is not installed" : "failed");
		err = write_btf(full, output);
	}
	btf__free(full);
	return err;
}

int shrink_main(int argc, char **argv)
{
	struct suite *suite = NULL;
	int err;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return fputs(usage, stdout), EXIT_PASSED;
	if (argc != 4)
		return fputs(usage, stderr), EXIT_USAGE;
	if (suite_open(argv[2], NULL, &suite))
		return EXIT_USAGE;
	err = shrink(argv[1], suite, argv[3]);
	if (err == -ENOMEM)
		fputs("bpfcheck: out of memory\n", stderr);
	return err ? EXIT_INFRA : EXIT_PASSED;
}
