// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * connect_many COUNT: so many TCP connections in all, as fast as it can, a thread on each CPU that
 * is both ends. $made is how many events that makes: five a connection (connect, its result, accept
 * and two closes), and bind and listen in each thread.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "generator.h"

static long each;

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket: %m");
	return fd;
}

static void *connect_here(void *unused)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *to = (struct sockaddr *)&address;
	socklen_t len = sizeof(address);
	int listener = tcp_socket();

	(void)unused;
	if (bind(listener, to, len) || listen(listener, 8) || getsockname(listener, to, &len))
		die("listen: %m");
	for (long i = 0; i < each; i++) {
		int client = tcp_socket(), server;

		if (connect(client, to, len))
			die("connect: %m");
		server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (server < 0)
			die("accept: %m");
		close(client);
		close(server);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0, cpus = sysconf(_SC_NPROCESSORS_ONLN);
	pthread_t *threads = calloc((size_t)cpus, sizeof(*threads));

	if (count < 1 || !threads)
		die("how many?");
	each = (count + cpus - 1) / cpus;
	for (long i = 0; i < cpus; i++) {
		if (pthread_create(&threads[i], NULL, connect_here, NULL))
			die("start a thread");
	}
	for (long i = 0; i < cpus; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	truth_number("made", (uint64_t)((5 * each + 2) * cpus));
	truth_print();
	return 0;
}
