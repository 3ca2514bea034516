// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* A way of TCP's to control congestion, which does nothing but count its connections. */
#pragma clang diagnostic ignored "-Wunused-parameter"
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

struct sock;

struct tcp_congestion_ops {
	void (*init)(struct sock *sk);
	__u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	__u32 (*undo_cwnd)(struct sock *sk);
	char name[16];
} __attribute__((preserve_access_index));

__u64 connections;

SEC("struct_ops")
void BPF_PROG(count_init, struct sock *sk)
{
	__sync_fetch_and_add(&connections, 1);
}

SEC("struct_ops")
__u32 BPF_PROG(count_ssthresh, struct sock *sk)
{
	return 2;
}

SEC("struct_ops")
void BPF_PROG(count_cong_avoid, struct sock *sk, __u32 ack, __u32 acked)
{
}

SEC("struct_ops")
__u32 BPF_PROG(count_undo_cwnd, struct sock *sk)
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
