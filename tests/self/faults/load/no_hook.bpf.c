// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A program for a function that no kernel has. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

enum event_type {
	EVENT_COUNT = 1,
};

struct count_event {
	enum event_type type;
	__u32 tid;
};

const struct count_event *unused_count_event __attribute__((unused));

SEC("fentry/no_such_function")
int count_calls(void *ctx __attribute__((unused)))
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
