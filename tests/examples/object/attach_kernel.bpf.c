// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Programs whose sections do not say what they are attached to; each counts its calls by thread group. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct key {
	__u32 tgid;
};

#define COUNTER(name)                            \
	struct {                                 \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 1024);       \
		__type(key, struct key);         \
		__type(value, __u64);            \
	} name SEC(".maps")

COUNTER(at_entry);
COUNTER(at_return);
COUNTER(at_tracepoint);
COUNTER(at_raw);

static int count(void *map)
{
	struct key key = { (__u32)(bpf_get_current_pid_tgid() >> 32) };
	__u64 one = 1, *calls = bpf_map_lookup_elem(map, &key);

	if (calls)
		__sync_fetch_and_add(calls, 1);
	else
		bpf_map_update_elem(map, &key, &one, BPF_ANY);
	return 0;
}

SEC("kprobe")
int on_entry(void *ctx __attribute__((unused)))
{
	return count(&at_entry);
}

SEC("kretprobe")
int on_return(void *ctx __attribute__((unused)))
{
	return count(&at_return);
}

SEC("tracepoint")
int on_tracepoint(void *ctx __attribute__((unused)))
{
	return count(&at_tracepoint);
}

SEC("raw_tracepoint")
int on_raw(void *ctx __attribute__((unused)))
{
	return count(&at_raw);
}

/* libbpf would attach it, and there is no such function. */
SEC("kprobe/bpfcheck_no_such_function")
int on_nothing(void *ctx __attribute__((unused)))
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
