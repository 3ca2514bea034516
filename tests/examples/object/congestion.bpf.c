// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A way of TCP's to control congestion, which does nothing but count its connections. */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

struct sock;

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
} __attribute__((preserve_access_index));

__u64 connections;

/* Their arguments, which none of them needs, are in an array. */
SEC("struct_ops")
int count_init(const __u64 *arguments __attribute__((unused)))
{
	__sync_fetch_and_add(&connections, 1);
	return 0;
}

SEC("struct_ops")
int count_ssthresh(const __u64 *arguments __attribute__((unused)))
{
	return 2;
}

SEC("struct_ops")
int count_cong_avoid(const __u64 *arguments __attribute__((unused)))
{
	return 0;
}

SEC("struct_ops")
int count_undo_cwnd(const __u64 *arguments __attribute__((unused)))
{
	return 2;
}

SEC(".struct_ops")
struct tcp_congestion_ops count_ops = {
	.init = (void *)count_init,
	.ssthresh = (void *)count_ssthresh,
	.cong_avoid = (void *)count_cong_avoid,
	.undo_cwnd = (void *)count_undo_cwnd,
	.name = "bpf_count",
};

char LICENSE[] SEC("license") = "Dual BSD/GPL";
