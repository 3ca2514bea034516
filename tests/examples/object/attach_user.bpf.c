// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Programs for functions and USDT probes of a process. */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

long sum_of_arguments, sum_of_results, usdt_number, usdt_calls;

SEC("uprobe")
int on_call(struct pt_regs *ctx)
{
	sum_of_arguments += PT_REGS_PARM1(ctx);
	return 0;
}

SEC("uretprobe")
int on_return(struct pt_regs *ctx)
{
	sum_of_results += PT_REGS_RC(ctx);
	return 0;
}

SEC("usdt")
int on_usdt(struct pt_regs *ctx)
{
	usdt_calls++;
	bpf_usdt_arg(ctx, 0, &usdt_number);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
