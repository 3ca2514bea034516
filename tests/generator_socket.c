/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sockets: made, and as the kernel sees them. */
#include "generator_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "generator.h"

#ifndef SIOCGSKNS /* a descriptor of the socket's network namespace */
#define SIOCGSKNS 0x894C
#endif

static const struct ends all_ends[] = {
	{ "ipv4", "127.0.0.1", "127.0.0.1", AF_INET, AF_INET },
	{ "ipv6", "::1", "::1", AF_INET6, AF_INET6 },
	{ "mapped", "::ffff:127.0.0.1", "::ffff:127.0.0.1", AF_INET6, AF_INET6 },
	{ "mixed", "127.0.0.1", "::", AF_INET, AF_INET6 },
	{ "veth", "192.0.2.1", "192.0.2.1", AF_INET, AF_INET },
};

const struct ends *ends_find(const char *name)
{
	return FIND_MODE(all_ends, name);
}

int socket_make(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket: %m");
	return fd;
}

socklen_t address_make(struct sockaddr_storage *to, int family, const char *text, uint16_t port)
{
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	to->ss_family = (sa_family_t)family;
	/* The port is in the same place in both. */
	ipv4->sin_port = htons(port);
	if (inet_pton(family, text,
		      family == AF_INET ? (void *)&ipv4->sin_addr : (void *)&ipv6->sin6_addr) != 1)
		die("%s: no address of family %d", text, family);
	return family == AF_INET ? sizeof(*ipv4) : sizeof(*ipv6);
}

void socket_bind(int fd, int family, const char *text, uint16_t port)
{
	struct sockaddr_storage address;
	socklen_t len = address_make(&address, family, text, port);

	if (bind(fd, (struct sockaddr *)&address, len))
		die("bind %s port %u: %m", text, port);
}

uint16_t socket_port(int fd)
{
	struct sockaddr_storage address;
	socklen_t len = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &len))
		die("getsockname: %m");
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

void truth_address(const char *group, const struct sockaddr_storage *address)
{
	const struct sockaddr_in6 *ipv6 = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)address;
	char text[INET6_ADDRSTRLEN];

	truth_open(group);
	truth_text("ipv4", address->ss_family == AF_INET ?
				   inet_ntop(AF_INET, &ipv4->sin_addr, text, sizeof(text)) :
				   "0.0.0.0");
	truth_text("ipv6", address->ss_family == AF_INET6 ?
				   inet_ntop(AF_INET6, &ipv6->sin6_addr, text, sizeof(text)) :
				   "::");
	truth_number("port", ntohs(ipv4->sin_port));
	truth_close();
}

static uint64_t socket_namespace(int fd)
{
	int namespace = ioctl(fd, SIOCGSKNS);
	struct stat status;

	if (namespace < 0 || fstat(namespace, &status))
		die("network namespace of a socket: %m");
	close(namespace);
	return status.st_ino;
}

void truth_socket(const char *group, int fd)
{
	struct sockaddr_storage address = { 0 };
	socklen_t len = sizeof(address);

	truth_open(group);
	if (getsockname(fd, (struct sockaddr *)&address, &len))
		die("getsockname: %m");
	truth_number("family", address.ss_family);
	truth_number("net_namespace", socket_namespace(fd));
	truth_address("local", &address);
	memset(&address, 0, sizeof(address));
	len = sizeof(address);
	if (getpeername(fd, (struct sockaddr *)&address, &len) && errno != ENOTCONN)
		die("getpeername: %m");
	truth_address("remote", &address);
	truth_close();
}

void private_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET))
		die("unshare the network namespace: %m");
	fd = socket_make(AF_INET, SOCK_DGRAM);
	if (ioctl(fd, SIOCSIFFLAGS, &request))
		die("bring lo up: %m");
	close(fd);
}
