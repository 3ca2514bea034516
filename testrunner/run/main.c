// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* testrunner, the program that runs in the guest: its subcommands. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "base/subcommand.h"
#include "load/libbpf_log.h"
#include "run/check.h"
#include "run/collect.h"
#include "run/prepare.h"
#include "run/test.h"

struct options {
	const char *suite, *filter, *records;
	enum attach attach;
	bool list, events;
};

static const char run_usage[] =
	"Usage: testrunner run SUITE [--filter GLOB] [--list] [--events] [--attach HOW] [--records FILE]\n"
	"\n"
	"Load the probes that the tests below the folder SUITE name, run their generators, and verify the events.\n"
	"\n"
	"  --filter GLOB   run only tests whose name matches, e.g. 'process/*'\n"
	"  --list          print the names of the tests, run none\n"
	"  --events        write the events of all tests to the records, not only of failed tests\n"
	"  --attach HOW    load one of several equivalent programs: fentry, kprobe (kprobes, kretprobes and raw tracepoints), lsm,\n"
	"                  or auto, the best that the kernel supports (default: auto)\n"
	"  --records FILE  write records to FILE, if bpfcheck's init does not take them\n"
	"\n"
	"Exit codes: 0 passed, 1 a test failed or none ran, 2 bad arguments or an error in the suite, 5 records could not be\n"
	"written.\n";

/* Returns -1 to go on, else the exit code. */
static int parse_options(int argc, char **argv, struct options *options)
{
	static const struct option rows[] = {
		{ "filter", required_argument, NULL, 'f' },
		{ "list", no_argument, NULL, 'l' },
		{ "events", no_argument, NULL, 'e' },
		{ "attach", required_argument, NULL, 'a' },
		{ "records", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int row;

	while ((row = getopt_long(argc, argv, "h", rows, NULL)) != -1) {
		switch (row) {
		case 'f':
			options->filter = optarg;
			break;
		case 'l':
			options->list = true;
			break;
		case 'e':
			options->events = true;
			break;
		case 'a':
			if (!attach_parse(optarg, &options->attach))
				break;
			fprintf(stderr,
				"testrunner: --attach %s: not fentry, kprobe, lsm or auto\n",
				optarg);
			return EXIT_USAGE;
		case 'r':
			options->records = optarg;
			break;
		case 'h':
			fputs(run_usage, stdout);
			return EXIT_PASSED;
		default:
			fputs(run_usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind != 1) {
		fprintf(stderr, "testrunner: %s\n%s",
			optind == argc ? "which suite?" : "more than one suite", run_usage);
		return EXIT_USAGE;
	}
	options->suite = argv[optind];
	return -1;
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int write_plan(struct record_writer *records, const struct suite *suite)
{
	const char **names = calloc(suite->count, sizeof(char *));

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < suite->count; i++)
		names[i] = suite->tests[i].name;
	record_plan(records, suite->root, names, suite->count);
	free(names);
	return 0;
}

/* Returns the exit code. */
static int run_tests(struct run *run, enum attach attach)
{
	size_t counts[] = { [TEST_PASS] = 0, [TEST_FAIL] = 0, [TEST_SKIP] = 0 };

	if (write_plan(run->records, run->suite))
		return EXIT_INFRA;
	run->signals = open_signals();
	run->collector = collector_new(run->records, attach);
	if (!run->collector || run->signals < 0) {
		fprintf(stderr, "testrunner: set up the run: %s\n", strerror(errno));
		return EXIT_INFRA;
	}
	for (size_t i = 0; !run->stopped && i < run->suite->count; i++)
		counts[run_test(run, &run->suite->tests[i])]++;
	printf("%zu passed, %zu failed, %zu skipped\n", counts[TEST_PASS], counts[TEST_FAIL],
	       counts[TEST_SKIP]);
	if (record_goes_to_init(run->records))
		collector_leave_attached(run->collector);
	return counts[TEST_FAIL] == 0 && counts[TEST_PASS] > 0 && !run->stopped ? EXIT_PASSED :
										  EXIT_FAILED;
}

static int run_main(int argc, char **argv)
{
	struct options options = { 0 };
	struct suite *suite = NULL;
	struct run run = { 0 };
	char error[256];
	int status = parse_options(argc, argv, &options);

	if (status >= 0)
		return status;
	if (suite_open(options.suite, options.filter, &suite))
		return EXIT_USAGE;
	if (options.list) {
		for (size_t i = 0; i < suite->count; i++)
			printf("%s\n", suite->tests[i].name);
		return EXIT_PASSED;
	}
	if (suite_check(suite))
		return EXIT_USAGE;
	if (record_open(options.records, &run.records, error, sizeof(error))) {
		fprintf(stderr, "testrunner: %s\n", error);
		return EXIT_INFRA;
	}
	run.suite = suite;
	run.keep_events = options.events;
	status = run_tests(&run, options.attach);
	if (record_close(run.records, status) && status < EXIT_INFRA) {
		fprintf(stderr, "testrunner: records could not be written\n");
		status = EXIT_INFRA;
	}
	return status;
}

static const struct subcommand subcommands[] = {
	{ "run", run_main, "run the tests of a suite on this kernel" },
	{ "check", check_main, "check the tests of a suite without running them" },
	{ "collect", files_out_main, "write files of the guest to the records" },
};

int main(int argc, char **argv)
{
	libbpf_log_keep();
	if (argc == 2 && strcmp(argv[1], "prepare") == 0 && prepare_run(&argc, &argv))
		return EXIT_INFRA;
	return subcommand_run("testrunner", subcommands,
			      sizeof(subcommands) / sizeof(subcommands[0]), argc, argv);
}
