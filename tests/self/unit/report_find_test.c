// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Which kernels are found, and in which order. */
#include "report_guest.h"
#include "report_root.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/report/find.h"

static void version_order(void **state)
{
	static const char *const sorted[] = {
		"4.19",
		"5.10.0-9-amd64",
		"5.10.0-46-cloud-amd64",
		"6.1.0-56-amd64",
		"6.1.0-56-cloud-amd64",
		"6.1.0-56-rt-amd64",
		"6.1.1",
		"6.9",
		"6.12.1+deb13-amd64",
		"6.12.1-amd64",
		"7.2",
		"7.3~rc1",
		"7.3-rc2",
		"7.3-rc2-cloud-amd64",
		"7.3",
		"7.3-cloud-amd64",
		"7.3-rcu",
		"7.3.1",
		"8.4-rc1__0e",
		"8.4",
		"8.4__0e",
		"8.4__9__5",
		"8.4__10",
		"8.4-300.fc50__0a",
		"8.4.1__0a",
		"8.4.10__00",
		"10.0",
		"10.00000000000000000000000000000000000001",
		"next",
	};
	enum { COUNT = sizeof(sorted) / sizeof(sorted[0]) };

	(void)state;
	for (size_t a = 0; a < COUNT; a++) {
		for (size_t b = 0; b < COUNT; b++) {
			int got = version_compare(sorted[a], sorted[b]);
			int want = (a > b) - (a < b);

			if ((got > 0) - (got < 0) != want)
				fail_msg("%s and %s: got %d, want %d", sorted[a], sorted[b], got,
					 want);
		}
	}
	/* Equal in value, yet never a tie: the order of a report is always the same. */
	assert_true(version_compare("6.01", "6.1") != 0);
	assert_int_equal(version_compare("6.01", "6.1"), -version_compare("6.1", "6.01"));
	assert_int_equal(version_compare("", ""), 0);
	assert_true(version_compare("", "1") < 0);
	assert_true(version_compare("~", "") < 0);
}

static void touch(const char *path)
{
	char full[256], *slash;
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = strchr(full + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	fclose(file);
}

static void finds(void **state)
{
	static const char *const want[] = {
		"debian/5.10.0-46-cloud-amd64",
		"debian/6.1.0-56-amd64",
		"debian/6.12",
		"debian/7.3~rc1",
		"fedora/6.9",
	};
	char **names;
	size_t count;

	(void)state;
	touch("bpf-check-summary.txt");
	touch("debian/6.12/run.json");
	touch("debian/5.10.0-46-cloud-amd64/records.ndjson");
	touch("debian/6.1.0-56-amd64/console.log"); /* killed on the way up: still a kernel */
	touch("debian/7.3~rc1/machine.ndjson");
	touch("debian/6.1.0-56-amd64.txt");
	touch("fedora/6.9/run.json");
	touch("fedora/notes/todo.txt"); /* no kernel */
	touch(".git/x/run.json");
	touch("debian/.tmp/run.json");
	assert_int_equal(find_kernels(root, &names, &count), 0);
	assert_int_equal(count, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(names[i], want[i]);
	find_free(names, count);
	assert_false(find_is_kernel(root));
}

static void finds_nothing(void **state)
{
	char **names;
	size_t count;

	(void)state;
	assert_int_equal(find_kernels(root, &names, &count), 0);
	assert_int_equal(count, 0);
	find_free(names, count);
	assert_int_equal(find_kernels("/nonexistent/x", &names, &count), -ENOENT);
	find_free(names, count);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_order),
		cmocka_unit_test_setup_teardown(finds, root_make, root_remove),
		cmocka_unit_test_setup_teardown(finds_nothing, root_make, root_remove),
	};

	return cmocka_run_group_tests_name("find", tests, NULL, NULL);
}
