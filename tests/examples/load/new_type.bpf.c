// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A program type of 5.14 (commit 79a7f8bdb159). */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("syscall")
int do_nothing(void *ctx __attribute__((unused)))
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
