/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The records about sockets, as in events.h. */
#ifndef NETWORK_EVENTS_H
#define NETWORK_EVENTS_H

#include <linux/in.h>
#include <linux/in6.h>

#include "events.h"

enum socket_family { FAMILY_IPV4 = 2, FAMILY_IPV6 = 10 };
enum socket_protocol { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17 };
enum direction { DIRECTION_OUTBOUND, DIRECTION_INBOUND };

/* The address in the field of the socket's family; the other field is all zeroes. */
struct endpoint {
	struct in_addr ipv4;
	struct in6_addr ipv6; /* of an IPv6 socket that speaks IPv4: ::ffff:a.b.c.d */
	__u16 port;
};

struct socket_addresses {
	enum socket_family family; /* the socket's */
	__u32 net_namespace;	   /* the socket's, which need not be the task's */
	struct endpoint local, remote;
};

/* A connection is begun: what follows is the first packet. */
struct tcp_connect_event {
	struct event_header;
	struct socket_addresses;
};

/* The result of the attempt. `task` and `cred` are as in tcp_connect, `ts_ns` is now. */
struct tcp_connect_result_event {
	struct event_header;
	struct socket_addresses;
	__u32 error; /* 0: there is a connection; ECONNREFUSED, ETIMEDOUT, ... */
};

struct tcp_accept_event {
	struct event_header;
	struct socket_addresses;
};

/* The last file descriptor of a connection is closed, or the connection dissolved. */
struct tcp_close_event {
	struct event_header;
	struct socket_addresses;
	enum direction direction; /* outbound: by connect; inbound: by accept */
	__u64 sent;		  /* bytes that were written, received by the peer or not */
	__u64 received;		  /* bytes that have come, read or not */
};

struct udp_send_event {
	struct event_header;
	struct socket_addresses;
	__u32 size; /* of the data */
};

/* A datagram is read; `local` is where it was sent to. */
struct udp_receive_event {
	struct event_header;
	struct socket_addresses;
	__u32 size; /* of the datagram's data, even if not all was asked for */
};

/* A socket has got an address, by bind(). */
struct socket_bind_event {
	struct event_header;
	struct socket_addresses;
	enum socket_protocol protocol;
};

struct socket_listen_event {
	struct event_header;
	struct socket_addresses;
	__u32 backlog; /* the kernel's limit on it applied */
};

#endif
