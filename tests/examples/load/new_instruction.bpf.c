// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* An atomic instruction that returns a value: in kernels since 5.12, and from clang since -mcpu=v3. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

long calls;

SEC("tracepoint/syscalls/sys_enter_getpid")
int count_calls(void *ctx)
{
	(void)ctx;
	if (__sync_fetch_and_add(&calls, 1) == 0)
		bpf_printk("the first call");
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
