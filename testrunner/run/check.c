// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Checks a suite without a kernel, so that a typo is found before anything boots. */
#include "run/check.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "load/external.h"
#include "load/option.h"
#include "match/match.h"
#include "process/listener.h"

/* One object file, opened but not loaded. */
struct object_file {
	char *path;
	struct bpf_object *object;
	struct schema *schema;
};

/* The object files that the tests name, each opened once. */
struct library {
	struct object_file **files; /* pointers: a test keeps them */
	size_t count;
};

__attribute__((format(printf, 4, 5))) static int complain(const struct suite_test *test,
							  unsigned int line, unsigned int column,
							  const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%u:%u: ", test->path, line, column);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return -EINVAL;
}

static void object_file_free(struct object_file *file)
{
	if (!file)
		return;
	schema_free(file->schema);
	bpf_object__close(file->object);
	free(file->path);
	free(file);
}

/* Takes over `path`. Reports errors at the line that names the object. */
static struct object_file *object_file_open(const struct suite_test *test,
					    const struct probe_ref *probe, char *path)
{
	struct object_file *file = calloc(1, sizeof(*file));
	char error[256];

	if (!file) {
		free(path);
		return NULL;
	}
	file->path = path;
	file->object = bpf_object__open_file(path, NULL);
	if (!file->object) {
		complain(test, probe->line, probe->column, "%s: no BPF object: %s", probe->object,
			 strerror(errno));
		goto fail;
	}
	if (!bpf_object__btf(file->object)) {
		complain(test, probe->line, probe->column, "%s: no BTF; compile it with clang -g",
			 probe->object);
		goto fail;
	}
	if (schema_new(bpf_object__btf(file->object), &file->schema, error, sizeof(error))) {
		complain(test, probe->line, probe->column, "%s: %s", probe->object, error);
		goto fail;
	}
	return file;
fail:
	object_file_free(file);
	return NULL;
}

/* NULL: it cannot be opened, and the reason has been printed. */
static const struct object_file *library_find(struct library *library, const struct suite *suite,
					      const struct suite_test *test,
					      const struct probe_ref *probe)
{
	char *path = suite_find(suite, test, probe->object);
	struct object_file **files;

	if (!path) {
		complain(test, probe->line, probe->column,
			 "no object '%s' in the test's folder or above it, up to %s", probe->object,
			 suite->root);
		return NULL;
	}
	for (size_t i = 0; i < library->count; i++) {
		if (strcmp(library->files[i]->path, path) == 0) {
			free(path);
			return library->files[i];
		}
	}
	files = reallocarray(library->files, library->count + 1, sizeof(struct object_file *));
	if (!files) {
		free(path);
		return NULL;
	}
	library->files = files;
	files[library->count] = object_file_open(test, probe, path);
	return files[library->count] ? files[library->count++] : NULL;
}

/* An option must be a global of at least one of the test's objects. */
static int check_options(const struct suite_test *test, const struct object_file *const *files)
{
	char error[256] = "the test has no object with this global";
	const struct probe_part *probe = &test->test->event.probe;

	for (size_t i = 0; i < probe->option_count; i++) {
		const struct probe_option *option = &probe->options[i];
		int err = -ENOENT;

		for (size_t j = 0; err && j < probe->object_count; j++)
			err = option_set(files[j]->object, option->name, &option->value, error,
					 sizeof(error));
		if (err)
			return complain(test, option->line, option->column, "set %s: %s",
					option->name, error);
	}
	return 0;
}

/* Every event type and field must exist in the objects, as far as that is known before loading. */
static int check_blocks(const struct suite_test *test, const struct object_file *const *files)
{
	const struct probe_part *probe = &test->test->event.probe;
	const struct schema *schemas[TEST_OBJECTS_MAX];
	struct schema *own[TEST_OBJECTS_MAX] = { NULL };
	struct bpf_object *objects[TEST_OBJECTS_MAX];
	size_t count = probe->object_count;
	struct parse_error error = { 0 };
	struct matcher *matcher = NULL;
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		objects[i] = files[i]->object;
		schemas[i] = files[i]->schema;
		if (!probe->source_count && !probe->order_field)
			continue;
		/*
		 * The test itself says what the object's records are: it gets a schema of its own.
		 */
		err = schema_new(bpf_object__btf(objects[i]), &own[i], error.message,
				 sizeof(error.message));
		if (!err)
			err = external_bind(objects[i], probe, own[i], &error);
		schemas[i] = own[i];
	}
	if (!err)
		err = external_check(probe, objects, count, &error);
	if (!err)
		err = matcher_new(&test->test->event, schemas, count, &matcher, &error);
	if (err == -EINVAL)
		complain(test, error.line, error.column, "%s", error.message);
	matcher_free(matcher);
	for (size_t i = 0; i < count; i++)
		schema_free(own[i]);
	return err;
}

static int check_program(const struct suite *suite, const struct suite_test *test, const char *what,
			 const char *name, unsigned int line, unsigned int column)
{
	char *path = suite_find(suite, test, name);
	int err = 0;

	if (!path)
		err = complain(test, line, column,
			       "no %s '%s' in the test's folder or above it, up to %s", what, name,
			       suite->root);
	else if (access(path, X_OK) != 0)
		err = complain(test, line, column, "%s is not executable", path);
	free(path);
	return err;
}

/* An object that cannot be opened fails on every kernel. */
static int check_load(const struct suite_test *test)
{
	unsigned int line = test->test->line, column = test->test->column;
	glob_t found = { 0 };
	int err = suite_glob(test, test->test->load.pattern, &found);

	if (err)
		complain(test, line, column, "load %s: %s", test->test->load.pattern,
			 err == -ENOENT ? "no such file in the test's folder" : strerror(-err));
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct bpf_object *object = bpf_object__open_file(found.gl_pathv[i], NULL);

		if (!object)
			err = complain(test, line, column, "%s: no BPF object: %s",
				       suite_relative(test, found.gl_pathv[i]), strerror(errno));
		bpf_object__close(object);
	}
	globfree(&found);
	return err;
}

static int check_generator(const struct suite *suite, const struct suite_test *test)
{
	return check_program(suite, test, "generator", test->test->event.generator[0],
			     test->test->line, test->test->column);
}

static int check_probe_test(const struct suite *suite, const struct suite_test *test,
			    struct library *library)
{
	const struct probe_part *probe = &test->test->event.probe;
	const struct object_file *files[TEST_OBJECTS_MAX];
	int err = check_generator(suite, test);

	if (probe->object_count > TEST_OBJECTS_MAX)
		return complain(test, probe->objects[TEST_OBJECTS_MAX].line,
				probe->objects[TEST_OBJECTS_MAX].column, "more than %d objects",
				TEST_OBJECTS_MAX);
	for (size_t i = 0; !err && i < probe->object_count; i++) {
		files[i] = library_find(library, suite, test, &probe->objects[i]);
		err = files[i] ? 0 : -EINVAL;
	}
	if (!err)
		err = check_options(test, files);
	return err ? err : check_blocks(test, files);
}

static int check_listen_test(const struct suite *suite, const struct suite_test *test)
{
	const struct listen_part *listen = &test->test->event.listen;
	struct parse_error error = { 0 };
	int err = check_generator(suite, test);

	/* An absolute path is one in the guest, which is not here. */
	if (!err && listen->argv[0][0] != '/')
		err = check_program(suite, test, "listener", listen->argv[0], listen->line,
				    listen->column);
	if (err)
		return err;
	err = listener_check(&test->test->event, &error);
	if (err == -EINVAL)
		complain(test, error.line, error.column, "%s", error.message);
	return err;
}

static int check_test(const struct suite *suite, const struct suite_test *test,
		      struct library *library)
{
	const char *program;

	switch (test->test->kind) {
	case TEST_PROBE:
		return check_probe_test(suite, test, library);
	case TEST_LISTEN:
		return check_listen_test(suite, test);
	case TEST_PROGRAM:
		program = test->test->program.argv[0];
		return program[0] == '/' ? 0 :
					   check_program(suite, test, "test program", program,
							 test->test->line, test->test->column);
	case TEST_LOAD:
		return check_load(test);
	}
	return -EINVAL;
}

int suite_check(const struct suite *suite)
{
	struct library library = { 0 };
	int err = 0, test_err;

	for (size_t i = 0; i < suite->count; i++) {
		test_err = check_test(suite, &suite->tests[i], &library);
		if (test_err)
			err = test_err;
	}
	for (size_t i = 0; i < library.count; i++)
		object_file_free(library.files[i]);
	free(library.files);
	return err;
}

static const char usage[] =
	"check SUITE [--filter GLOB]\n"
	"\n"
	"Read the tests of a suite and check all that needs no kernel: syntax, objects, generators, event types, fields,\n"
	"options. Errors are printed as FILE:LINE:COLUMN: MESSAGE.\n"
	"\n"
	"Exit codes: 0 no errors, 2 errors in the suite or the arguments.\n";

static int print_usage(FILE *to, int status)
{
	fprintf(to, "Usage: %s %s", program_invocation_short_name, usage);
	return status;
}

int check_main(int argc, char **argv)
{
	static const struct option rows[] = {
		{ "filter", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *filter = NULL;
	struct suite *suite = NULL;
	int row;

	while ((row = getopt_long(argc, argv, "h", rows, NULL)) != -1) {
		if (row != 'f')
			return row == 'h' ? print_usage(stdout, EXIT_PASSED) :
					    print_usage(stderr, EXIT_USAGE);
		filter = optarg;
	}
	if (argc - optind != 1)
		return print_usage(stderr, EXIT_USAGE);
	if (suite_open(argv[optind], filter, &suite))
		return EXIT_USAGE;
	return suite_check(suite) ? EXIT_USAGE : EXIT_PASSED;
}
