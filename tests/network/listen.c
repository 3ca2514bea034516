// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Binds sockets, and listens.
 *
 * listen ENDS
 *   A TCP socket is bound to the server's address, another one to the same in vain. The first listens
 *   twice, with a backlog of 7, and of more than the kernel takes; the other is connected to it, and
 *   listens in vain. A UDP socket is bound, too.
 */
#include <errno.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "generator.h"
#include "generator_socket.h"

/* Of a socket that listens the kernel says in these fields how many wait, and may wait. */
static uint64_t backlog_of(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		die("TCP_INFO: %m");
	return info.tcpi_sacked;
}

int main(int argc, char **argv)
{
	const struct ends *ends = ends_find(argc > 1 ? argv[1] : "");
	struct sockaddr_storage address;
	int tcp, other, udp;
	socklen_t len;

	private_network();
	tcp = socket_make(ends->server_family, SOCK_STREAM);
	other = socket_make(ends->server_family, SOCK_STREAM);
	udp = socket_make(ends->server_family, SOCK_DGRAM);
	socket_bind(tcp, ends->server_family, ends->server, 0);
	len = address_make(&address, ends->server_family, ends->server, socket_port(tcp));
	if (listen(tcp, 7))
		die("listen: %m");
	truth_number("backlog", backlog_of(tcp));
	if (bind(other, (struct sockaddr *)&address, len) != -1 || errno != EADDRINUSE)
		die("bind to a port in use: %m");
	/* To all addresses is to the loopback one. */
	if (connect(other, (struct sockaddr *)&address, len))
		die("connect: %m");
	if (listen(other, 1) != -1 || errno != EINVAL)
		die("listen when connected: %m");
	if (listen(tcp, INT_MAX))
		die("listen again: %m");
	truth_number("most", backlog_of(tcp));
	socket_bind(udp, ends->server_family, ends->server, 0);
	truth_socket("tcp", tcp);
	truth_socket("udp", udp);
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
