// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Functions and a tracepoint that no kernel has: they fail when they are loaded, or when they are attached. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

SEC("fentry/no_such_function")
int at_entry(void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("kprobe/no_such_function")
int at_probe(void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("tracepoint/sched/no_such_event")
int at_event(void *ctx __attribute__((unused)))
{
	return 0;
}

SEC("raw_tp/no_such_event")
int at_raw_event(void *ctx __attribute__((unused)))
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
