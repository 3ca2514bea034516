/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by generators with sockets. */
#ifndef GENERATOR_SOCKET_H
#define GENERATOR_SOCKET_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/* Two ends: addresses that they may have, each with its family. */
struct ends {
	const char *name;
	const char *client; /* the address of the server's that the client knows */
	const char *server; /* the address that the server binds */
	int client_family, server_family;
};

/*
 * On the loopback interface: ipv4, ipv6; mapped: IPv4 by IPv6 sockets; mixed: an IPv4 client of an
 * IPv6 server. veth: on devices that device_up() has yet to give them to. Dies.
 */
const struct ends *ends_find(const char *name);

/* A socket of `family` and `type` (SOCK_STREAM, SOCK_DGRAM). */
int socket_make(int family, int type);
/* An address; text is of the family's kind. */
socklen_t address_make(struct sockaddr_storage *to, int family, const char *text, uint16_t port);
/* Bind to an address; port 0: one that is free. */
void socket_bind(int fd, int family, const char *text, uint16_t port);
uint16_t socket_port(int fd);

/*
 * A group of the kernel's view of a socket: family, net_namespace, and in the groups local and
 * remote ipv4, ipv6, port, as in the events' struct endpoint. No peer: all zeroes.
 */
void truth_socket(const char *group, int fd);

/* A group with ipv4, ipv6, port; of the other family: zeroes. */
void truth_address(const char *group, const struct sockaddr_storage *address);

/* A network namespace of our own with lo up. */
void private_network(void);
/* A pair of veth devices, one in the network namespace that we are in, one in another. */
void veth_make(const char *name, const char *peer, int peer_namespace);
/* Give a device of this namespace an IPv4 address. It can be used when its peer is up as well. */
void device_up(const char *name, const char *address);
/* Wait until it can be used. */
void device_wait(const char *name);

#endif
