// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * UDP datagrams on the loopback interface.
 *
 * udp ENDS WAY, where ENDS is as in tcp.c, and WAY
 *   talk       the client sends 5 bytes, and gets 9
 *   empty      a datagram without data, which is looked at twice before it is read
 *   connected  the client has a peer, and sends 1 to 5 bytes: send, write, sendmsg, sendmmsg of two
 *   cut        of 8 bytes 2 are asked for
 *   failed     a datagram that is too long, and a read when there is none; then one of 1 byte
 *   crossed    an IPv6 socket sends to an IPv4 address
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "generator.h"
#include "generator_socket.h"

static const struct ends *ends;
static int server, client;
static char bytes[1 << 17];

/* To `family`'s form of the address that the client knows. */
static ssize_t client_send(size_t size, int family, const char *text)
{
	struct sockaddr_storage address;
	socklen_t len = address_make(&address, family, text, socket_port(server));

	return sendto(client, bytes, size, 0, (struct sockaddr *)&address, len);
}

static void expect_size(ssize_t got, size_t want)
{
	if (got != (ssize_t)want)
		die("%zd bytes, want %zu: %m", got, want);
}

static void ask_destination(int fd, int family)
{
	static const int yes = 1;

	if (family == AF_INET ? setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &yes, sizeof(yes)) :
				setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof(yes)))
		die("ask for a datagram's destination: %m");
}

static void truth_destination(const struct cmsghdr *control, uint16_t port)
{
	struct sockaddr_storage address = { 0 };
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&address;
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&address;

	ipv4->sin_port = htons(port);
	if (control && control->cmsg_level == IPPROTO_IP) {
		address.ss_family = AF_INET;
		memcpy(&ipv4->sin_addr, CMSG_DATA(control) + offsetof(struct in_pktinfo, ipi_addr),
		       sizeof(ipv4->sin_addr));
	} else if (control && control->cmsg_level == IPPROTO_IPV6) {
		address.ss_family = AF_INET6;
		memcpy(&ipv6->sin6_addr, CMSG_DATA(control), sizeof(ipv6->sin6_addr));
	} else {
		die("no destination with the datagram");
	}
	truth_address("to", &address);
}

/* Receive, and tell from whom and where it was sent to. */
static struct sockaddr_storage receive_told(int fd, size_t size)
{
	struct sockaddr_storage from;
	struct iovec iov = { bytes, sizeof(bytes) };
	_Alignas(struct cmsghdr) char control[64];
	struct msghdr message = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};

	expect_size(recvmsg(fd, &message, 0), size);
	truth_open("received");
	truth_address("from", &from);
	truth_destination(CMSG_FIRSTHDR(&message), socket_port(fd));
	truth_close();
	return from;
}

static void talk(void)
{
	struct sockaddr_storage from;

	ask_destination(server, ends->server_family);
	expect_size(client_send(5, ends->client_family, ends->client), 5);
	from = receive_told(server, 5);
	expect_size(sendto(server, bytes, 9, 0, (struct sockaddr *)&from,
			   ends->server_family == AF_INET ? sizeof(struct sockaddr_in) :
							    sizeof(struct sockaddr_in6)),
		    9);
	expect_size(recv(client, bytes, sizeof(bytes), 0), 9);
}

static void empty(void)
{
	expect_size(client_send(0, ends->client_family, ends->client), 0);
	expect_size(recv(server, bytes, sizeof(bytes), MSG_PEEK), 0);
	expect_size(recv(server, bytes, sizeof(bytes), MSG_PEEK), 0);
	expect_size(recv(server, bytes, sizeof(bytes), 0), 0);
}

static void connected(void)
{
	struct iovec iov[] = { { bytes, 3 }, { bytes, 4 }, { bytes, 5 } };
	struct msghdr message = { .msg_iov = &iov[0], .msg_iovlen = 1 };
	struct mmsghdr messages[] = {
		{ .msg_hdr = { .msg_iov = &iov[1], .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_iov = &iov[2], .msg_iovlen = 1 } },
	};
	struct sockaddr_storage address;
	socklen_t len =
		address_make(&address, ends->client_family, ends->client, socket_port(server));

	if (connect(client, (struct sockaddr *)&address, len))
		die("connect: %m");
	expect_size(send(client, bytes, 1, 0), 1);
	expect_size(write(client, bytes, 2), 2);
	expect_size(sendmsg(client, &message, 0), 3);
	expect_size(sendmmsg(client, messages, 2, 0), 2);
	expect_size(recv(server, bytes, sizeof(bytes), 0), 1);
	expect_size(read(server, bytes, sizeof(bytes)), 2);
	expect_size(recvmsg(server, &message, 0), 3);
	expect_size(recvmmsg(server, messages, 2, 0, NULL), 2);
}

static void cut(void)
{
	expect_size(client_send(8, ends->client_family, ends->client), 8);
	expect_size(recv(server, bytes, 2, MSG_PEEK), 2);
	expect_size(recv(server, bytes, 2, 0), 2);
}

static void failed(void)
{
	if (client_send(sizeof(bytes), ends->client_family, ends->client) != -1 ||
	    errno != EMSGSIZE)
		die("send too much: %m");
	if (recv(server, bytes, 1, MSG_DONTWAIT) != -1 || errno != EAGAIN)
		die("receive nothing: %m");
	expect_size(client_send(1, ends->client_family, ends->client), 1);
	expect_size(recv(server, bytes, 1, 0), 1);
}

static void crossed(void)
{
	ask_destination(server, ends->server_family);
	expect_size(client_send(6, AF_INET, "127.0.0.1"), 6);
	receive_told(server, 6);
}

static const struct way {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "talk", talk }, { "empty", empty },	{ "connected", connected },
	{ "cut", cut },	  { "failed", failed }, { "crossed", crossed },
};

int main(int argc, char **argv)
{
	const struct way *way;

	if (argc != 3)
		die("usage: udp ENDS WAY");
	ends = ends_find(argv[1]);
	way = FIND_MODE(ways, argv[2]);
	private_network();
	server = socket_make(ends->server_family, SOCK_DGRAM);
	socket_bind(server, ends->server_family, ends->server, 0);
	client = socket_make(ends->client_family, SOCK_DGRAM);
	way->run();
	truth_socket("client", client);
	truth_socket("server", server);
	truth_number("pid", (uint64_t)getpid());
	truth_print();
	return 0;
}
