// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * Tries to connect by TCP, then does it.
 *
 * connect ENDS WAY, where ENDS is as in tcp.c, and WAY
 *   refused            nobody listens
 *   refused_later      nobody listens, and the socket is one that does not wait
 *   refused_by_another the same, but the answer is a packet that another task makes
 *   unanswered         the listener's queue is full; the socket does not wait, and is closed
 *   nowhere            there is no route
 *   later              the socket does not wait; somebody listens
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "generator.h"
#include "generator_socket.h"

static const struct ends *ends;
static int listener, deaf;

/* With a port of its own, as after a failure the kernel does not know any more which it was. */
static int client_make(int flags)
{
	int fd = socket_make(ends->client_family, SOCK_STREAM | flags);

	socket_bind(fd, ends->client_family, ends->client, 0);
	return fd;
}

/* Returns 0 or the error. */
static int try_connect(int fd, const char *text, uint16_t port)
{
	struct sockaddr_storage address;
	socklen_t len = address_make(&address, ends->client_family, text, port);

	return connect(fd, (struct sockaddr *)&address, len) ? errno : 0;
}

static void expect_error(int got, int want)
{
	errno = got;
	if (got != want)
		die("connect: error %d (%m), want %d", got, want);
}

/* The result of a non-blocking connect. */
static int outcome(int fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	socklen_t len = sizeof(int);
	int error;

	if (poll(&ready, 1, -1) != 1 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		die("outcome of connect: %m");
	return error;
}

static void refused(void)
{
	int fd = client_make(0);

	truth_socket("attempt", fd);
	expect_error(try_connect(fd, ends->client, socket_port(deaf)), ECONNREFUSED);
	close(fd);
}

static void refused_later(void)
{
	int fd = client_make(SOCK_NONBLOCK);

	truth_socket("attempt", fd);
	expect_error(try_connect(fd, ends->client, socket_port(deaf)), EINPROGRESS);
	expect_error(outcome(fd), ECONNREFUSED);
	close(fd);
}

static void unanswered(void)
{
	int first = client_make(0), fd = client_make(SOCK_NONBLOCK);

	if (listen(deaf, 0))
		die("listen: %m");
	expect_error(try_connect(first, ends->client, socket_port(deaf)), 0);
	truth_socket("attempt", fd);
	expect_error(try_connect(fd, ends->client, socket_port(deaf)), EINPROGRESS);
	close(fd);
}

/* The number of the next byte that it would send: only a socket that is under repair says so. */
static uint32_t next_number(int fd)
{
	static const struct {
		int option, value;
	} begin[] = { { TCP_REPAIR, TCP_REPAIR_ON }, { TCP_REPAIR_QUEUE, TCP_SEND_QUEUE } };
	static const int end = TCP_REPAIR_OFF_NO_WP;
	socklen_t len = sizeof(uint32_t);
	uint32_t number;

	for (size_t i = 0; i < ARRAY_SIZE(begin); i++) {
		if (setsockopt(fd, IPPROTO_TCP, begin[i].option, &begin[i].value, sizeof(int)))
			die("begin a repair: %m");
	}
	if (getsockopt(fd, IPPROTO_TCP, TCP_QUEUE_SEQ, &number, &len) ||
	    setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &end, sizeof(end)))
		die("TCP_QUEUE_SEQ: %m");
	return number;
}

/* Over a header and what of IP's belongs to it, in network order (RFC 9293, 3.1). */
static uint16_t checksum(const struct tcphdr *tcp)
{
	struct {
		uint32_t from, to;
		uint16_t protocol, len;
		struct tcphdr tcp;
	} packet = { htonl(INADDR_LOOPBACK), htonl(INADDR_LOOPBACK), htons(IPPROTO_TCP),
		     htons(sizeof(*tcp)), *tcp };
	uint16_t words[sizeof(packet) / 2];
	uint32_t sum = 0;

	memcpy(words, &packet, sizeof(packet));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		sum += words[i];
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t) ~(sum + (sum >> 16));
}

static void send_reset(uint16_t from, uint16_t to, uint32_t number)
{
	struct tcphdr reset = {
		.source = htons(from),
		.dest = htons(to),
		.ack_seq = htonl(number),
		.doff = sizeof(reset) / 4,
		.rst = 1,
		.ack = 1,
	};
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_TCP);
	struct sockaddr_storage address;
	socklen_t len = address_make(&address, AF_INET, "127.0.0.1", 0);

	reset.check = checksum(&reset);
	if (fd < 0 ||
	    sendto(fd, &reset, sizeof(reset), 0, (struct sockaddr *)&address, len) != sizeof(reset))
		die("send a reset: %m");
	close(fd);
}

static void refused_by_another(void)
{
	int first = client_make(0), fd = client_make(SOCK_NONBLOCK);
	uint32_t number;
	pid_t child;

	if (listen(deaf, 0))
		die("listen: %m");
	expect_error(try_connect(first, ends->client, socket_port(deaf)), 0);
	truth_socket("attempt", fd);
	expect_error(try_connect(fd, ends->client, socket_port(deaf)), EINPROGRESS);
	number = next_number(fd);
	child = fork_or_die();
	if (child == 0) {
		send_reset(socket_port(deaf), socket_port(fd), number);
		_exit(0);
	}
	expect_exit(child, 0);
	expect_error(outcome(fd), ECONNREFUSED);
	close(fd);
}

static void nowhere(void)
{
	int fd = socket_make(ends->client_family, SOCK_STREAM);

	truth_socket("attempt", fd);
	/* For documentation only, and in this namespace there is no way out. */
	expect_error(try_connect(fd, ends->client_family == AF_INET ? "192.0.2.1" : "2001:db8::1",
				 9),
		     ENETUNREACH);
	close(fd);
}

static void later(void)
{
	int fd = client_make(SOCK_NONBLOCK);

	expect_error(try_connect(fd, ends->client, socket_port(listener)), EINPROGRESS);
	expect_error(outcome(fd), 0);
	truth_socket("attempt", fd);
	close(fd);
}

static const struct way {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "refused", refused },
	{ "refused_by_another", refused_by_another },
	{ "refused_later", refused_later },
	{ "unanswered", unanswered },
	{ "nowhere", nowhere },
	{ "later", later },
};

int main(int argc, char **argv)
{
	const struct way *way;
	int fd;

	if (argc != 3)
		die("usage: connect ENDS WAY");
	ends = ends_find(argv[1]);
	way = FIND_MODE(ways, argv[2]);
	private_network();
	listener = socket_make(ends->server_family, SOCK_STREAM);
	socket_bind(listener, ends->server_family, ends->server, 0);
	if (listen(listener, 5))
		die("listen: %m");
	deaf = socket_make(ends->server_family, SOCK_STREAM);
	socket_bind(deaf, ends->server_family, ends->server, 0);
	way->run();
	fd = client_make(0);
	expect_error(try_connect(fd, ends->client, socket_port(listener)), 0);
	truth_socket("last", fd);
	close(fd);
	truth_number("pid", (uint64_t)getpid());
	truth_number("deaf_port", socket_port(deaf));
	truth_print();
	return 0;
}
