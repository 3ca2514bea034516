// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Prints what a GoogleTest program prints, and so stands for one. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

/* r0 = 0; exit */
static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
	{ .code = BPF_JMP | BPF_EXIT },
};

static int loads(enum bpf_prog_type type)
{
	union bpf_attr attr = {
		.prog_type = type,
		.insns = (unsigned long)nothing,
		.insn_cnt = 2,
		.license = (unsigned long)"GPL",
	};
	long fd = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	if (fd < 0)
		printf("gtest.c:%d: Failure\nBPF_PROG_LOAD: %m\n", __LINE__);
	else
		close((int)fd);
	return fd >= 0;
}

int main(void)
{
	static const struct {
		const char *name;
		enum bpf_prog_type type;
	} tests[] = {
		{ "Load.SocketFilter", BPF_PROG_TYPE_SOCKET_FILTER },
		{ "Load.Kprobe", BPF_PROG_TYPE_KPROBE },
		{ "Load.CgroupSkb", BPF_PROG_TYPE_CGROUP_SKB },
	};
	int failed = 0;

	puts("[==========] Running 3 tests from 1 test suite.");
	puts("[----------] 3 tests from Load");
	for (size_t i = 0; i < 3; i++) {
		printf("[ RUN      ] %s\n", tests[i].name);
		if (loads(tests[i].type)) {
			printf("[       OK ] %s (0 ms)\n", tests[i].name);
		} else {
			printf("[  FAILED  ] %s (0 ms)\n", tests[i].name);
			failed++;
		}
	}
	puts("[----------] 3 tests from Load (0 ms total)\n");
	puts("[==========] 3 tests from 1 test suite ran. (0 ms total)");
	printf("[  PASSED  ] %d tests.\n", 3 - failed);
	return failed != 0;
}
