// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Counts packets of UDP by the port that they go to, where an interface hands them over. */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ANSWER_NEXT 0 /* TC_ACT_OK, TCX_PASS */

#define PORT_AT (14 + 20 + 2) /* behind Ethernet's header and one of IPv4 without options */

#define COUNTER(name)                            \
	struct {                                 \
		__uint(type, BPF_MAP_TYPE_HASH); \
		__uint(max_entries, 1024);       \
		__type(key, __u16);              \
		__type(value, __u64);            \
	} name SEC(".maps")

COUNTER(by_xdp);
COUNTER(by_ingress);
COUNTER(by_egress);

static void count(void *map, __u16 port)
{
	__u64 one = 1, *packets;

	port = bpf_ntohs(port);
	packets = bpf_map_lookup_elem(map, &port);
	if (packets)
		__sync_fetch_and_add(packets, 1);
	else
		bpf_map_update_elem(map, &port, &one, BPF_ANY);
}

SEC("xdp")
int on_xdp(struct xdp_md *ctx)
{
	const char *data = (const char *)(long)ctx->data;
	const char *end = (const char *)(long)ctx->data_end;

	if (data + PORT_AT + sizeof(__u16) <= end)
		count(&by_xdp, *(const __u16 *)(data + PORT_AT));
	return XDP_PASS;
}

SEC("tc")
int on_ingress(struct __sk_buff *skb)
{
	__u16 port;

	if (!bpf_skb_load_bytes(skb, PORT_AT, &port, sizeof(port)))
		count(&by_ingress, port);
	return ANSWER_NEXT;
}

SEC("tc")
int on_egress(struct __sk_buff *skb)
{
	__u16 port;

	if (!bpf_skb_load_bytes(skb, PORT_AT, &port, sizeof(port)))
		count(&by_egress, port);
	return ANSWER_NEXT;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
