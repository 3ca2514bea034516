/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Between whom: the part of an event that describes a socket. */
#ifndef SOCKET_INFO_H
#define SOCKET_INFO_H

#include "kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "events.h"

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

#endif
