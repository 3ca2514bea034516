// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/* Sends itself COUNT packets of UDP over the loopback interface, and receives them. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "generator.h"

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	int from = socket(AF_INET, SOCK_DGRAM, 0), to = socket(AF_INET, SOCK_DGRAM, 0);
	char byte = 'x';

	if (count < 1) {
		fprintf(stderr, "Usage: send_packets COUNT\n");
		return 2;
	}
	if (from < 0 || to < 0)
		die("socket: %m");
	if (bind(to, (struct sockaddr *)&address, len) ||
	    getsockname(to, (struct sockaddr *)&address, &len))
		die("bind: %m");
	for (long i = 0; i < count; i++) {
		if (sendto(from, &byte, 1, 0, (struct sockaddr *)&address, len) != 1)
			die("sendto: %m");
		if (recv(to, &byte, 1, 0) != 1)
			die("recv: %m");
	}
	truth_number("port", ntohs(address.sin_port));
	truth_number("count", (uint64_t)count);
	truth_print();
	return 0;
}
