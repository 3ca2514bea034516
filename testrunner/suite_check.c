// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* What can be said of a suite without the kernel: a typo is found before anything boots. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "match.h"
#include "option.h"
#include "suite.h"

/* The objects that one test names, opened but not loaded, and their record types. */
struct vocabulary {
	struct bpf_object *objects[16];
	struct schema *schemas[16];
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

static int vocabulary_add(struct vocabulary *vocabulary, const struct suite *suite,
			  const struct suite_test *test, const struct probe_ref *probe)
{
	size_t i = vocabulary->count;
	char *path = suite_find(suite, test, probe->object);
	char error[256];
	int err;

	if (!path)
		return complain(test, probe->line, probe->column,
				"no object '%s' in the test's folder or above it, up to %s",
				probe->object, suite->root);
	if (i == sizeof(vocabulary->objects) / sizeof(vocabulary->objects[0])) {
		free(path);
		return complain(test, probe->line, probe->column, "more than %zu objects", i);
	}
	vocabulary->objects[i] = bpf_object__open_file(path, NULL);
	err = vocabulary->objects[i] ? 0 : -errno;
	free(path);
	if (err)
		return complain(test, probe->line, probe->column, "%s: no BPF object: %s",
				probe->object, strerror(-err));
	vocabulary->count++;
	if (!bpf_object__btf(vocabulary->objects[i]))
		return complain(test, probe->line, probe->column,
				"%s: no BTF; compile it with clang -g", probe->object);
	err = schema_new(bpf_object__btf(vocabulary->objects[i]), &vocabulary->schemas[i], error,
			 sizeof(error));
	return err ? complain(test, probe->line, probe->column, "%s: %s", probe->object, error) : 0;
}

/* An option must be a global of at least one of the test's objects. */
static int check_options(const struct suite_test *test, const struct vocabulary *vocabulary)
{
	char error[256] = "there is no object to set it in";

	for (size_t i = 0; i < test->test->option_count; i++) {
		const struct probe_option *option = &test->test->options[i];
		int err = -ENOENT;

		for (size_t j = 0; err && j < vocabulary->count; j++)
			err = option_set(vocabulary->objects[j], option->name, &option->value,
					 error, sizeof(error));
		if (err)
			return complain(test, option->line, option->column, "set %s: %s",
					option->name, error);
	}
	return 0;
}

static void vocabulary_free(struct vocabulary *vocabulary)
{
	for (size_t i = 0; i < vocabulary->count; i++) {
		schema_free(vocabulary->schemas[i]);
		bpf_object__close(vocabulary->objects[i]);
	}
}

static int check_test(const struct suite *suite, const struct suite_test *test)
{
	struct vocabulary vocabulary = { 0 };
	struct parse_error error = { 0 };
	struct matcher *matcher = NULL;
	char *generator = suite_find(suite, test, test->test->argv[0]);
	int err = 0;

	if (!generator)
		err = complain(test, test->test->run_line, test->test->run_column,
			       "no generator '%s' in the test's folder or above it, up to %s",
			       test->test->argv[0], suite->root);
	else if (access(generator, X_OK) != 0)
		err = complain(test, test->test->run_line, test->test->run_column,
			       "%s is not executable", generator);
	for (size_t i = 0; !err && i < test->test->probe_count; i++)
		err = vocabulary_add(&vocabulary, suite, test, &test->test->probes[i]);
	if (!err)
		err = check_options(test, &vocabulary);
	if (!err) {
		err = matcher_new(test->test, (const struct schema *const *)vocabulary.schemas,
				  vocabulary.count, &matcher, &error);
		if (err == -EINVAL)
			complain(test, error.line, error.column, "%s", error.message);
	}
	matcher_free(matcher);
	vocabulary_free(&vocabulary);
	free(generator);
	return err;
}

int suite_check(const struct suite *suite)
{
	int err = 0, test_err;

	for (size_t i = 0; i < suite->count; i++) {
		test_err = check_test(suite, &suite->tests[i]);
		if (test_err)
			err = test_err;
	}
	return err;
}
