// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Counts, at the doors of a cgroup, packets of UDP by the port that they go to. */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u16);
	__type(value, __u64);
} sent SEC(".maps");

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *skb)
{
	__u64 one = 1, *packets;
	__u16 port = 0;

	/* Behind an IPv4 header without options. */
	if (bpf_skb_load_bytes(skb, 20 + 2, &port, sizeof(port)))
		return 1;
	port = bpf_ntohs(port);
	packets = bpf_map_lookup_elem(&sent, &port);
	if (packets)
		__sync_fetch_and_add(packets, 1);
	else
		bpf_map_update_elem(&sent, &port, &one, BPF_ANY);
	return 1;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
