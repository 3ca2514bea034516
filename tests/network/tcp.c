// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * A TCP connection on the loopback interface, from its beginning to its end.
 *
 * tcp ENDS COURSE, where ENDS is ipv4, ipv6, mapped or mixed (generator_socket.h), and COURSE
 *   exchange     the client sends 5 bytes, the server 1000; the client closes first
 *   nothing      no byte is sent
 *   half_close   the client sends 3 bytes and its end; then the server 4 and its own
 *   reset        the client sends 6 bytes and resets the connection
 *   unread       the client sends 9 bytes; the server closes without reading them
 *   unsent       the client sends more than the server takes, then its end, and closes; the server reads it all
 *   refused      the client sends more than the server takes; the server closes without reading it
 *   late_accept  the client sends 7 bytes and closes before the server accepts
 *   large        both send 1 MiB; the server is a child, and exits without closing anything
 *   reconnect    the client sends 3 bytes, dissolves the connection, connects again and sends 4
 *   namespace    as exchange, in a network namespace in which no task is any more
 *   veth         as exchange, from one such namespace to another
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "generator.h"
#include "generator_socket.h"

#define LARGE (1 << 20)

static const struct ends *ends;
static int listener, client, server;

static void listener_make(void)
{
	listener = socket_make(ends->server_family, SOCK_STREAM);
	socket_bind(listener, ends->server_family, ends->server, 0);
	if (listen(listener, 5))
		die("listen: %m");
}

static void client_connect(void)
{
	struct sockaddr_storage address;
	socklen_t len =
		address_make(&address, ends->client_family, ends->client, socket_port(listener));

	if (connect(client, (struct sockaddr *)&address, len))
		die("connect: %m");
}

static void server_accept(void)
{
	server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (server < 0)
		die("accept: %m");
}

static void open_both(void)
{
	client = socket_make(ends->client_family, SOCK_STREAM);
	client_connect();
	server_accept();
	truth_socket("client", client);
	truth_socket("server", server);
}

static void send_bytes(int fd, size_t count)
{
	static const char bytes[LARGE];

	if (send(fd, bytes, count, MSG_NOSIGNAL) != (ssize_t)count)
		die("send %zu bytes: %m", count);
}

static void receive_bytes(int fd, size_t count)
{
	static char bytes[LARGE];

	if (recv(fd, bytes, count, MSG_WAITALL) != (ssize_t)count)
		die("receive %zu bytes: %m", count);
}

static void receive_end(int fd)
{
	char byte;

	if (recv(fd, &byte, 1, 0) != 0)
		die("receive the peer's end: %m");
}

static void receive_reset(int fd)
{
	struct pollfd reset = { .fd = fd };
	char byte;

	/* It may be on its way; POLLERR and POLLHUP need not be asked for. */
	while (!(reset.revents & POLLERR)) {
		if (poll(&reset, 1, -1) != 1)
			die("poll: %m");
	}
	if (recv(fd, &byte, 1, 0) != -1 || errno != ECONNRESET)
		die("no reset: %m");
}

static void close_both(void)
{
	close(client);
	receive_end(server);
	close(server);
}

static void run_nothing(void)
{
	open_both();
	close_both();
}

static void exchange(void)
{
	send_bytes(client, 5);
	receive_bytes(server, 5);
	send_bytes(server, 1000);
	receive_bytes(client, 1000);
	close_both();
}

static void run_exchange(void)
{
	open_both();
	exchange();
}

static void run_half_close(void)
{
	open_both();
	send_bytes(client, 3);
	if (shutdown(client, SHUT_WR))
		die("shutdown: %m");
	receive_bytes(server, 3);
	receive_end(server);
	send_bytes(server, 4);
	if (shutdown(server, SHUT_WR))
		die("shutdown: %m");
	receive_bytes(client, 4);
	receive_end(client);
	close(server);
	close(client);
}

static void run_reset(void)
{
	static const struct linger none = { .l_onoff = 1 };

	open_both();
	send_bytes(client, 6);
	receive_bytes(server, 6);
	if (setsockopt(client, SOL_SOCKET, SO_LINGER, &none, sizeof(none)))
		die("SO_LINGER: %m");
	close(client);
	receive_reset(server);
	close(server);
}

static void run_unread(void)
{
	char bytes[9];

	open_both();
	send_bytes(client, sizeof(bytes));
	if (recv(server, bytes, sizeof(bytes), MSG_PEEK | MSG_WAITALL) != sizeof(bytes))
		die("peek: %m");
	close(server);
	receive_reset(client);
	close(client);
}

/* As much as there is room for between the two: it neither waits nor is all of it on its way. */
static void send_until_full(void)
{
	static const char bytes[LARGE];
	uint64_t total = 0;
	ssize_t sent;

	while ((sent = send(client, bytes, sizeof(bytes), MSG_DONTWAIT | MSG_NOSIGNAL)) > 0)
		total += (uint64_t)sent;
	if (errno != EAGAIN || total == 0)
		die("send until full: %m");
	truth_number("sent", total);
}

static uint64_t bytes_waiting(int fd)
{
	int bytes;

	if (ioctl(fd, SIOCINQ, &bytes))
		die("SIOCINQ: %m");
	return (uint64_t)bytes;
}

static void run_unsent(void)
{
	static char bytes[LARGE];
	ssize_t received;

	open_both();
	send_until_full();
	if (shutdown(client, SHUT_WR))
		die("shutdown: %m");
	close(client);
	while ((received = recv(server, bytes, sizeof(bytes), 0)) > 0)
		;
	if (received < 0)
		die("receive: %m");
	close(server);
}

static void run_refused(void)
{
	open_both();
	send_until_full();
	truth_number("received", bytes_waiting(server));
	close(server);
	receive_reset(client);
	close(client);
}

static void run_late_accept(void)
{
	client = socket_make(ends->client_family, SOCK_STREAM);
	client_connect();
	truth_socket("client", client);
	send_bytes(client, 7);
	close(client);
	server_accept();
	truth_socket("server", server);
	receive_bytes(server, 7);
	receive_end(server);
	close(server);
}

static void run_large(void)
{
	pid_t child;

	open_both();
	child = fork_or_die();
	if (child == 0) {
		close(client);
		receive_bytes(server, LARGE);
		send_bytes(server, LARGE);
		_exit(0);
	}
	close(server);
	send_bytes(client, LARGE);
	receive_bytes(client, LARGE);
	receive_end(client);
	expect_exit(child, 0);
	close(client);
	truth_number("server_pid", (uint64_t)child);
}

static void run_reconnect(void)
{
	static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	int first;

	open_both();
	first = server;
	send_bytes(client, 3);
	receive_bytes(first, 3);
	if (connect(client, &nobody, sizeof(nobody)))
		die("connect to nobody: %m");
	receive_reset(first);
	close(first);
	client_connect();
	server_accept();
	truth_socket("client_again", client);
	send_bytes(client, 4);
	receive_bytes(server, 4);
	close_both();
}

static int namespace_open(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		die("open /proc/self/ns/net: %m");
	return fd;
}

static void namespace_enter(int fd)
{
	if (setns(fd, CLONE_NEWNET))
		die("enter a network namespace: %m");
}

static void run_namespace(void)
{
	int home = namespace_open();

	close(listener);
	private_network();
	listener_make();
	client = socket_make(ends->client_family, SOCK_STREAM);
	namespace_enter(home);
	client_connect();
	server_accept();
	truth_socket("client", client);
	truth_socket("server", server);
	exchange();
}

static void run_veth(void)
{
	int home = namespace_open(), client_side, server_side;

	close(listener);
	ends = ends_find("veth");
	private_network();
	server_side = namespace_open();
	private_network();
	client_side = namespace_open();
	veth_make("client", "server", server_side);
	device_up("client", "192.0.2.2");
	client = socket_make(ends->client_family, SOCK_STREAM);
	namespace_enter(server_side);
	device_up("server", ends->server);
	device_wait("server");
	listener_make();
	namespace_enter(client_side);
	device_wait("client");
	namespace_enter(home);
	client_connect();
	server_accept();
	truth_socket("client", client);
	truth_socket("server", server);
	exchange();
}

static const struct course {
	const char *name;
	void (*run)(void);
} courses[] = {
	{ "nothing", run_nothing },	  { "exchange", run_exchange },
	{ "half_close", run_half_close }, { "reset", run_reset },
	{ "unread", run_unread },	  { "unsent", run_unsent },
	{ "refused", run_refused },	  { "late_accept", run_late_accept },
	{ "large", run_large },		  { "reconnect", run_reconnect },
	{ "namespace", run_namespace },	  { "veth", run_veth },
};

int main(int argc, char **argv)
{
	const struct course *course;

	if (argc != 3)
		die("usage: tcp ENDS COURSE");
	ends = ends_find(argv[1]);
	course = FIND_MODE(courses, argv[2]);
	listener_make();
	course->run();
	truth_number("pid", (uint64_t)getpid());
	truth_namespaces("namespaces", getpid());
	truth_print();
	return 0;
}
