/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Between whom: the part of an event that describes a socket. */
#ifndef SOCKET_INFO_H
#define SOCKET_INFO_H

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "network_events.h"

#define ETHERTYPE_IP 0x0800

static __always_inline bool socket_is_internet(struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return family == FAMILY_IPV4 || family == FAMILY_IPV6;
}

/* As getsockname() and getpeername() have them; a socket without a peer has one of zeroes. */
static __always_inline void socket_fill(struct socket_addresses *to, struct sock *sk)
{
	/* Not the port in sock_common: that is gone as soon as a connection is. */
	struct inet_sock *inet = (struct inet_sock *)sk;

	__builtin_memset(to, 0, sizeof(*to));
	to->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	to->net_namespace = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	to->local.port = bpf_ntohs(BPF_CORE_READ(inet, inet_sport));
	to->remote.port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (to->family == FAMILY_IPV4) {
		to->local.ipv4.s_addr = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
		to->remote.ipv4.s_addr = BPF_CORE_READ(sk, __sk_common.skc_daddr);
	} else {
		BPF_CORE_READ_INTO(&to->local.ipv6, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&to->remote.ipv6, sk, __sk_common.skc_v6_daddr);
	}
}

/* An IPv4 address in kernel memory, of a socket of that family or of the other. */
static __always_inline void ipv4_fill(struct endpoint *to, enum socket_family family,
				      const void *from)
{
	__be32 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), from);
	if (family == FAMILY_IPV4) {
		to->ipv4.s_addr = address;
		return;
	}
	__builtin_memset(&to->ipv6, 0, sizeof(to->ipv6));
	to->ipv6.s6_addr16[5] = 0xffff;
	to->ipv6.s6_addr32[3] = address;
}

/* The peer that a message is sent to by a name of its own, in kernel memory. */
static __always_inline void remote_fill(struct socket_addresses *to, const void *name)
{
	const struct sockaddr_in *ipv4 = name;
	const struct sockaddr_in6 *ipv6 = name;
	__u16 family = 0;
	__be16 port = 0;

	bpf_probe_read_kernel(&family, sizeof(family), name);
	bpf_probe_read_kernel(&port, sizeof(port), &ipv4->sin_port);
	to->remote.port = bpf_ntohs(port);
	if (to->family == FAMILY_IPV4 || family == FAMILY_IPV4)
		ipv4_fill(&to->remote, to->family, &ipv4->sin_addr);
	else
		bpf_probe_read_kernel(&to->remote.ipv6, sizeof(to->remote.ipv6), &ipv6->sin6_addr);
}

/* Both ends of a UDP datagram that has come, from its headers. */
static __always_inline void datagram_fill(struct socket_addresses *to, struct sk_buff *skb)
{
	unsigned char *head = BPF_CORE_READ(skb, head);
	void *network = head + BPF_CORE_READ(skb, network_header);
	struct iphdr *ipv4 = network;
	struct ipv6hdr *ipv6 = network;
	struct udphdr udp = {};

	bpf_probe_read_kernel(&udp, sizeof(udp), head + BPF_CORE_READ(skb, transport_header));
	to->local.port = bpf_ntohs(udp.dest);
	to->remote.port = bpf_ntohs(udp.source);
	if (BPF_CORE_READ(skb, protocol) == bpf_htons(ETHERTYPE_IP)) {
		ipv4_fill(&to->local, to->family, &ipv4->daddr);
		ipv4_fill(&to->remote, to->family, &ipv4->saddr);
		return;
	}
	bpf_probe_read_kernel(&to->local.ipv6, sizeof(to->local.ipv6), &ipv6->daddr);
	bpf_probe_read_kernel(&to->remote.ipv6, sizeof(to->remote.ipv6), &ipv6->saddr);
}

#endif
