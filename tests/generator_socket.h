/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What generators with sockets have in common. */
#ifndef GENERATOR_SOCKET_H
#define GENERATOR_SOCKET_H

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>

/* Two ends on the loopback interface: addresses that they may have, each with its family. */
struct ends {
	const char *name;
	const char *client; /* the address of the server's that the client knows */
	const char *server; /* the address that the server binds */
	int client_family, server_family;
};

/* ipv4, ipv6; mapped: IPv4 by IPv6 sockets; mixed: an IPv4 client of an IPv6 server. Dies. */
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

#endif
