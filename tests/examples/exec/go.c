// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Prints what a Go test binary prints with -test.v, and so stands for one, as in
 *     exec ./support.test -test.v
 */
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/bpf.h>

static int failed;

static void result(const char *indent, const char *name, int passed)
{
	printf("%s--- %s: %s (0.00s)\n", indent, passed ? "PASS" : "FAIL", name);
	failed |= !passed;
}

static int map_made(enum bpf_map_type type)
{
	union bpf_attr attr = {
		.map_type = type, .key_size = 4, .value_size = 4, .max_entries = 1
	};
	long fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));

	if (fd < 0)
		printf("    go.c:%d: bpf: %m\n", __LINE__);
	else
		close((int)fd);
	return fd >= 0;
}

int main(int argc, char **argv)
{
	struct utsname uts;
	int hash, array;

	if (argc != 2 || strcmp(argv[1], "-test.v") != 0)
		return 2;
	puts("=== RUN   TestRelease");
	result("", "TestRelease", uname(&uts) == 0 && uts.release[0]);
	puts("=== RUN   TestMaps\n=== RUN   TestMaps/hash");
	hash = map_made(BPF_MAP_TYPE_HASH);
	puts("=== RUN   TestMaps/array");
	array = map_made(BPF_MAP_TYPE_ARRAY);
	result("", "TestMaps", hash && array);
	result("    ", "TestMaps/hash", hash);
	result("    ", "TestMaps/array", array);
	puts("=== RUN   TestCgroupV1\n    go.c:50: needs cgroup v1");
	puts("--- SKIP: TestCgroupV1 (0.00s)");
	puts(failed ? "FAIL" : "PASS");
	return failed;
}
