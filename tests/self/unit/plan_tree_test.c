/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Names in trees, pages and archives that somebody else made: kernels, folders, others, and bad ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "host/machine/plan_tree.h"

#define PAGE "https://host/kernels/"

static void check(struct tree *tree, const char *entry, int want)
{
	const char *text;
	size_t len;
	int got = tree_add(tree, entry, &text, &len);

	if (got != want)
		fail_msg("%s: got %d, want %d; %s", entry, got, want, tree->error);
}

static struct tree new_tree(const char *at, const char *distro, bool members)
{
	return (struct tree){
		.at = at, .distro = distro, .members = members, .found = json_object()
	};
}

static void check_found(struct tree *tree, const char *name, const char *spec)
{
	const char *got = json_string_value(json_object_get(tree->found, name));

	assert_non_null(got);
	assert_string_equal(got, spec);
}

static void test_folder(void **state)
{
	struct tree tree = new_tree("/a tree/", "", false);

	(void)state;
	check(&tree, "fedora/5.14__1.tar.gz", TREE_KERNEL);
	check(&tree, "fedora/5.15__1.tar.xz", TREE_KERNEL);
	check(&tree, "fedora/README", TREE_OTHER);
	check(&tree, "fedora/5.14.10-300.fc35.aarch64__1.tar.gz", TREE_OTHER);
	check(&tree, "fedora/5.14/deeper.tar.gz", TREE_OTHER);
	check(&tree, "top.tar.gz", TREE_OTHER);
	assert_int_equal(tree.foreign, 1);
	check_found(&tree, "fedora/5.14__1", "tree:/a tree/fedora/5.14__1.tar.gz");
	json_decref(tree.found);
}

static void test_page(void **state)
{
	struct tree tree = new_tree(PAGE, "", false);
	const char *text;
	size_t len;

	(void)state;
	check(&tree, "?C=N;O=D", TREE_OTHER);
	check(&tree, "/", TREE_OTHER);
	check(&tree, "../", TREE_OTHER);
	check(&tree, "/kernels/fedora/5.1.tgz", TREE_KERNEL);
	check(&tree, "https://host/kernels/fedora/5.2.tgz?x=1", TREE_KERNEL);
	check(&tree, "./fedora/5%2e3%5F%5f1.tar.gz", TREE_KERNEL);
	check_found(&tree, "fedora/5.1", "tree:" PAGE "fedora/5.1.tgz");
	check_found(&tree, "fedora/5.2", "tree:" PAGE "fedora/5.2.tgz?x=1");
	check_found(&tree, "fedora/5.3__1", "tree:" PAGE "fedora/5%2e3%5F%5f1.tar.gz");
	/* The same link again is no other kernel. */
	check(&tree, "/kernels/fedora/5.1.tgz", TREE_KERNEL);
	assert_int_equal(json_object_size(tree.found), 3);
	assert_int_equal(tree_add(&tree, "/kernels/amazon/", &text, &len), TREE_DISTRO);
	assert_int_equal(len, strlen("amazon/"));
	assert_memory_equal(text, "amazon/", len);
	json_decref(tree.found);
}

static void test_page_of_distro(void **state)
{
	struct tree tree = new_tree(PAGE "fedora/", "fedora/", false);

	(void)state;
	check(&tree, "../", TREE_OTHER);
	check(&tree, "deeper/", TREE_OTHER);
	check(&tree, "./5.1.tgz", TREE_KERNEL);
	check(&tree, "/etc/5.1.tgz", -EINVAL);
	check_found(&tree, "fedora/5.1", "tree:" PAGE "fedora/5.1.tgz");
	json_decref(tree.found);
}

static void test_bad(void **state)
{
	static const char *const entries[] = {
		"fedora/../../5.8__1.tar.gz",
		"../5.8__1.tar.gz",
		"/etc/5.8__1.tar.gz",
		"fedora/5.8 1__1.tar.gz",
		"fedora/5.8;1__1.tar.gz",
		".fedora/5.8__1.tar.gz",
		"fedora/.5.8__1.tar.gz",
		"fedora/5.8%2f..__1.tar.gz",
		"https://elsewhere.example/a/5.8__1.tar.gz",
		"fedora/%2e%2e/5.8__1.tar.gz",
		"fedora/5.8\033[2J__1.tar.gz",
		"fedora/-5.8.tgz",
		"fedora/.tgz",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		struct tree tree = new_tree(PAGE, "", false);

		check(&tree, entries[i], -EINVAL);
		assert_null(strchr(tree.error, '\033'));
		json_decref(tree.found);
	}
}

static void test_longest(void **state)
{
	struct tree tree = new_tree("/t/", "", false);
	char entry[300] = "fedora/";

	(void)state;
	memset(entry + 7, '1', 241);
	strcpy(entry + 7 + 240, ".tgz");
	check(&tree, entry, TREE_KERNEL);
	strcpy(entry + 7 + 240, "1.tgz");
	check(&tree, entry, -EINVAL);
	json_decref(tree.found);
}

static void test_members(void **state)
{
	struct tree tree = new_tree("a.tar/", "", true);

	(void)state;
	check(&tree, "x/bzImage-v6.6-rc1", TREE_KERNEL);
	check(&tree, "./vmlinuz-6.7", TREE_KERNEL);
	check(&tree, "x/linux-x86_64-5.9", TREE_KERNEL);
	check(&tree, "x/linux-aarch64-5.9", TREE_OTHER);
	check(&tree, "x/config-5.9", TREE_OTHER);
	check(&tree, "x/", TREE_OTHER);
	check_found(&tree, "mainline/6.6-rc1", "member:a.tar/x/bzImage-v6.6-rc1");
	check_found(&tree, "mainline/6.7", "member:a.tar/./vmlinuz-6.7");
	check_found(&tree, "mainline/5.9", "member:a.tar/x/linux-x86_64-5.9");
	check(&tree, "y/bzImage-6.6-rc1", -EINVAL);
	check(&tree, "x/bzImage-v6.6-rc1", -EINVAL);
	check(&tree, "../bzImage-6.8", -EINVAL);
	check(&tree, "a b/bzImage-6.8", -EINVAL);
	json_decref(tree.found);
}

static void test_same_name(void **state)
{
	struct tree tree = new_tree("/t/", "", false);

	(void)state;
	check(&tree, "fedora/5.8__1.tar.gz", TREE_KERNEL);
	check(&tree, "fedora/5.8__1.tgz", -EINVAL);
	json_decref(tree.found);
}

static void test_spec_names(void **state)
{
	static const char *const rows[][2] = {
		{ "debian:1.1", "debian/1.1" },
		{ "/work/short", "local/short" },
		{ "short", "local/short" },
		{ "folder/", "local/folder" },
		{ "https://host/path/bzImage-6.1", "https/bzImage-6.1" },
		{ "tree:/a/fedora/5.1__2.tar.gz", "fedora/5.1__2" },
		{ "tree:https://host/fedora/5%2E1.tgz?x", "fedora/5.1" },
		{ "member:a.tar/x/bzImage-v6.6", "mainline/6.6" },
		{ "host", "local/host" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *name;

		assert_int_equal(tree_spec_name(rows[i][0], &name), 0);
		assert_string_equal(name, rows[i][1]);
		free(name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_folder),	       cmocka_unit_test(test_page),
		cmocka_unit_test(test_page_of_distro), cmocka_unit_test(test_bad),
		cmocka_unit_test(test_longest),	       cmocka_unit_test(test_members),
		cmocka_unit_test(test_same_name),      cmocka_unit_test(test_spec_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
