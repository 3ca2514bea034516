// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Sockets of the internet: TCP connections from their beginning to their end, UDP datagrams, bind
 * and listen.
 *
 * Much of TCP happens when a packet comes, in the middle of whatever task was running. An event's
 * task is the one whose call it is: `connections` remembers who connected until it is known what
 * came of it, and the addresses and what is needed to count bytes until the connection is closed.
 */
#include "kernel_types.h"

/* How many tasks can be within a bind, listen or UDP send at once where those are probed. */
#define CALLS_MAX 1024

/* TCP connections at once; one more is counted as dropped. A loader may set another max_entries. */
#define CONNECTIONS_MAX 16384

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "hooks.h"
#include "kernel_compat.h"
#include "network_events.h"
#include "send.h"
#include "socket_info.h"
#include "task_info.h"

/* Nothing reads these: they keep the structs in the object's BTF. */
const struct tcp_connect_event *tcp_connect_event_btf;
const struct tcp_connect_result_event *tcp_connect_result_event_btf;
const struct tcp_accept_event *tcp_accept_event_btf;
const struct tcp_close_event *tcp_close_event_btf;
const struct udp_send_event *udp_send_event_btf;
const struct udp_receive_event *udp_receive_event_btf;
const struct socket_bind_event *socket_bind_event_btf;
const struct socket_listen_event *socket_listen_event_btf;

struct connection {
	struct event_header header; /* of who connected or accepted */
	struct socket_addresses addresses;
	enum direction direction;
	bool established;
	bool fin_sent; /* or about to be: it has its number among the bytes */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CONNECTIONS_MAX);
	__type(key, struct sock *);
	__type(value, struct connection);
} connections SEC(".maps");

/* To begin an entry of that map with: it is too large for the stack. */
const struct connection no_connection;

#define SOCK_DONE    1 /* bit of sk_flags: the peer's FIN has come */
#define ECONNABORTED 103

static __always_inline void parts_fill(struct event_header *header,
				       struct socket_addresses *addresses,
				       const struct connection *connection, enum event_type type)
{
	*header = connection->header;
	header->type = type;
	*addresses = connection->addresses;
}

/* Remember a connection of the current task's, or count it as lost. */
static __always_inline struct connection *connection_begin(struct sock *sk,
							   enum direction direction)
{
	struct connection *connection;

	if (bpf_map_update_elem(&connections, &sk, &no_connection, BPF_ANY)) {
		count_event(false);
		return NULL;
	}
	connection = bpf_map_lookup_elem(&connections, &sk);
	if (!connection)
		return NULL;
	header_fill(&connection->header, 0); /* parts_fill() says which event */
	socket_fill(&connection->addresses, sk);
	connection->direction = direction;
	connection->established = direction == DIRECTION_INBOUND;
	return connection;
}

/* Called with all addresses and the port chosen, also for TCP Fast Open and IPv4 by IPv6 sockets. */
HOOK_ENTRY(network_tcp_connect, tcp_connect)
{
	struct sock *sk = (struct sock *)ctx[0];
	struct connection *connection = connection_begin(sk, DIRECTION_OUTBOUND);
	struct tcp_connect_event *event;

	if (!connection)
		return 0;
	event = EVENT_RESERVE(struct tcp_connect_event);
	if (!event)
		return 0;
	parts_fill((struct event_header *)event, (struct socket_addresses *)&event->family,
		   connection, EVENT_TCP_CONNECT);
	event_submit(event);
	return 0;
}

static __always_inline void result_send(const struct connection *connection, __u32 error)
{
	struct tcp_connect_result_event *event = EVENT_RESERVE(struct tcp_connect_result_event);

	if (!event)
		return;
	parts_fill((struct event_header *)event, (struct socket_addresses *)&event->family,
		   connection, EVENT_TCP_CONNECT_RESULT);
	event->ts_ns = bpf_ktime_get_boot_ns();
	event->error = error;
	event_submit(event);
}

/* (sk, old, new), states as the kernel and bpf.h have them; mostly in the middle of another task. */
HOOK_TRACEPOINT(network_tcp_state, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)ctx[0];
	int state = ctx[2];
	struct connection *connection = bpf_map_lookup_elem(&connections, &sk);

	if (!connection)
		return 0;
	if (connection->established) {
		if (state == BPF_TCP_FIN_WAIT1 || state == BPF_TCP_LAST_ACK)
			connection->fin_sent = true;
	} else if (state == BPF_TCP_ESTABLISHED) {
		connection->established = true;
		result_send(connection, 0);
	} else if (state != BPF_TCP_SYN_SENT && state != BPF_TCP_SYN_RECV) {
		result_send(connection, BPF_CORE_READ(sk, sk_err) ?: ECONNABORTED);
		bpf_map_delete_elem(&connections, &sk);
	}
	return 0;
}

/* (sk, socket): an accepted connection gets its socket. */
HOOK_LSM_ENTRY(network_tcp_accept, sock_graft)
{
	struct sock *sk = (struct sock *)ctx[0];
	struct connection *connection;
	struct tcp_accept_event *event;

	if (!socket_is_internet(sk) || BPF_CORE_READ(sk, sk_protocol) != PROTOCOL_TCP)
		return 0;
	connection = connection_begin(sk, DIRECTION_INBOUND);
	if (!connection)
		return 0;
	event = EVENT_RESERVE(struct tcp_accept_event);
	if (!event)
		return 0;
	parts_fill((struct event_header *)event, (struct socket_addresses *)&event->family,
		   connection, EVENT_TCP_ACCEPT);
	event_submit(event);
	return 0;
}

/*
 * Bytes by sequence numbers: of each number from the first acknowledged one to the last one given
 * to a byte, SYN and FIN have one each. (An accepted connection's SYN was acknowledged before there
 * was a socket to count it.)
 */
static __always_inline __u64 bytes_sent(const struct tcp_sock *tcp,
					const struct connection *connection)
{
	__u64 sent = BPF_CORE_READ(tcp, bytes_acked);

	sent += (__u32)(BPF_CORE_READ(tcp, write_seq) - BPF_CORE_READ(tcp, snd_una));
	sent -= connection->direction == DIRECTION_OUTBOUND;
	return sent - connection->fin_sent;
}

static __always_inline int connection_end(struct sock *sk)
{
	struct connection *connection = bpf_map_lookup_elem(&connections, &sk);
	struct tcp_sock *tcp = (struct tcp_sock *)sk;
	struct tcp_close_event *event;

	if (!connection)
		return 0;
	if (!connection->established) {
		result_send(connection, ECONNABORTED);
		goto out;
	}
	event = EVENT_RESERVE(struct tcp_close_event);
	if (!event)
		goto out;
	header_fill((struct event_header *)event, EVENT_TCP_CLOSE);
	*(struct socket_addresses *)&event->family = connection->addresses;
	event->direction = connection->direction;
	event->sent = bytes_sent(tcp, connection);
	event->received = BPF_CORE_READ(tcp, bytes_received) -
			  (BPF_CORE_READ(sk, __sk_common.skc_flags) >> SOCK_DONE & 1);
	event_submit(event);
out:
	bpf_map_delete_elem(&connections, &sk);
	return 0;
}

HOOK_ENTRY(network_tcp_close, tcp_close)
{
	return connection_end((struct sock *)ctx[0]);
}

/* connect() to AF_UNSPEC: the socket lives on. */
HOOK_ENTRY(network_tcp_disconnect, tcp_disconnect)
{
	return connection_end((struct sock *)ctx[0]);
}

/* For those that come to their end in another way, such as the kernel's own. */
HOOK_TRACEPOINT(network_tcp_destroy, tcp_destroy_sock)
{
	struct sock *sk = (struct sock *)ctx[0];

	bpf_map_delete_elem(&connections, &sk);
	return 0;
}

/* (sk, msg, len) */
static __always_inline int udp_send(struct call call)
{
	struct sock *sk = (struct sock *)call.args[0];
	struct msghdr *msg = (struct msghdr *)call.args[1];
	int sent = CALL_RESULT(call, 3);
	struct udp_send_event *event;
	void *name;

	if (sent < 0)
		return 0;
	event = EVENT_RESERVE(struct udp_send_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_UDP_SEND);
	socket_fill((struct socket_addresses *)&event->family, sk);
	name = BPF_CORE_READ(msg, msg_name);
	if (name)
		remote_fill((struct socket_addresses *)&event->family, name);
	event->size = sent;
	event_submit(event);
	return 0;
}

HOOK_RETURN(network_udp_send, udp_sendmsg)
{
	struct sock *sk = (struct sock *)call.args[0];

	/* udpv6_sendmsg calls this for IPv4. */
	if (BPF_CORE_READ(sk, __sk_common.skc_family) != FAMILY_IPV4)
		return 0;
	return udp_send(call);
}

HOOK_RETURN(network_udp6_send, udpv6_sendmsg)
{
	return udp_send(call);
}

/*
 * (sk, skb, len): a datagram has been read, or (len < 0) looked at. One without data that is looked
 * at has another owner: the socket's queue.
 */
HOOK_ENTRY(network_udp_receive, skb_consume_udp)
{
	struct sock *sk = (struct sock *)ctx[0];
	struct sk_buff *skb = (struct sk_buff *)ctx[1];
	int len = ctx[2];
	struct udp_receive_event *event;

	if (len < 0 || (len == 0 && BPF_CORE_READ(skb, users.refs.counter) > 1))
		return 0;
	event = EVENT_RESERVE(struct udp_receive_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_UDP_RECEIVE);
	socket_fill((struct socket_addresses *)&event->family, sk);
	datagram_fill((struct socket_addresses *)&event->family, skb);
	event->size = BPF_CORE_READ(skb, len);
	event_submit(event);
	return 0;
}

/* (socket, address, len) */
static __always_inline int bind_send(struct call call)
{
	struct socket *socket = (struct socket *)call.args[0];
	struct sock *sk = BPF_CORE_READ(socket, sk);
	__u16 protocol = BPF_CORE_READ(sk, sk_protocol);
	struct socket_bind_event *event;

	/* Of others the port is none. */
	if ((int)CALL_RESULT(call, 3) || (protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP))
		return 0;
	event = EVENT_RESERVE(struct socket_bind_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_SOCKET_BIND);
	socket_fill((struct socket_addresses *)&event->family, sk);
	event->protocol = protocol;
	event_submit(event);
	return 0;
}

HOOK_RETURN(network_bind, inet_bind)
{
	return bind_send(call);
}

HOOK_RETURN(network_bind6, inet6_bind)
{
	return bind_send(call);
}

/* (socket, backlog) */
HOOK_RETURN(network_listen, inet_listen)
{
	struct socket *socket = (struct socket *)call.args[0];
	struct sock *sk = BPF_CORE_READ(socket, sk);
	struct socket_listen_event *event;

	if ((int)CALL_RESULT(call, 2))
		return 0;
	event = EVENT_RESERVE(struct socket_listen_event);
	if (!event)
		return 0;
	header_fill((struct event_header *)event, EVENT_SOCKET_LISTEN);
	socket_fill((struct socket_addresses *)&event->family, sk);
	event->backlog = BPF_CORE_READ(sk, sk_max_ack_backlog);
	event_submit(event);
	return 0;
}

HOOK_CALLS_FORGET(network_listen)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
